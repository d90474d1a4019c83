/**
 * Lambda's asynchronous invocation, as EventBridge uses it: the event is accepted first, and then invoked
 * until the function succeeds or the retries are exhausted.
 *
 * Lambda stores waiting events durably; here they wait in memory. Events under way when the local cloud is
 * killed, or between two attempts when it is closed, are lost: acceptable on a laptop, where nothing depends
 * on them.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
import type { FunctionError } from '../../lambda/invocation.ts';
import { type Clock, systemClock } from '../../servers/wire/clock.ts';
import type { Invoke } from '../event-source.ts';
import { sleep } from '../sleep.ts';

/** Lambda's delays before the second and the third attempt. */
const RETRY_DELAYS_MS: readonly number[] = [60_000, 120_000];
const EVENT_AGE_MS_MAX = 6 * 3_600_000;
const EVENT_BYTES_MAX = 1024 * 1024;
/**
 * Events of one function under way at once. Lambda allows far more; a laptop this far behind should report
 * it.
 */
const UNDER_WAY_MAX = 10_000;

/** An event that failed for good. */
export interface DiscardedEvent {
  readonly event: unknown;
  readonly condition: 'RetriesExhausted' | 'EventAgeExceeded';
  readonly invokeCount: number;
  /** The error of the last attempt. */
  readonly error: FunctionError;
}

/** A function, and the retry rules of its events. */
export interface AsyncTarget {
  readonly invoke: Invoke;
  /** Attempts after the first, 0 to 2; 2 where absent. */
  readonly retriesMax?: number;
  /** Six hours where absent. */
  readonly eventAgeMsMax?: number;
  /** Awaited; it must not reject. */
  readonly onDiscard?: (discarded: DiscardedEvent) => Promise<void>;
}

/** Whether an event was accepted; a rejection is retryable (too many events) or final (too large). */
export type EnqueueResult =
  | { readonly kind: 'accepted' }
  | {
      readonly kind: 'rejected';
      readonly code: string;
      readonly message: string;
      readonly isRetryable: boolean;
    };

export interface AsyncInvoker {
  /** Accepts an event and returns before the function is invoked. */
  enqueue(event: unknown): EnqueueResult;
  /** Cancels waiting retries, and waits for the attempts under way. */
  close(): Promise<void>;
}

/** Starts the asynchronous invocation of one function. */
export function startAsyncInvoker(target: AsyncTarget, clock: Clock = systemClock): AsyncInvoker {
  const closing = new AbortController();
  const { signal } = closing;
  const underWay = new Set<Promise<void>>();
  const delaysMs = RETRY_DELAYS_MS.slice(0, target.retriesMax ?? RETRY_DELAYS_MS.length);
  const ageMsMax = target.eventAgeMsMax ?? EVENT_AGE_MS_MAX;

  async function run(event: unknown): Promise<void> {
    const acceptedAtMs = clock.nowMs();
    // The caller of `enqueue` continues first.
    await Promise.resolve();
    for (let invokeCount = 1; ; invokeCount++) {
      const invocation = await target.invoke(event);
      if (invocation.ok) return;
      const { error } = invocation;
      const delayMs = delaysMs[invokeCount - 1];
      if (delayMs === undefined) {
        return target.onDiscard?.({ event, condition: 'RetriesExhausted', invokeCount, error });
      }
      await sleep(clock, delayMs, signal);
      if (signal.aborted) return;
      if (clock.nowMs() - acceptedAtMs > ageMsMax) {
        return target.onDiscard?.({ event, condition: 'EventAgeExceeded', invokeCount, error });
      }
    }
  }

  return {
    enqueue(event) {
      if (Buffer.byteLength(JSON.stringify(event)) > EVENT_BYTES_MAX) {
        return rejected('RequestTooLargeException', `an event has at most ${EVENT_BYTES_MAX} bytes`, false);
      }
      if (underWay.size >= UNDER_WAY_MAX || signal.aborted) {
        return rejected('TooManyRequestsException', 'too many events are under way', true);
      }
      const task = run(event).finally(() => underWay.delete(task));
      underWay.add(task);
      return { kind: 'accepted' };
    },
    async close() {
      closing.abort();
      await Promise.all(underWay);
    },
  };
}

function rejected(code: string, message: string, isRetryable: boolean): EnqueueResult {
  return { kind: 'rejected', code, message, isRetryable };
}
