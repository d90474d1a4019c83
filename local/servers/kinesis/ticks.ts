/**
 * The order of everything that happens in the server: microseconds that never stand still.
 *
 * A tick is the time of day where it can be, and one more than the last tick where it cannot: when two
 * records fall into one microsecond, or when the machine's clock is set back. So ticks only grow, across
 * shards, resharding and restarts, even for a stream that was deleted and made again; and a record's arrival
 * time can be read off its tick, and found by it, without being stored beside it.
 */
import type { Clock } from '../wire/clock.ts';

const TICKS_PER_MS = 1000;

export interface Ticks {
  /** A tick greater than all before. */
  next(): number;
  /** The greatest tick given out so far. */
  last(): number;
}

/** Continues after `last`, the greatest tick that was ever kept. */
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

/** The first tick that millisecond can hold. */
export function tickAt(timeMs: number): number {
  return timeMs * TICKS_PER_MS;
}

export function timeOfTick(tick: number): number {
  return Math.floor(tick / TICKS_PER_MS);
}
