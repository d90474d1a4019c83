/**
 * Three sets of real tracks that others recorded, and what their references say of zones: a lobby filmed from above,
 * a pavement before a shop window, the stream of a 3D people sensor. Nothing here computes an answer; tracks are
 * only read, and shifted by a constant to a day on which sightings are taken.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Point } from '#domain/place/visits/sensor.ts';

export interface TrackSample extends Point {
  /** As the set counts time. */
  readonly atMs: number;
}

export interface ZoneReference {
  readonly polygon: ReadonlyArray<readonly [number, number]>;
  readonly tracks_seen: number;
  readonly enter: number;
  readonly zone_seconds: number;
  readonly visits_ge_5s: number;
  readonly visits_ge_10s: number;
  readonly visits_ge_30s: number;
}

export interface TrackSet {
  readonly name: string;
  readonly folder: string;
  readonly sampleGapMsMax: number;
  readonly read: (folder: string) => {
    readonly tracks: ReadonlyMap<string, readonly TrackSample[]>;
    readonly zones: Readonly<Record<string, ZoneReference>>;
    /** How many tracks and samples the reference has, where its reader may have read other ones. */
    readonly counts: { readonly tracks: number; readonly samples: number };
  };
}

interface Reference {
  readonly tracks: number;
  readonly samples: number;
  readonly zones: Readonly<Record<string, ZoneReference>>;
}

const referenceOf = <Found>(folder: string): Found =>
  JSON.parse(readFileSync(join(folder, 'reference.json'), 'utf8')) as Found;

const linesOf = (folder: string, file: string): string[] => {
  const bytes = readFileSync(join(folder, file));
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.split(/\r?\n/).filter((line) => line !== '');
};

const counted = ({ tracks, samples, zones }: Reference) => ({ counts: { tracks, samples }, zones });

/** Samples by id, in the order of time. */
function byId(rows: ReadonlyArray<TrackSample & { readonly id: string }>): Map<string, TrackSample[]> {
  const tracks = new Map<string, TrackSample[]>();
  for (const { id, ...sample } of [...rows].sort((a, b) => a.atMs - b.atMs)) {
    const known = tracks.get(id);
    if (known === undefined) tracks.set(id, [sample]);
    else known.push(sample);
  }
  return tracks;
}

/** Ids that are reused for another person: a gap begins another track. */
function partedAtGaps(
  tracks: ReadonlyMap<string, TrackSample[]>,
  gapMsMax: number,
): Map<string, TrackSample[]> {
  const parted = new Map<string, TrackSample[]>();
  for (const [id, samples] of tracks) {
    let number = 0;
    samples.forEach((sample, index) => {
      const before = samples[index - 1];
      if (before === undefined || sample.atMs - before.atMs > gapMsMax) number++;
      const name = `${id}-${number}`;
      parted.set(name, [...(parted.get(name) ?? []), sample]);
    });
  }
  return parted;
}

const CAVIAR_GAP_MS = 1_000;

export const TRACK_SETS: readonly TrackSet[] = [
  {
    name: 'caviar',
    folder: 'tracks-caviar',
    sampleGapMsMax: CAVIAR_GAP_MS,
    read: (folder) => {
      // coord|680|680|true|id0|262|285
      const rows = linesOf(folder, 'movementB.csv.gz').flatMap((line) => {
        const [kind, at, , , id = '', x, y] = line.split('|');
        return kind === 'coord' ? [{ id, atMs: Number(at), x: Number(x), y: Number(y) }] : [];
      });
      return {
        tracks: partedAtGaps(byId(rows), CAVIAR_GAP_MS),
        ...counted(referenceOf<Reference>(folder)),
      };
    },
  },
  {
    name: 'zara01',
    folder: 'tracks-zara01',
    sampleGapMsMax: 400,
    read: (folder) => {
      // person_id,frame,x_px,y_px at 25 frames per second
      const [, ...lines] = linesOf(folder, 'zara01_tracks.csv.gz');
      const rows = lines.map((line) => {
        const [id = '', frame, x, y] = line.split(',');
        return { id, atMs: Number(frame) * 40, x: Number(x), y: Number(y) };
      });
      const { scenes } = referenceOf<{ scenes: { zara01: Reference } }>(folder);
      return { tracks: byId(rows), ...counted(scenes.zara01) };
    },
  },
  {
    name: 'xovis',
    folder: 'tracks-xovis',
    sampleGapMsMax: 1_000,
    read: (folder) => {
      // ;time;id;x;y;height;cam
      const [, ...lines] = linesOf(folder, 'raw_xovis.csv');
      const rows = lines.map((line) => {
        const [, time, id = '', x, y] = line.split(';');
        return { id, atMs: Number(time), x: Number(x), y: Number(y) };
      });
      return { tracks: byId(rows), ...counted(referenceOf<Reference>(folder)) };
    },
  },
];
