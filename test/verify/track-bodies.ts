/**
 * A set of tracks as a device would post it: cut into parts of which each begins with the last sample of the one
 * before, in batches that stay below what a request may weigh. Then once more in another order, because networks do
 * that.
 */
import { SAMPLES_MAX } from '#contracts/http/sightings.ts';
import type { TrackSample } from './track-sets.ts';

export const SENSOR_ID = 'sensor-1';
/** Small enough that every long track is cut a few times. */
const PART_SAMPLES = Math.min(150, SAMPLES_MAX);
/** Some 40 bytes each. */
const BATCH_SAMPLES_MAX = 15_000;
const BATCH_PARTS_MAX = 400;

interface Part {
  readonly kind: 'track';
  readonly sensor: string;
  readonly track: string;
  readonly samples: ReadonlyArray<{ readonly at: number; readonly x: number; readonly y: number }>;
}

function partsOf(track: string, samples: readonly TrackSample[], shiftMs: number): Part[] {
  const parts: Part[] = [];
  for (let from = 0; from === 0 || from < samples.length - 1; from += PART_SAMPLES - 1) {
    parts.push({
      kind: 'track',
      sensor: SENSOR_ID,
      track,
      samples: samples
        .slice(from, from + PART_SAMPLES)
        .map(({ atMs, x, y }) => ({ at: atMs + shiftMs, x, y })),
    });
  }
  return parts;
}

/** The request bodies that post all tracks; `beginMs` is when the first of them begins. */
export function bodiesOf(
  tracks: ReadonlyMap<string, readonly TrackSample[]>,
  beginMs: number,
): Array<{ readonly sightings: readonly Part[] }> {
  const firstMs = [...tracks.values()].reduce(
    (first, samples) => Math.min(first, samples[0]?.atMs ?? first),
    Number.POSITIVE_INFINITY,
  );
  const parts = [...tracks].flatMap(([track, samples]) => partsOf(track, samples, beginMs - firstMs));
  // Twice: as they come, and once more from the last to the first.
  return [...batched(parts), ...batched([...parts].reverse())];
}

function batched(parts: readonly Part[]): Array<{ sightings: Part[] }> {
  const batches: Array<{ sightings: Part[] }> = [];
  let samples = Number.POSITIVE_INFINITY;
  for (const part of parts) {
    const current = batches.at(-1);
    samples += part.samples.length;
    if (current === undefined || samples > BATCH_SAMPLES_MAX || current.sightings.length >= BATCH_PARTS_MAX) {
      batches.push({ sightings: [part] });
      samples = part.samples.length;
    } else current.sightings.push(part);
  }
  return batches;
}
