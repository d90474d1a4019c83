/**
 * From positions to presence in zones. A device samples where a body is, some ten times a second or once; what lies
 * between two samples is settled by one rule, and everything that is said of dwell follows from it:
 *
 * A sample holds its position until the next sample of the same track, when that comes within the sensor's gap, and
 * otherwise for no time at all. A body is in a zone for an unbroken run of samples inside it, from the first of them
 * to the end of the last one's hold. Where it is in no zone, it is still present.
 *
 * A track may be cut into parts anywhere, if each part repeats the last sample of the one before: the presences of
 * the parts, joined, are those of the whole.
 */
import type { ZoneId } from '../../chain/ids.ts';
import { type Sensor, zonesAt } from './sensor.ts';
import type { Presence } from './sighting.ts';

export interface Sample {
  readonly atMs: number;
  readonly x: number;
  readonly y: number;
}

/** A run that is not over yet: where it began, and how far its samples hold. */
interface Run {
  readonly fromMs: number;
  toMs: number;
}

/** Presence in no zone is a run of its own, under no zone's name. */
type Place = ZoneId | undefined;

/**
 * Returns the presences of one track in the order of their beginnings; samples are given in the order of
 * time.
 */
export function zonePresences(
  sensor: Pick<Sensor, 'zones' | 'sampleGapMsMax'>,
  samples: readonly Sample[],
): Presence[] {
  const presences: Presence[] = [];
  const open = new Map<Place, Run>();
  const end = (place: Place, { fromMs, toMs }: Run): void => {
    open.delete(place);
    presences.push({ kind: 'tracked', ...(place === undefined ? {} : { zoneId: place }), fromMs, toMs });
  };
  samples.forEach((sample, index) => {
    const zones = zonesAt(sensor, sample);
    const places = new Set<Place>(zones.length === 0 ? [undefined] : zones);
    const next = samples[index + 1];
    const isFollowed = next !== undefined && next.atMs - sample.atMs <= sensor.sampleGapMsMax;
    const holdsUntilMs = isFollowed ? next.atMs : sample.atMs;
    for (const [place, run] of open) if (!places.has(place)) end(place, run);
    for (const place of places) {
      const run = open.get(place);
      if (run === undefined) open.set(place, { fromMs: sample.atMs, toMs: holdsUntilMs });
      else run.toMs = holdsUntilMs;
    }
    // A gap ends every run: the position is unknown.
    if (!isFollowed) for (const [place, run] of open) end(place, run);
  });
  return presences.sort((a, b) => a.fromMs - b.fromMs);
}
