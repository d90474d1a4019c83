/**
 * Wakes long polls: a receiver that finds nothing sleeps until its queue's bell rings, until a time it
 * names, or until its caller hangs up; nobody polls.
 */
import type { Clock } from '../wire/clock.ts';

export interface Bell {
  /** A message may have become visible in the queue. */
  ring(queueId: number): void;
  /** Resolves at the next ring, at `untilMs`, or when `hungUp` is aborted, whichever comes first. */
  wait(queueId: number, untilMs: number, hungUp: AbortSignal): Promise<void>;
}

export function createBell(clock: Clock): Bell {
  const sleepers = new Map<number, Set<() => void>>();
  return {
    ring(queueId) {
      for (const wake of [...(sleepers.get(queueId) ?? [])]) wake();
    },
    wait(queueId, untilMs, hungUp) {
      return new Promise((resolve) => {
        const ofQueue = sleepers.get(queueId) ?? new Set();
        sleepers.set(queueId, ofQueue);
        const wake = () => {
          ofQueue.delete(wake);
          hungUp.removeEventListener('abort', wake);
          callOff();
          resolve();
        };
        ofQueue.add(wake);
        hungUp.addEventListener('abort', wake);
        const callOff = clock.at(untilMs, wake);
      });
    },
  };
}
