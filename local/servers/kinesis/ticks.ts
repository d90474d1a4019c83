/**
 * Ticks: the order of every write in the server, in microseconds that strictly increase.
 *
 * A tick is the time of day where it can be, and one more than the last tick where it cannot: when two
 * records arrive within one microsecond, or when the machine's clock is set back. So ticks only grow, across
 * shards, splits and restarts; and a record's arrival time follows from its tick, without a column of its own.
 */
import type { Clock } from '../wire/clock.ts';

const TICKS_PER_MS = 1000;

export interface Ticks {
  /** Returns a tick greater than all before. */
  next(): number;
  /** Returns the greatest tick so far. */
  last(): number;
}

/** Returns ticks that continue after `last`, the greatest tick that was ever stored. */
export function startTicks(clock: Clock, last: number): Ticks {
  let latest = last;
  return {
    next() {
      latest = Math.max(latest + 1, clock.nowMs() * TICKS_PER_MS);
      return latest;
    },
    last: () => latest,
  };
}

/** Returns the first tick of a millisecond. */
export function tickAt(timeMs: number): number {
  return timeMs * TICKS_PER_MS;
}

/** Returns the millisecond of a tick. */
export function timeOfTick(tick: number): number {
  return Math.floor(tick / TICKS_PER_MS);
}
