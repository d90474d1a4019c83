/**
 * Generates a visitor's walk through a demonstration store: in at the door, to some of the tables, perhaps to the till, and
 * out again; as a people sensor samples it, every two seconds.
 */
import type { Point } from '#domain/place/visits/sensor.ts';
import { DOOR, SAMPLE_EVERY_MS, TABLES, TILL } from '../chain/floor-plan.ts';
import type { Random } from '../random.ts';

export interface FloorWalk {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly buys: boolean;
  readonly samples: ReadonlyArray<{ readonly at: number; readonly x: number; readonly y: number }>;
}

/** Slow walking speed. */
const SPEED_CM_PER_S = 70;

/** Movement on the spot and error of the sensor. */
const SWAY_CM = 25;

/** About one visitor in five of such a store buys. */
const BUYS_PROBABILITY = 0.22;

/** Longest dwell time at one area. */
const STAY_S_MAX = 600;

/** Returns a walk that starts at a time. */
export function floorWalk(random: Random, startedAtMs: number): FloorWalk {
  const buys = random.isTrue(BUYS_PROBABILITY);
  const stops = [
    DOOR,
    ...TABLES.filter(({ drawPercent }) => random.isTrue(drawPercent / 100)),
    ...(buys ? [TILL] : []),
    DOOR,
  ];
  const samples: { at: number; x: number; y: number }[] = [];
  let at = startedAtMs;
  let from: Point = DOOR.middle;
  const stand = (point: Point): void => {
    samples.push({ at, x: swayed(random, point.x), y: swayed(random, point.y) });
    at += SAMPLE_EVERY_MS;
  };
  for (const { middle, staySeconds } of stops) {
    const seconds = Math.hypot(middle.x - from.x, middle.y - from.y) / SPEED_CM_PER_S;
    const steps = Math.ceil((seconds * 1_000) / SAMPLE_EVERY_MS);
    for (let step = 1; step <= steps; step++) stand(between(from, middle, step / steps));
    const stayMs = Math.min(-Math.log(1 - random.next()) * staySeconds, STAY_S_MAX) * 1_000;
    for (let stood = 0; stood < stayMs; stood += SAMPLE_EVERY_MS) stand(middle);
    from = middle;
  }
  return { startedAtMs, endedAtMs: at - SAMPLE_EVERY_MS, buys, samples };
}

const swayed = (random: Random, centimetres: number): number =>
  Math.round(centimetres + (random.next() - 0.5) * 2 * SWAY_CM);

const between = (from: Point, to: Point, share: number): Point => ({
  x: from.x + (to.x - from.x) * share,
  y: from.y + (to.y - from.y) * share,
});
