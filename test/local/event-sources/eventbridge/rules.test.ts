import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { type HandOver, startEventInvoker } from '#local/event-sources/eventbridge/async-invoker.ts';
import { sqsEventQueue } from '#local/event-sources/eventbridge/failure-queue.ts';
import { type EventRule, type RuleTarget, startEventRules } from '#local/event-sources/eventbridge/rules.ts';
import type { Invocation } from '#local/lambda/invocation.ts';
import { steppedClock } from '#test/support/stepped-clock.ts';
import { createQueue, startWithClient } from '../../sqs/sqs-client.ts';

const FAILED: Invocation = { ok: false, error: { errorType: 'Error', errorMessage: 'no', trace: [] } };
const BUSY: HandOver = {
  kind: 'refused',
  code: 'TooManyRequestsException',
  message: 'busy',
  mayTryAgain: true,
};
const GONE: HandOver = {
  kind: 'refused',
  code: 'RequestTooLargeException',
  message: 'big',
  mayTryAgain: false,
};
const ENTER = { source: 'aws.geo', detail: { EventType: 'ENTER', GeofenceId: 'sz01' } };
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:greet';

function ruleOf(target: Partial<RuleTarget>, pattern: unknown = { source: ['aws.geo'] }): EventRule {
  return {
    name: 'on-enter',
    arn: 'arn:aws:events:us-east-1:000000000000:rule/on-enter',
    pattern,
    targets: [{ arn: ARN, offer: () => ({ kind: 'taken' }), ...target }],
  };
}

/** Rules over a list in place of the queue. */
function start(...rules: EventRule[]) {
  const clock = steppedClock(0);
  const letters: unknown[][] = [];
  const troubles: string[] = [];
  const running = startEventRules(rules, {
    deadLetters: { send: async (...letter) => void letters.push(letter) },
    clock,
    random: () => 1,
    onTrouble: (what, error) => troubles.push(`${what}: ${(error as Error).message}`),
  });
  return { clock, running, letters, troubles };
}

describe('a rule', () => {
  it('hands over the events it waits for, each once, and no others', async () => {
    const seen: unknown[] = [];
    const offer = (event: unknown): HandOver => {
      seen.push(event);
      return { kind: 'taken' };
    };
    const { running } = start(ruleOf({ offer }, { detail: { EventType: ['ENTER'] } }));
    running.put(ENTER);
    running.put({ ...ENTER, detail: { EventType: 'EXIT' } });
    await running.close();
    expect(seen).toEqual([ENTER]);
  });

  it('hands over its constant input where it has one', async () => {
    const seen: unknown[] = [];
    const offer = (event: unknown): HandOver => {
      seen.push(event);
      return { kind: 'taken' };
    };
    const { running } = start(ruleOf({ offer, input: { kind: 'look' } }));
    running.put(ENTER);
    await running.close();
    expect(seen).toEqual([{ kind: 'look' }]);
  });

  it('reaches every target of every rule that fits', async () => {
    const seen: string[] = [];
    const target = (name: string): Partial<RuleTarget> => ({
      offer: () => {
        seen.push(name);
        return { kind: 'taken' };
      },
    });
    const two = ruleOf(target('a'));
    const { running } = start(
      { ...two, targets: [...two.targets, ...ruleOf(target('b')).targets] },
      ruleOf(target('c'), { source: ['aws.s3'] }),
      ruleOf(target('d'), { detail: { GeofenceId: [{ prefix: 'sz' }] } }),
    );
    running.put(ENTER);
    await running.close();
    expect(seen).toEqual(['a', 'b', 'd']);
  });

  it('leaves a function that fails to Lambda, and keeps its own dead letters empty', async () => {
    const clock = steppedClock(0);
    const triedAtMinutes: number[] = [];
    const invoker = startEventInvoker(
      {
        async invoke() {
          triedAtMinutes.push(clock.nowMs() / 60_000);
          return FAILED;
        },
      },
      clock,
    );
    const letters: unknown[] = [];
    const running = startEventRules([ruleOf({ offer: invoker.offer, deadLetterQueueUrl: 'http://dead' })], {
      deadLetters: { send: async (...letter) => void letters.push(letter) },
      clock,
    });
    running.put(ENTER);
    await clock.advance(3_600_000);
    expect(triedAtMinutes).toEqual([0, 1, 3]);
    expect(letters).toEqual([]);
    await running.close();
    await invoker.close();
  });

  it('stops the start with its name and the operator it cannot run', () => {
    const rule = ruleOf({}, { detail: { EventType: [{ sounds: 'like' }] } });
    expect(() => start(rule)).toThrow(/rule on-enter .*detail\.EventType: there is no operator sounds/);
  });
});

