import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { type EnqueueResult, startAsyncInvoker } from '#local/event-sources/eventbridge/async-invoker.ts';
import { type EventRule, type RuleTarget, startEventRules } from '#local/event-sources/eventbridge/rules.ts';
import { sqsFailureQueue } from '#local/event-sources/failure-queue.ts';
import type { Invocation } from '#local/lambda/invocation.ts';
import { steppedClock } from '#test/support/stepped-clock.ts';
import { createQueue, startWithClient } from '../../sqs/sqs-client.ts';

const FAILED: Invocation = { ok: false, error: { errorType: 'Error', errorMessage: 'no', trace: [] } };
const BUSY: EnqueueResult = {
  kind: 'rejected',
  code: 'TooManyRequestsException',
  message: 'busy',
  isRetryable: true,
};
const GONE: EnqueueResult = {
  kind: 'rejected',
  code: 'RequestTooLargeException',
  message: 'big',
  isRetryable: false,
};
const ENTER = { source: 'aws.geo', detail: { EventType: 'ENTER', GeofenceId: 'sz01' } };
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:greet';

function ruleOf(target: Partial<RuleTarget>, pattern: unknown = { source: ['aws.geo'] }): EventRule {
  return {
    name: 'on-enter',
    arn: 'arn:aws:events:us-east-1:000000000000:rule/on-enter',
    pattern,
    targets: [{ arn: ARN, enqueue: () => ({ kind: 'accepted' }), ...target }],
  };
}

/** Starts rules that send their dead letters to a list. */
function start(...rules: EventRule[]) {
  const clock = steppedClock(0);
  const deadLetters: unknown[][] = [];
  const errors: string[] = [];
  const running = startEventRules(rules, {
    deadLetters: { send: async (...message) => void deadLetters.push(message) },
    clock,
    random: () => 1,
    onError: (what, error) => errors.push(`${what}: ${(error as Error).message}`),
  });
  return { clock, running, deadLetters, errors };
}

describe('a rule', () => {
  it('enqueues the events that match, each once, and no others', async () => {
    const seen: unknown[] = [];
    const enqueue = (event: unknown): EnqueueResult => {
      seen.push(event);
      return { kind: 'accepted' };
    };
    const { running } = start(ruleOf({ enqueue }, { detail: { EventType: ['ENTER'] } }));
    running.publish(ENTER);
    running.publish({ ...ENTER, detail: { EventType: 'EXIT' } });
    await running.close();
    expect(seen).toEqual([ENTER]);
  });

  it('enqueues its constant input where it has one', async () => {
    const seen: unknown[] = [];
    const enqueue = (event: unknown): EnqueueResult => {
      seen.push(event);
      return { kind: 'accepted' };
    };
    const { running } = start(ruleOf({ enqueue, input: { kind: 'check' } }));
    running.publish(ENTER);
    await running.close();
    expect(seen).toEqual([{ kind: 'check' }]);
  });

  it('enqueues an event for every target of every rule that matches', async () => {
    const seen: string[] = [];
    const target = (name: string): Partial<RuleTarget> => ({
      enqueue: () => {
        seen.push(name);
        return { kind: 'accepted' };
      },
    });
    const two = ruleOf(target('a'));
    const { running } = start(
      { ...two, targets: [...two.targets, ...ruleOf(target('b')).targets] },
      ruleOf(target('c'), { source: ['aws.s3'] }),
      ruleOf(target('d'), { detail: { GeofenceId: ['sz01', 'sz02'] } }),
    );
    running.publish(ENTER);
    await running.close();
    expect(seen).toEqual(['a', 'b', 'd']);
  });

  it('leaves the retries of a failing function to Lambda and sends no dead letter', async () => {
    const clock = steppedClock(0);
    const triedAtMinutes: number[] = [];
    const invoker = startAsyncInvoker(
      {
        async invoke() {
          triedAtMinutes.push(clock.nowMs() / 60_000);
          return FAILED;
        },
      },
      clock,
    );
    const deadLetters: unknown[] = [];
    const running = startEventRules(
      [ruleOf({ enqueue: invoker.enqueue, deadLetterQueueUrl: 'http://dead' })],
      {
        deadLetters: { send: async (...message) => void deadLetters.push(message) },
        clock,
      },
    );
    running.publish(ENTER);
    await clock.advance(3_600_000);
    expect(triedAtMinutes).toEqual([0, 1, 3]);
    expect(deadLetters).toEqual([]);
    await running.close();
    await invoker.close();
  });

  it('fails the start with its name and the operator that is not supported', () => {
    const rule = ruleOf({}, { detail: { EventType: [{ prefix: 'EN' }] } });
    expect(() => start(rule)).toThrow(/rule on-enter: detail\.EventType: the operator prefix/);
  });
});

