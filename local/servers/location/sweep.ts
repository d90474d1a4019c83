/** Deletes expired positions and states. Calls that bring positions trigger it, at most once an hour. */
import type { DatabaseSync } from 'node:sqlite';

const SWEEP_INTERVAL_MS = 60 * 60_000;

/** Returns the sweep. Rows received at or before `keptFromMs(nowMs)` have expired. */
export function createSweep(
  db: DatabaseSync,
  keptFromMs: (nowMs: number) => number,
): (nowMs: number) => void {
  const positions = db.prepare('DELETE FROM positions WHERE received_at_ms <= ?');
  const states = db.prepare('DELETE FROM states WHERE received_at_ms <= ?');
  let nextAtMs = Number.NEGATIVE_INFINITY;
  return (nowMs) => {
    if (nowMs < nextAtMs) return;
    nextAtMs = nowMs + SWEEP_INTERVAL_MS;
    const from = keptFromMs(nowMs);
    positions.run(from);
    states.run(from);
  };
}
