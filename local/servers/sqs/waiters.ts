/**
 * Long polls that wait for a message. A waiter wakes when its queue is notified, at a given time, or when its
 * client disconnects, so that no server loop polls.
 */
import type { Clock } from '../wire/clock.ts';

export interface Waiters {
  /** Wakes every waiter of the queue: a message may have become visible. */
  notify(queueId: number): void;
  /** Resolves at the queue's next notification, at `untilMs`, or when the signal aborts, whichever comes first. */
  wait(queueId: number, untilMs: number, signal: AbortSignal): Promise<void>;
}

/** Returns the waiters of one server, none at first. */
export function createWaiters(clock: Clock): Waiters {
  const wakersOf = new Map<number, Set<() => void>>();
  return {
    notify(queueId) {
      for (const wake of [...(wakersOf.get(queueId) ?? [])]) wake();
    },
    wait(queueId, untilMs, signal) {
      return new Promise((resolve) => {
        const wakers = wakersOf.get(queueId) ?? new Set();
        wakersOf.set(queueId, wakers);
        const wake = () => {
          wakers.delete(wake);
          signal.removeEventListener('abort', wake);
          cancelTimer();
          resolve();
        };
        wakers.add(wake);
        signal.addEventListener('abort', wake);
        const cancelTimer = clock.at(untilMs, wake);
      });
    },
  };
}
