/**
 * Deletes what is older than it may be kept. It goes along with the calls that bring positions, at most once an hour; what is too old
 * and not yet deleted is told to nobody.
 */
import type { DatabaseSync } from 'node:sqlite';

const SWEEP_INTERVAL_MS = 60 * 60_000;

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
