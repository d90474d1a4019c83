/** A clock that stands still until a test moves it; what is due then runs before `advance` returns. */
import type { Clock } from '#local/servers/wire/clock.ts';

export interface ManualClock extends Clock {
  advance(ms: number): void;
}

const START_MS = Date.UTC(2026, 0, 5, 9);

export function manualClock(startMs: number = START_MS): ManualClock {
  let nowMs = startMs;
  const alarms = new Set<{ readonly atMs: number; readonly action: () => void }>();
  return {
    nowMs: () => nowMs,
    at(atMs, action) {
      const alarm = { atMs, action };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    advance(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        const due = [...alarms].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (due === undefined) break;
        alarms.delete(due);
        nowMs = Math.max(nowMs, due.atMs);
        due.action();
      }
      nowMs = untilMs;
    },
  };
}
