/**
 * What does not move is no shopper: a poster, a screen and a mannequin have faces and bodies, all day long. For each half
 * hour evidence holds how far the positions of a visitor reached, which is small whatever the length of the stay, and
 * joins in any order to the same.
 */
import { HOUR_MS } from '../../chain/duration.ts';
import type { SensorId } from '../../chain/ids.ts';

/** How far positions of one sensor reached within one half hour, in the sensor's own coordinates. */
export interface Extent {
  readonly sensorId: SensorId;
  /** The beginning of the half hour. */
  readonly slotMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

const SLOT_MS = HOUR_MS / 2;

/** No shopper stands for an hour without a step; a poster hangs for longer. */
export const STILL_MS_MIN = HOUR_MS;

/** Centimetres of a floor, or pixels of a picture: the width of a head. A person who stands moves further in an hour. */
export const STILL_EXTENT_MAX = 30;

/** Returns how far positions reached, by half hour; positions are in any order. */
export function extentsOf(
  sensorId: SensorId,
  positions: ReadonlyArray<{ readonly atMs: number; readonly x: number; readonly y: number }>,
): Extent[] {
  return joinExtents(
    positions.map(({ atMs, x, y }) => ({
      sensorId,
      slotMs: Math.floor(atMs / SLOT_MS) * SLOT_MS,
      fromMs: atMs,
      toMs: atMs,
      minX: x,
      minY: y,
      maxX: x,
      maxY: y,
    })),
  );
}

/** Returns one extent per sensor and half hour, ordered by sensor and time. */
export function joinExtents(extents: readonly Extent[]): Extent[] {
  const joined = new Map<string, Extent>();
  for (const extent of extents) {
    const name = `${extent.sensorId} ${extent.slotMs}`;
    const known = joined.get(name);
    joined.set(name, known === undefined ? extent : both(known, extent));
  }
  return [...joined.values()].sort(
    (a, b) => (a.sensorId === b.sensorId ? 0 : a.sensorId < b.sensorId ? -1 : 1) || a.slotMs - b.slotMs,
  );
}

const both = (a: Extent, b: Extent): Extent => ({
  ...a,
  fromMs: Math.min(a.fromMs, b.fromMs),
  toMs: Math.max(a.toMs, b.toMs),
  minX: Math.min(a.minX, b.minX),
  minY: Math.min(a.minY, b.minY),
  maxX: Math.max(a.maxX, b.maxX),
  maxY: Math.max(a.maxY, b.maxY),
});

const isSmall = ({ minX, minY, maxX, maxY }: Extent): boolean =>
  maxX - minX <= STILL_EXTENT_MAX && maxY - minY <= STILL_EXTENT_MAX;

/** Returns whether one sensor saw something stay in its place for an hour or longer; extents as `joinExtents` orders them. */
export function isStill(extents: readonly Extent[]): boolean {
  let run: Extent | undefined;
  for (const extent of extents) {
    const isNext = run?.sensorId === extent.sensorId && extent.slotMs - run.slotMs <= SLOT_MS;
    const longer = run !== undefined && isNext ? { ...both(run, extent), slotMs: extent.slotMs } : extent;
    run = isSmall(longer) ? longer : extent;
    if (isSmall(run) && run.toMs - run.fromMs >= STILL_MS_MIN) return true;
  }
  return false;
}
