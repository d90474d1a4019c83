/**
 * The samples of a track and the times of devices: read one by one, so that whatever is wrong costs no more than it
 * is told.
 */
import * as v from 'valibot';
import { SampleInput } from '#contracts/http/sightings.ts';
import type { Sample } from '#domain/place/visits/zone-presence.ts';

/** Devices keep time by the network; five minutes ahead is a clock that nobody has set. */
export const SIGHTING_AHEAD_MS_MAX = 5 * 60_000;
/** Before this, a device's clock has lost its battery. */
const EARLIEST_MS = Date.UTC(2000, 0, 1);
/** Who is followed for longer is sent in parts: a stretch of days in one piece is a clock that has jumped. */
export const SPAN_MS_MAX = 24 * 3_600_000;

type Path = ReadonlyArray<string | number>;

/** What is wrong, and where in the body. */
export type PlacedFault = readonly [Path, string];

export function faultsOfInstant(ms: number, path: Path, nowMs: number): PlacedFault[] {
  if (ms > nowMs + SIGHTING_AHEAD_MS_MAX) return [[path, 'is more than five minutes ahead of now']];
  return ms < EARLIEST_MS ? [[path, 'is before the year 2000']] : [];
}

/** The samples in the order of time, or the first of what is wrong with them. */
export function samplesOf(
  bodies: readonly unknown[],
  nowMs: number,
  faultsMax: number,
): { readonly samples: readonly Sample[] } | { readonly faults: readonly PlacedFault[] } {
  const samples: Sample[] = [];
  const faults: PlacedFault[] = [];
  for (const [index, body] of bodies.entries()) {
    if (faults.length > faultsMax) break;
    const at = ['samples', index];
    const parsed = v.safeParse(SampleInput, body);
    if (!parsed.success) {
      faults.push(...parsed.issues.map(({ path, message }) => placed([...at, ...keysOf(path)], message)));
      continue;
    }
    const { at: atMs, x, y } = parsed.output;
    faults.push(...faultsOfInstant(atMs, [...at, 'at'], nowMs));
    const before = samples.at(-1);
    if (before !== undefined && atMs < before.atMs) {
      faults.push([[...at, 'at'], 'must not be before the sample before']);
    }
    samples.push({ atMs, x, y });
  }
  const [first, last] = [samples[0], samples.at(-1)];
  if (
    faults.length === 0 &&
    first !== undefined &&
    last !== undefined &&
    last.atMs - first.atMs > SPAN_MS_MAX
  ) {
    const path = ['samples', samples.length - 1, 'at'];
    return { faults: [[path, 'must not be more than a day after the first sample; send it in parts']] };
  }
  return faults.length > 0 ? { faults } : { samples };
}

const placed = (path: Path, detail: string): PlacedFault => [path, detail];

const keysOf = (path: v.BaseIssue<unknown>['path']): Array<string | number> =>
  (path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
