/**
 * Lambda's asynchronous invocation, as EventBridge uses it: whoever hands an event over is done with it, and Lambda
 * tries it until the function has managed it or the tries are used up.
 *
 * Lambda keeps the events that wait on disk; here they wait in memory. What is under way when the local cloud is killed,
 * or between two tries when it is closed, is lost: a laptop's cloud is no place for events that nobody can send again.
 */
import type { FunctionError } from '../../lambda/invocation.ts';
import { type Clock, systemClock } from '../../servers/wire/clock.ts';
import type { Invoke } from '../event-source.ts';
import { sleep } from '../sleep.ts';

/** Lambda's waits before it tries an asynchronous event again. */
const RETRY_DELAYS_MS: readonly number[] = [60_000, 120_000];
const EVENT_AGE_MS_MAX = 6 * 3_600_000;
const EVENT_BYTES_MAX = 1024 * 1024;
/** Events of one function at once. Lambda has room for far more; a laptop that has fallen this far behind should say so. */
const UNDER_WAY_MAX = 10_000;

/** An event that Lambda gave up on. */
export interface DiscardedEvent {
  readonly event: unknown;
  readonly condition: 'RetriesExhausted' | 'EventAgeExceeded';
  readonly invokeCount: number;
  /** What the last try ended in. */
  readonly error: FunctionError;
}

/** How events reach a function, and what becomes of them if it fails. */
export interface EventTarget {
  readonly invoke: Invoke;
  /** Tries after the first; two when not given, and no more. */
  readonly retriesMax?: number;
  /** Six hours when not given. */
  readonly eventAgeMsMax?: number;
  /** Waited for; it must not reject. */
  readonly onDiscard?: (discarded: DiscardedEvent) => Promise<void>;
}

/** Whether an event was taken over. It is refused for now, or for good. */
export type HandOver =
  | { readonly kind: 'taken' }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly message: string;
      readonly mayTryAgain: boolean;
    };

export interface EventInvoker {
  /** Answers before the function is called. */
  offer(event: unknown): HandOver;
  /** Calls off what waits for its next try, and waits for the tries under way. */
  close(): Promise<void>;
}

export function startEventInvoker(target: EventTarget, clock: Clock = systemClock): EventInvoker {
  const closing = new AbortController();
  const { signal } = closing;
  const underWay = new Set<Promise<void>>();
  const delaysMs = RETRY_DELAYS_MS.slice(0, target.retriesMax ?? RETRY_DELAYS_MS.length);
  const ageMsMax = target.eventAgeMsMax ?? EVENT_AGE_MS_MAX;

  async function run(event: unknown): Promise<void> {
    const takenAtMs = clock.nowMs();
    // Whoever offers the event goes on first.
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
      if (clock.nowMs() - takenAtMs > ageMsMax) {
        return target.onDiscard?.({ event, condition: 'EventAgeExceeded', invokeCount, error });
      }
    }
  }

  return {
    offer(event) {
      if (Buffer.byteLength(JSON.stringify(event)) > EVENT_BYTES_MAX) {
        return refused('RequestTooLargeException', `an event has at most ${EVENT_BYTES_MAX} bytes`, false);
      }
      if (underWay.size >= UNDER_WAY_MAX || signal.aborted) {
        return refused('TooManyRequestsException', 'too many events are under way', true);
      }
      const task = run(event).finally(() => underWay.delete(task));
      underWay.add(task);
      return { kind: 'taken' };
    },
    async close() {
      closing.abort();
      await Promise.all(underWay);
    },
  };
}

function refused(code: string, message: string, mayTryAgain: boolean): HandOver {
  return { kind: 'refused', code, message, mayTryAgain };
}
