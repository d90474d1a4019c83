/** What was found of each zone beside what the reference says, figure by figure, within one in a hundred. */
import type { ZoneReference } from './track-sets.ts';

/** The stretches of one visitor in one zone, in milliseconds. */
export interface ZoneStretches {
  readonly zone: string;
  readonly visitor: string;
  readonly lengthsMs: readonly number[];
}

export interface Compared {
  readonly zone: string;
  readonly figure: string;
  readonly found: number;
  readonly wanted: number;
  readonly isClose: boolean;
}

const SHARE_MAX = 0.01;

export function compare(
  stretches: readonly ZoneStretches[],
  reference: Readonly<Record<string, ZoneReference>>,
): Compared[] {
  return Object.entries(reference).flatMap(([zone, wanted]) => {
    const own = stretches.filter((one) => one.zone === zone && one.lengthsMs.length > 0);
    const lengths = own.flatMap(({ lengthsMs }) => lengthsMs);
    const atLeast = (seconds: number): number => lengths.filter((ms) => ms >= seconds * 1_000).length;
    const figure = (name: string, found: number, value: number): Compared => ({
      zone,
      figure: name,
      found,
      wanted: value,
      isClose: Math.abs(found - value) <= SHARE_MAX * Math.abs(value),
    });
    return [
      figure('tracks seen', new Set(own.map(({ visitor }) => visitor)).size, wanted.tracks_seen),
      figure('entries', lengths.length, wanted.enter),
      figure('seconds', lengths.reduce((sum, ms) => sum + ms, 0) / 1_000, wanted.zone_seconds),
      figure('entries ≥ 5 s', atLeast(5), wanted.visits_ge_5s),
      figure('entries ≥ 10 s', atLeast(10), wanted.visits_ge_10s),
      figure('entries ≥ 30 s', atLeast(30), wanted.visits_ge_30s),
    ];
  });
}
