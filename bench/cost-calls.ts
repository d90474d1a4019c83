/** Simulates visits through the deployed face flows, and counts the Rekognition calls of each. */
import { DAY_MS } from '#domain/chain/duration.ts';
import { photographs } from '#local/main/photographs.ts';
import { type LookedAt, lookedAt } from '#test/support/looked-at.ts';
import { cropOf, framesOf } from '#test/support/visitor-pictures.ts';
import type { FacePool } from '#vision/engine/face-pool.ts';

export const MODES = ['members', 'visitors'] as const;
export const CAMERAS = ['every frame', 'best shot'] as const;
export type Mode = (typeof MODES)[number];
export type Camera = (typeof CAMERAS)[number];

export type Calls = Readonly<Record<string, number>>;

/** Rate of a camera that sends every frame with a face. */
export const FRAMES_PER_SECOND = 2;
/** How long a face is visible to a camera. */
export const SECONDS_PER_TRACK = 4;
/** A visit passes the cameras at the door and at the till. */
export const TRACKS_PER_VISIT = 2;

/** Returns the number of pictures that a camera sends per track. */
export const picturesPerTrack = (camera: Camera): number =>
  camera === 'every frame' ? FRAMES_PER_SECOND * SECONDS_PER_TRACK : 1;

export interface Measured {
  readonly mode: Mode;
  readonly camera: Camera;
  /** Calls per visit of an unknown visitor. */
  readonly unknown: Calls;
  /** Calls per visit of a known visitor. */
  readonly known: Calls;
  readonly noticesPerPicture: number;
  readonly vectorsPerRecord: number;
  /** Number of people who should have a record. */
  readonly people: number;
  /** Number of stored records; ideally one per person. */
  readonly records: number;
}

/** Number of people in front of the cameras at a time, each in separate frames. */
const AT_ONCE = 4;

const faces = photographs();
const photographOf = (person: number): Uint8Array => faces[person % faces.length] ?? new Uint8Array();
const rendered = new Map<string, Promise<Uint8Array[]>>();

/** Returns the pictures of a person's visit, track by track; rendered once and reused in both modes. */
function visitOf(person: number, visit: number, camera: Camera): Promise<Uint8Array[]> {
  const seed = `${person}/${visit}/${camera}`;
  const pictures = rendered.get(seed) ?? picturesOf(photographOf(person), seed, camera);
  rendered.set(seed, pictures);
  return pictures;
}

function picturesOf(photograph: Uint8Array, seed: string, camera: Camera): Promise<Uint8Array[]> {
  if (camera === 'every frame') {
    return framesOf(photograph, seed, picturesPerTrack(camera) * TRACKS_PER_VISIT);
  }
  const tracks = Array.from({ length: TRACKS_PER_VISIT }, (_, track) => track);
  return Promise.all(tracks.map((track) => cropOf(photograph, `${seed}/${track}`)));
}

/** Simulates a visit of each person. Returns the average calls per visit. */
async function visits(shop: LookedAt, people: readonly number[], visit: number, camera: Camera) {
  const before = shop.calls();
  for (let first = 0; first < people.length; first += AT_ONCE) {
    const group = people.slice(first, first + AT_ONCE);
    const pictures = await Promise.all(group.map((person) => visitOf(person, visit, camera)));
    const steps = picturesPerTrack(camera) * TRACKS_PER_VISIT;
    for (let step = 0; step < steps; step++) {
      await Promise.all(
        group.map((person, index) => {
          const bytes = pictures[index]?.[step] ?? new Uint8Array();
          return camera === 'every frame'
            ? shop.frame(bytes)
            : shop.crop(bytes, `${person}/${visit}/${step}`);
        }),
      );
      await shop.advance(1_000 / FRAMES_PER_SECOND);
    }
    await shop.merge();
  }
  await shop.advance(DAY_MS);
  const counts = Object.entries(shop.calls());
  return Object.fromEntries(
    counts.map(([name, count]) => [name, (count - (before[name] ?? 0)) / people.length]),
  );
}

/**
 * Measures first visits of a number of people, and second visits of a third of them; in members mode, those of as many other
 * people, who have consented.
 */
export async function measure(pool: FacePool, mode: Mode, camera: Camera, people: number): Promise<Measured> {
  const shop = await lookedAt(pool, mode);
  try {
    const newcomers = Array.from({ length: people }, (_, person) => person);
    const third = newcomers.slice(0, Math.max(1, Math.round(people / 3)));
    const returning = mode === 'members' ? third.map((person) => people + person) : third;
    if (mode === 'members') {
      for (const person of returning) {
        await shop.agree(`M${person}`, await cropOf(photographOf(person), 'agreed'));
      }
      await shop.advance(DAY_MS);
      // The first visit after the enrolment adds better pictures, once; it is not part of the measurement.
      await visits(shop, returning, 0, camera);
    }
    const noticesBefore = shop.notices();
    const unknown = await visits(shop, newcomers, 0, camera);
    const known = await visits(shop, returning, 1, camera);
    const pictures = (newcomers.length + returning.length) * TRACKS_PER_VISIT * picturesPerTrack(camera);
    const { users, vectors } = await shop.kept();
    return {
      mode,
      camera,
      unknown,
      known,
      noticesPerPicture: (shop.notices() - noticesBefore) / pictures,
      vectorsPerRecord: vectors / Math.max(1, users),
      people: mode === 'members' ? returning.length : newcomers.length,
      records: users,
    };
  } finally {
    await shop.close();
  }
}
