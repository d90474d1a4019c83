/**
 * Time that passes only when a test says so, and step by step: whatever one alarm sets going has come to
 * rest before the next one rings, so a loop that sleeps a second at a time sees every second of an hour.
 */
import type { Clock } from '#local/servers/wire/clock.ts';

export interface SteppedClock extends Clock {
  advance(durationMs: number): Promise<void>;
  /** Alarms that are set and have not rung. */
  pending(): number;
}

/** What these tests drive resolves in microtasks; the next turn of the event loop comes after all of them. */
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
        // A set keeps its order, and the sort is stable: of two alarms for one moment the older rings first.
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
