/**
 * A clock that advances only when a test says so, step by step: everything that one timer starts has settled before the next
 * one fires, so a loop that sleeps a second at a time runs every second of an hour.
 */
import type { Clock } from '#local/servers/wire/clock.ts';

export interface SteppedClock extends Clock {
  advance(durationMs: number): Promise<void>;
  /** The number of pending timers. */
  pending(): number;
}

/** The code under test resolves in microtasks; the next turn of the event loop comes after all of them. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function steppedClock(startMs = Date.UTC(2026, 0, 1)): SteppedClock {
  const alarms = new Set<{ readonly atMs: number; readonly action: () => void }>();
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    at(atMs, action) {
      const alarm = { atMs, action };
      alarms.add(alarm);
      return () => void alarms.delete(alarm);
    },
    async advance(durationMs) {
      const untilMs = nowMs + durationMs;
      await settle();
      for (;;) {
        // A set keeps its order, and the sort is stable: of two timers for one instant the older fires first.
        const [next] = [...alarms].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
        if (next === undefined) break;
        alarms.delete(next);
        nowMs = next.atMs;
        next.action();
        await settle();
      }
      nowMs = untilMs;
    },
    pending: () => alarms.size,
  };
}
