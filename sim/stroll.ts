/**
 * How somebody's phone comes by a store: from some streets away, along the edge of its fence for a while, as people do who
 * wait for a light or talk, then in or on. What the phone says of it is off by some metres each time, and further off
 * between high houses, so at the edge it says "in" and "out" by turns; a push for each would be a nuisance.
 */
import type { Random } from './random.ts';

/** Degrees, WGS-84. */
export interface Spot {
  readonly lng: number;
  readonly lat: number;
}

export interface Sample extends Spot {
  /** Since the stroll began. */
  readonly afterMs: number;
  readonly accuracyM: number;
}

/** A demonstration has no patience for a walk of ten minutes, so its people cycle. Metres a second. */
const PACE = 12;
const SAMPLE_EVERY_MS = 2_000;
/** The error of a phone's place in a street, as the deviation of a normal distribution. */
const NOISE_M = 8;
const ACCURACY_M = 15;
const BEGIN_M = 600;
/** How long somebody dawdles at the edge. */
const DAWDLE_SAMPLES = [2, 9] as const;
const INSIDE_SAMPLES = [3, 8] as const;

/** Metres of a degree of latitude, of a sphere of 6,371,008.8 m; of longitude, at a latitude. */
const M_PER_DEGREE = (Math.PI * 6_371_008.8) / 180;

/** A spot so many metres from another, in a direction from north, clockwise, in radians. Good for some kilometres. */
export const away = ({ lng, lat }: Spot, metres: number, direction: number): Spot => ({
  lng: lng + (metres * Math.sin(direction)) / (M_PER_DEGREE * Math.cos((lat * Math.PI) / 180)),
  lat: lat + (metres * Math.cos(direction)) / M_PER_DEGREE,
});

/** A way past a store with a fence of so many metres around it. */
export function stroll(random: Random, store: Spot, radiusM: number): Sample[] {
  const direction = random.next() * 2 * Math.PI;
  const samples: Sample[] = [];
  const say = (metres: number): void => {
    const spot = away(store, metres, direction);
    samples.push({
      ...away(spot, NOISE_M * normal(random), random.next() * 2 * Math.PI),
      afterMs: samples.length * SAMPLE_EVERY_MS,
      accuracyM: ACCURACY_M + random.between(0, 20),
    });
  };
  const go = (from: number, to: number): void => {
    const step = (PACE * SAMPLE_EVERY_MS) / 1_000;
    const count = Math.max(1, Math.round(Math.abs(to - from) / step));
    for (let number = 1; number <= count; number++) say(from + ((to - from) * number) / count);
  };
  say(BEGIN_M);
  go(BEGIN_M, radiusM);
  for (let left = random.between(...DAWDLE_SAMPLES); left > 0; left--) say(radiusM + random.between(-12, 12));
  const nearest = radiusM * random.next() * 0.6;
  go(radiusM, nearest);
  for (let left = random.between(...INSIDE_SAMPLES); left > 0; left--) say(nearest);
  go(nearest, BEGIN_M);
  return samples;
}

/** Normally distributed with a deviation of 1 (Box and Muller 1958). */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
