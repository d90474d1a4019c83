/**
 * Generates the positions of a phone that passes a store: from some streets away, along the edge of the geofence for a while,
 * then inside and away. Positions have GPS noise, so at the edge they alternate between inside and outside; a push for each
 * entry would annoy the customer.
 */
import type { Random } from '../random.ts';

/** Degrees, WGS-84. */
export interface Position {
  readonly lng: number;
  readonly lat: number;
}

export interface Sample extends Position {
  /** Since the start of the track. */
  readonly afterMs: number;
  readonly accuracyM: number;
}

/** Cycling speed in metres per second; walking would take ten minutes, too long for a demonstration. */
const SPEED_M_PER_S = 12;
const SAMPLE_EVERY_MS = 2_000;
/** Standard deviation of a phone's position in a street, in metres. */
const NOISE_M = 8;
const ACCURACY_M = 15;
/** Distance from the store at the start and at the end, in metres. */
const START_M = 600;
/** Minimum and maximum number of samples at the edge of the geofence, and inside. */
const EDGE_SAMPLES = [2, 9] as const;
const INSIDE_SAMPLES = [3, 8] as const;

/** Metres per degree of latitude on a sphere of radius 6,371,008.8 m. */
const M_PER_DEGREE = (Math.PI * 6_371_008.8) / 180;

/**
 * Returns the position at a distance from another. Accurate within some kilometres.
 *
 * @param direction from north, clockwise, in radians
 */
export const offsetBy = ({ lng, lat }: Position, metres: number, direction: number): Position => ({
  lng: lng + (metres * Math.sin(direction)) / (M_PER_DEGREE * Math.cos((lat * Math.PI) / 180)),
  lat: lat + (metres * Math.cos(direction)) / M_PER_DEGREE,
});

/**
 * Returns the samples of one way past a store.
 *
 * @param radiusM radius of the store's geofence
 */
export function phoneTrack(random: Random, store: Position, radiusM: number): Sample[] {
  const direction = random.next() * 2 * Math.PI;
  const samples: Sample[] = [];
  const sampleAt = (metres: number): void => {
    const position = offsetBy(store, metres, direction);
    samples.push({
      ...offsetBy(position, NOISE_M * normal(random), random.next() * 2 * Math.PI),
      afterMs: samples.length * SAMPLE_EVERY_MS,
      accuracyM: ACCURACY_M + random.between(0, 20),
    });
  };
  const move = (from: number, to: number): void => {
    const step = (SPEED_M_PER_S * SAMPLE_EVERY_MS) / 1_000;
    const count = Math.max(1, Math.round(Math.abs(to - from) / step));
    for (let number = 1; number <= count; number++) sampleAt(from + ((to - from) * number) / count);
  };
  sampleAt(START_M);
  move(START_M, radiusM);
  for (let left = random.between(...EDGE_SAMPLES); left > 0; left--) {
    sampleAt(radiusM + random.between(-12, 12));
  }
  const nearest = radiusM * random.next() * 0.6;
  move(radiusM, nearest);
  for (let left = random.between(...INSIDE_SAMPLES); left > 0; left--) sampleAt(nearest);
  move(nearest, START_M);
  return samples;
}

/** Returns a normally distributed number with mean 0 and standard deviation 1 (Box and Muller 1958). */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
