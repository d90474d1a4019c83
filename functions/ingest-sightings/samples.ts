/** Validates the samples of a track one by one, and stops once it has found as many errors as are reported. */
import * as v from 'valibot';
import { SampleInput } from '#contracts/http/sightings.ts';
import type { Sample } from '#domain/place/visits/zone-presence.ts';

/** Devices synchronise their clocks by the network; a clock five minutes ahead was never set. */
export const SIGHTING_AHEAD_MS_MAX = 5 * 60_000;
/** An earlier time means that the device's clock lost its battery. */
const EARLIEST_MS = Date.UTC(2000, 0, 1);
/** Longer tracks are sent in parts: a span of days in one piece means that the clock has jumped. */
export const SPAN_MS_MAX = 24 * 3_600_000;

type Path = ReadonlyArray<string | number>;

/** An error and its path in the body. */
export type PathError = readonly [Path, string];

/** Returns the error of a time, if it has one. */
export function errorsOfInstant(ms: number, path: Path, nowMs: number): PathError[] {
  if (ms > nowMs + SIGHTING_AHEAD_MS_MAX) return [[path, 'is more than five minutes ahead of now']];
  return ms < EARLIEST_MS ? [[path, 'is before the year 2000']] : [];
}

/** Returns the samples in the order of time, or their first errors. */
export function samplesOf(
  bodies: readonly unknown[],
  nowMs: number,
  errorsMax: number,
): { readonly samples: readonly Sample[] } | { readonly errors: readonly PathError[] } {
  const samples: Sample[] = [];
  const errors: PathError[] = [];
  for (const [index, body] of bodies.entries()) {
    if (errors.length > errorsMax) break;
    const at = ['samples', index];
    const parsed = v.safeParse(SampleInput, body);
    if (!parsed.success) {
      errors.push(...parsed.issues.map(({ path, message }) => placed([...at, ...keysOf(path)], message)));
      continue;
    }
    const { at: atMs, x, y } = parsed.output;
    errors.push(...errorsOfInstant(atMs, [...at, 'at'], nowMs));
    const before = samples.at(-1);
    if (before !== undefined && atMs < before.atMs) {
      errors.push([[...at, 'at'], 'must not be earlier than the previous sample']);
    }
    samples.push({ atMs, x, y });
  }
  const [first, last] = [samples[0], samples.at(-1)];
  if (
    errors.length === 0 &&
    first !== undefined &&
    last !== undefined &&
    last.atMs - first.atMs > SPAN_MS_MAX
  ) {
    const path = ['samples', samples.length - 1, 'at'];
    return { errors: [[path, 'must not be more than a day after the first sample; send it in parts']] };
  }
  return errors.length > 0 ? { errors } : { samples };
}

const placed = (path: Path, detail: string): PathError => [path, detail];

const keysOf = (path: v.BaseIssue<unknown>['path']): Array<string | number> =>
  (path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