describe('a target that does not take an event', () => {
  it('is asked again, each time after twice as long, until it does', async () => {
    const askedAtMs: number[] = [];
    const { clock, running, letters } = start(
      ruleOf({
        offer: () => {
          askedAtMs.push(clock.nowMs());
          return askedAtMs.length < 5 ? BUSY : { kind: 'taken' };
        },
      }),
    );
    running.put(ENTER);
    await clock.advance(3_600_000);
    expect(askedAtMs).toEqual([0, 1_000, 3_000, 7_000, 15_000]);
    expect(letters).toEqual([]);
  });

  it('is asked no oftener than its retry policy says, and the event goes to the dead letters', async () => {
    const { clock, running, letters, troubles } = start(
      ruleOf({ offer: () => BUSY, retriesMax: 2, deadLetterQueueUrl: 'http://dead' }),
    );
    running.put(ENTER);
    await clock.advance(2_999);
    expect(letters).toEqual([]);
    await clock.advance(1);
    expect(letters).toEqual([
      [
        'http://dead',
        JSON.stringify(ENTER),
        {
          RULE_ARN: 'arn:aws:events:us-east-1:000000000000:rule/on-enter',
          TARGET_ARN: ARN,
          ERROR_CODE: 'TooManyRequestsException',
          ERROR_MESSAGE: 'busy',
          RETRY_ATTEMPTS: '2',
          EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
        },
      ],
    ]);
    expect(troubles).toEqual([]);
  });

  it('is asked no longer than an event may grow old', async () => {
    const { clock, running, letters } = start(
      ruleOf({ offer: () => BUSY, eventAgeMsMax: 60_000, deadLetterQueueUrl: 'http://dead' }),
    );
    running.put(ENTER);
    await clock.advance(3_600_000);
    expect(letters).toMatchObject([
      ['http://dead', expect.anything(), { EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds' }],
    ]);
    await running.close();
    expect(clock.pending()).toBe(0);
  });

  it('is asked once where asking again would change nothing', async () => {
    const { running, letters } = start(ruleOf({ offer: () => GONE, deadLetterQueueUrl: 'http://dead' }));
    running.put(ENTER);
    await running.close();
    const [[, , attributes] = []] = letters;
    expect(attributes).toMatchObject({ ERROR_CODE: 'RequestTooLargeException', RETRY_ATTEMPTS: '0' });
    expect(attributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
  });

  it('without a queue of dead letters loses the event, and the terminal hears of it', async () => {
    const { running, troubles } = start(ruleOf({ offer: () => GONE }));
    running.put(ENTER);
    await running.close();
    expect(troubles).toEqual(['rule on-enter: an event is lost: RequestTooLargeException big']);
  });

  it('has its event among the dead letters of a real queue, with the reason beside it', async () => {
    const { client } = await startWithClient();
    const url = await createQueue(client);
    const running = startEventRules([ruleOf({ offer: () => GONE, deadLetterQueueUrl: url })], {
      deadLetters: sqsEventQueue(client),
    });
    running.put(ENTER);
    await running.close();
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: url, MessageAttributeNames: ['All'] }),
    );
    expect(Messages.map(({ Body }) => JSON.parse(Body ?? ''))).toEqual([ENTER]);
    expect(Messages[0]?.MessageAttributes?.['TARGET_ARN']).toEqual({ DataType: 'String', StringValue: ARN });
  });
});
