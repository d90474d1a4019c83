/** A clock that only a test advances; actions that are due then run before `advance` returns. */
import type { Clock } from '#local/servers/wire/clock.ts';

export interface ManualClock extends Clock {
  advance(ms: number): void;
}

const START_MS = Date.UTC(2026, 0, 5, 9);

export function manualClock(startMs: number = START_MS): ManualClock {
  let nowMs = startMs;
  const timers = new Set<{ readonly atMs: number; readonly action: () => void }>();
  return {
    nowMs: () => nowMs,
    at(atMs, action) {
      const timer = { atMs, action };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        const due = [...timers].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (due === undefined) break;
        timers.delete(due);
        nowMs = Math.max(nowMs, due.atMs);
        due.action();
      }
      nowMs = untilMs;
    },
  };
}