describe('a target that rejects an event', () => {
  it('is retried, each time after twice the delay, until it accepts', async () => {
    const triedAtMs: number[] = [];
    const { clock, running, deadLetters } = start(
      ruleOf({
        enqueue: () => {
          triedAtMs.push(clock.nowMs());
          return triedAtMs.length < 5 ? BUSY : { kind: 'accepted' };
        },
      }),
    );
    running.publish(ENTER);
    await clock.advance(3_600_000);
    expect(triedAtMs).toEqual([0, 1_000, 3_000, 7_000, 15_000]);
    expect(deadLetters).toEqual([]);
  });

  it('is retried as often as its retry policy allows, and then the event becomes a dead letter', async () => {
    const { clock, running, deadLetters, errors } = start(
      ruleOf({ enqueue: () => BUSY, retriesMax: 2, deadLetterQueueUrl: 'http://dead' }),
    );
    running.publish(ENTER);
    await clock.advance(2_999);
    expect(deadLetters).toEqual([]);
    await clock.advance(1);
    expect(deadLetters).toEqual([
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
    expect(errors).toEqual([]);
  });

  it('is retried until the event exceeds its maximum age', async () => {
    const { clock, running, deadLetters } = start(
      ruleOf({ enqueue: () => BUSY, eventAgeMsMax: 60_000, deadLetterQueueUrl: 'http://dead' }),
    );
    running.publish(ENTER);
    await clock.advance(3_600_000);
    expect(deadLetters).toMatchObject([
      ['http://dead', expect.anything(), { EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds' }],
    ]);
    await running.close();
    expect(clock.pending()).toBe(0);
  });

  it('is tried once where the rejection is final', async () => {
    const { running, deadLetters } = start(
      ruleOf({ enqueue: () => GONE, deadLetterQueueUrl: 'http://dead' }),
    );
    running.publish(ENTER);
    await running.close();
    const [[, , attributes] = []] = deadLetters;
    expect(attributes).toMatchObject({ ERROR_CODE: 'RequestTooLargeException', RETRY_ATTEMPTS: '0' });
    expect(attributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
  });

  it('loses the event without a dead-letter queue, and reports it', async () => {
    const { running, errors } = start(ruleOf({ enqueue: () => GONE }));
    running.publish(ENTER);
    await running.close();
    expect(errors).toEqual(['rule on-enter: an event is lost: RequestTooLargeException big']);
  });

  it('has its event sent to a real dead-letter queue, with the reason in attributes', async () => {
    const { client } = await startWithClient();
    const url = await createQueue(client);
    const running = startEventRules([ruleOf({ enqueue: () => GONE, deadLetterQueueUrl: url })], {
      deadLetters: sqsFailureQueue(client),
    });
    running.publish(ENTER);
    await running.close();
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: url, MessageAttributeNames: ['All'] }),
    );
    expect(Messages.map(({ Body }) => JSON.parse(Body ?? ''))).toEqual([ENTER]);
    expect(Messages[0]?.MessageAttributes?.['TARGET_ARN']).toEqual({ DataType: 'String', StringValue: ARN });
  });
});
