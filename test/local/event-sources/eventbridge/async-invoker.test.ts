import { describe, expect, it } from 'vitest';
import {
  type AsyncTarget,
  type DiscardedEvent,
  type EnqueueResult,
  startAsyncInvoker,
} from '#local/event-sources/eventbridge/async-invoker.ts';
import { discardSender } from '#local/event-sources/eventbridge/discard-sender.ts';
import type { Invocation } from '#local/lambda/invocation.ts';
import { steppedClock } from '#test/support/stepped-clock.ts';

const OK: Invocation = { ok: true, payload: null };
const FAILED: Invocation = { ok: false, error: { errorType: 'Error', errorMessage: 'no', trace: ['at x'] } };
const MINUTE_MS = 60_000;

function start(outcomes: readonly Invocation[], how: Partial<AsyncTarget> = {}) {
  const clock = steppedClock(0);
  const triedAtMinutes: number[] = [];
  const discarded: DiscardedEvent[] = [];
  const invoker = startAsyncInvoker(
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

describe('an event enqueued for a function', () => {
  it('is accepted before the function is invoked', async () => {
    const { invoker, triedAtMinutes, clock } = start([OK]);
    expect(invoker.enqueue({ n: 1 })).toEqual({ kind: 'accepted' });
    expect(triedAtMinutes).toEqual([]);
    await clock.advance(0);
    expect(triedAtMinutes).toEqual([0]);
  });

  it('is retried twice while the function fails, after one minute and after two', async () => {
    const { invoker, triedAtMinutes, discarded, clock } = start([FAILED, FAILED, OK]);
    invoker.enqueue({});
    await clock.advance(10 * MINUTE_MS);
    expect(triedAtMinutes).toEqual([0, 1, 3]);
    expect(discarded).toEqual([]);
  });

  it('is discarded after the third attempt, or earlier where the function has fewer retries', async () => {
    const byDefault = start([]);
    byDefault.invoker.enqueue({ n: 1 });
    await byDefault.clock.advance(10 * MINUTE_MS);
    expect(byDefault.discarded).toMatchObject([
      { event: { n: 1 }, condition: 'RetriesExhausted', invokeCount: 3, error: { errorMessage: 'no' } },
    ]);
    const withoutRetries = start([], { retriesMax: 0 });
    withoutRetries.invoker.enqueue({ n: 2 });
    await withoutRetries.clock.advance(10 * MINUTE_MS);
    expect(withoutRetries.triedAtMinutes).toEqual([0]);
    expect(withoutRetries.discarded).toMatchObject([{ event: { n: 2 }, invokeCount: 1 }]);
  });

  it('is discarded when it exceeds its maximum age between two attempts', async () => {
    const { invoker, triedAtMinutes, discarded, clock } = start([], { eventAgeMsMax: 2 * MINUTE_MS });
    invoker.enqueue({});
    await clock.advance(10 * MINUTE_MS);
    expect(triedAtMinutes).toEqual([0, 1]);
    expect(discarded).toMatchObject([{ condition: 'EventAgeExceeded', invokeCount: 2 }]);
  });

  it('does not wait for another event', async () => {
    const held = Promise.withResolvers<Invocation>();
    const seen: unknown[] = [];
    const clock = steppedClock();
    const invoker = startAsyncInvoker(
      {
        async invoke(event) {
          seen.push(event);
          return seen.length === 1 ? held.promise : OK;
        },
      },
      clock,
    );
    invoker.enqueue(1);
    invoker.enqueue(2);
    await clock.advance(0);
    expect(seen).toEqual([1, 2]);
    held.resolve(OK);
    await invoker.close();
  });

  it('is rejected for good where it is too large, and retryably where ten thousand are under way', async () => {
    const held = Promise.withResolvers<Invocation>();
    const { invoker } = start([], { invoke: () => held.promise });
    expect(invoker.enqueue('x'.repeat(1024 * 1024))).toMatchObject({ kind: 'rejected', isRetryable: false });
    let last: EnqueueResult = { kind: 'accepted' };
    for (let n = 0; n <= 10_000; n++) last = invoker.enqueue(n);
    expect(last).toMatchObject({
      kind: 'rejected',
      code: 'TooManyRequestsException',
      isRetryable: true,
    });
    held.resolve(OK);
    await invoker.close();
  });

  it('is awaited on close during an attempt, and lost between two attempts', async () => {
    const { invoker, triedAtMinutes, discarded, clock } = start([FAILED]);
    invoker.enqueue({});
    await clock.advance(MINUTE_MS / 2);
    await invoker.close();
    await clock.advance(10 * MINUTE_MS);
    expect(triedAtMinutes).toEqual([0]);
    expect(discarded).toEqual([]);
    expect(clock.pending()).toBe(0);
  });
});

describe('a discarded event', () => {
  const discarded: DiscardedEvent = {
    event: { id: 'e-1' },
    condition: 'RetriesExhausted',
    invokeCount: 3,
    error: { errorType: 'TypeError', errorMessage: 'x is not a function', trace: ['at x'] },
  };

  async function discard(queues: { onFailureQueueUrl?: string; deadLetterQueueUrl?: string }, fails = false) {
    const sent: unknown[][] = [];
    const errors: string[] = [];
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:greet';
    const onDiscard = discardSender(
      { functionName: 'greet', functionArn: arn, ...queues },
      {
        queue: {
          async send(...message) {
            if (fails) throw new Error('no queue');
            sent.push(message);
          },
        },
        nowMs: () => Date.UTC(2026, 10, 22),
        onError: (what, error) => errors.push(`${what}: ${(error as Error).message}`),
      },
    );
    await onDiscard(discarded);
    return { sent, errors };
  }

  it('is sent to the on-failure destination as a record of the invocation and its error', async () => {
    const { sent, errors } = await discard({ onFailureQueueUrl: 'http://failures' });
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
    expect(errors).toEqual([]);
  });

  it('is sent bare to the dead-letter queue, with the reason in attributes', async () => {
    const { sent } = await discard({ deadLetterQueueUrl: 'http://dead' });
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

  it('is reported to the terminal where it has no queue, or where a queue rejects it', async () => {
    expect((await discard({})).errors).toEqual([
      'greet: an event is lost after 3 attempts, the last of which failed with TypeError',
    ]);
    expect((await discard({ deadLetterQueueUrl: 'http://dead' }, true)).errors).toEqual(['greet: no queue']);
  });
});
