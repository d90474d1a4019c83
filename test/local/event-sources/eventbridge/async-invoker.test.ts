import { describe, expect, it } from 'vitest';
import {
  type DiscardedEvent,
  type EventTarget,
  type HandOver,
  startEventInvoker,
} from '#local/event-sources/eventbridge/async-invoker.ts';
import { keepDiscards } from '#local/event-sources/eventbridge/discard-sender.ts';
import type { Invocation } from '#local/lambda/invocation.ts';
import { steppedClock } from '#test/support/stepped-clock.ts';

const OK: Invocation = { ok: true, payload: null };
const FAILED: Invocation = { ok: false, error: { errorType: 'Error', errorMessage: 'no', trace: ['at x'] } };
const MINUTE_MS = 60_000;

function start(outcomes: readonly Invocation[], how: Partial<EventTarget> = {}) {
  const clock = steppedClock(0);
  const triedAtMinutes: number[] = [];
  const discarded: DiscardedEvent[] = [];
  const invoker = startEventInvoker(
    {
      async invoke() {
        triedAtMinutes.push(clock.nowMs() / MINUTE_MS);
        return outcomes[triedAtMinutes.length - 1] ?? FAILED;
      },
      onDiscard: async (event) => void discarded.push(event),
      ...how,
    },
    clock,
  );
  return { clock, invoker, triedAtMinutes, discarded };
}

describe('an event handed to a function', () => {
  it('is taken before the function is called', async () => {
    const { invoker, triedAtMinutes, clock } = start([OK]);
    expect(invoker.offer({ n: 1 })).toEqual({ kind: 'taken' });
    expect(triedAtMinutes).toEqual([]);
    await clock.advance(0);
    expect(triedAtMinutes).toEqual([0]);
  });

  it('is tried twice more while the function fails, after one minute and after two', async () => {
    const { invoker, triedAtMinutes, discarded, clock } = start([FAILED, FAILED, OK]);
    invoker.offer({});
    await clock.advance(10 * MINUTE_MS);
    expect(triedAtMinutes).toEqual([0, 1, 3]);
    expect(discarded).toEqual([]);
  });

  it('is given up on after the third try, or earlier where the function is given fewer', async () => {
    const usual = start([]);
    usual.invoker.offer({ n: 1 });
    await usual.clock.advance(10 * MINUTE_MS);
    expect(usual.discarded).toMatchObject([
      { event: { n: 1 }, condition: 'RetriesExhausted', invokeCount: 3, error: { errorMessage: 'no' } },
    ]);
    const impatient = start([], { retriesMax: 0 });
    impatient.invoker.offer({ n: 2 });
    await impatient.clock.advance(10 * MINUTE_MS);
    expect(impatient.triedAtMinutes).toEqual([0]);
    expect(impatient.discarded).toMatchObject([{ event: { n: 2 }, invokeCount: 1 }]);
  });

  it('is given up on when it has got too old between two tries', async () => {
    const { invoker, triedAtMinutes, discarded, clock } = start([], { eventAgeMsMax: 2 * MINUTE_MS });
    invoker.offer({});
    await clock.advance(10 * MINUTE_MS);
    expect(triedAtMinutes).toEqual([0, 1]);
    expect(discarded).toMatchObject([{ condition: 'EventAgeExceeded', invokeCount: 2 }]);
  });

  it('waits for no other event', async () => {
    const held = Promise.withResolvers<Invocation>();
    const seen: unknown[] = [];
    const clock = steppedClock();
    const invoker = startEventInvoker(
      {
        async invoke(event) {
          seen.push(event);
          return seen.length === 1 ? held.promise : OK;
        },
      },
      clock,
    );
    invoker.offer(1);
    invoker.offer(2);
    await clock.advance(0);
    expect(seen).toEqual([1, 2]);
    held.resolve(OK);
    await invoker.close();
  });

  it('is refused for good where it is too large, and for now where ten thousand are under way', async () => {
    const held = Promise.withResolvers<Invocation>();
    const { invoker } = start([], { invoke: () => held.promise });
    expect(invoker.offer('x'.repeat(1024 * 1024))).toMatchObject({ kind: 'refused', mayTryAgain: false });
    let last: HandOver = { kind: 'taken' };
    for (let n = 0; n <= 10_000; n++) last = invoker.offer(n);
    expect(last).toMatchObject({
      kind: 'refused',
      code: 'TooManyRequestsException',
      mayTryAgain: true,
    });
    held.resolve(OK);
    await invoker.close();
  });

  it('is waited for at the close while it is tried, and lost where it waits for its next try', async () => {
    const { invoker, triedAtMinutes, discarded, clock } = start([FAILED]);
    invoker.offer({});
    await clock.advance(MINUTE_MS / 2);
    await invoker.close();
    await clock.advance(10 * MINUTE_MS);
    expect(triedAtMinutes).toEqual([0]);
    expect(discarded).toEqual([]);
    expect(clock.pending()).toBe(0);
  });
});

describe('an event given up on', () => {
  const discarded: DiscardedEvent = {
    event: { id: 'e-1' },
    condition: 'RetriesExhausted',
    invokeCount: 3,
    error: { errorType: 'TypeError', errorMessage: 'x is not a function', trace: ['at x'] },
  };

  async function keep(queues: { onFailureQueueUrl?: string; deadLetterQueueUrl?: string }, fails = false) {
    const sent: unknown[][] = [];
    const troubles: string[] = [];
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:greet';
    const onDiscard = keepDiscards(
      { functionName: 'greet', functionArn: arn, ...queues },
      {
        queue: {
          async send(...message) {
            if (fails) throw new Error('no queue');
            sent.push(message);
          },
        },
        nowMs: () => Date.UTC(2026, 10, 22),
        onTrouble: (what, error) => troubles.push(`${what}: ${(error as Error).message}`),
      },
    );
    await onDiscard(discarded);
    return { sent, troubles };
  }

  it('is told to the destination as Lambda tells it: what was asked, and what came of it', async () => {
    const { sent, troubles } = await keep({ onFailureQueueUrl: 'http://failures' });
    const [[url, body] = []] = sent;
    expect(url).toBe('http://failures');
    expect(JSON.parse(String(body))).toStrictEqual({
      version: '1.0',
      timestamp: '2026-11-22T00:00:00.000Z',
      requestContext: {
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:greet:$LATEST',
        condition: 'RetriesExhausted',
        approximateInvokeCount: 3,
      },
      requestPayload: { id: 'e-1' },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorMessage: 'x is not a function', errorType: 'TypeError', trace: ['at x'] },
    });
    expect(troubles).toEqual([]);
  });

  it('goes bare to the dead letters, with the reason beside it', async () => {
    const { sent } = await keep({ deadLetterQueueUrl: 'http://dead' });
    expect(sent).toEqual([
      [
        'http://dead',
        '{"id":"e-1"}',
        {
          RequestID: expect.stringMatching(/^[0-9a-f-]{36}$/),
          ErrorCode: 200,
          ErrorMessage: 'x is not a function',
        },
      ],
    ]);
  });

  it('is told to the terminal where nobody else is, or where a queue does not take it', async () => {
    expect((await keep({})).troubles).toEqual([
      'greet: an event is lost after 3 tries, the last of which ended in TypeError',
    ]);
    expect((await keep({ deadLetterQueueUrl: 'http://dead' }, true)).troubles).toEqual(['greet: no queue']);
  });
});
