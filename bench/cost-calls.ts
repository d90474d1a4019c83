/** Visits of people, looked at by the shipped flows, and how many calls each came to. */
import { photographs } from '#local/main/photographs.ts';
import { type LookedAt, lookedAt } from '#test/support/looked-at.ts';
import { cropOf, framesOf } from '#test/support/visitor-pictures.ts';
import type { FacePool } from '#vision/engine/face-pool.ts';

export const MODES = ['members', 'visitors'] as const;
export const CAMERAS = ['every frame', 'best shot'] as const;
export type Mode = (typeof MODES)[number];
export type Camera = (typeof CAMERAS)[number];

export type Calls = Readonly<Record<string, number>>;

/** A camera that sends while it sees a face, and how long it sees one. */
export const FRAMES_PER_SECOND = 2;
export const SECONDS_PER_TRACK = 4;
/** A visit passes the camera at the door and the one at the till. */
export const TRACKS_PER_VISIT = 2;

export const picturesPerTrack = (camera: Camera): number =>
  camera === 'every frame' ? FRAMES_PER_SECOND * SECONDS_PER_TRACK : 1;

export interface Measured {
  readonly mode: Mode;
  readonly camera: Camera;
  /** Calls of a visit of somebody who is not known, and of somebody who is. */
  readonly unknown: Calls;
  readonly known: Calls;
  readonly noticesPerPicture: number;
  readonly vectorsPerRecord: number;
  /** Whom there is a record of, and the records: one each, where all goes well. */
  readonly people: number;
  readonly records: number;
}

/** So many are before the cameras at a time, in frames of their own. */
const AT_ONCE = 4;
const DAY_MS = 86_400_000;

const sitters = photographs();
const sitterOf = (person: number): Uint8Array => sitters[person % sitters.length] ?? new Uint8Array();
const made = new Map<string, Promise<Uint8Array[]>>();

/** What is sent of a person's visit, track by track; made once, and the same in both modes. */
function visitOf(person: number, visit: number, camera: Camera): Promise<Uint8Array[]> {
  const seed = `${person}/${visit}/${camera}`;
  const sent = made.get(seed) ?? picturesOf(sitterOf(person), seed, camera);
  made.set(seed, sent);
  return sent;
}

function picturesOf(photograph: Uint8Array, seed: string, camera: Camera): Promise<Uint8Array[]> {
  if (camera === 'every frame') {
    return framesOf(photograph, seed, picturesPerTrack(camera) * TRACKS_PER_VISIT);
  }
  const tracks = Array.from({ length: TRACKS_PER_VISIT }, (_, track) => track);
  return Promise.all(tracks.map((track) => cropOf(photograph, `${seed}/${track}`)));
}

/** A visit of each; calls per visit. */
async function visits(shop: LookedAt, people: readonly number[], visit: number, camera: Camera) {
  const before = shop.calls();
  for (let first = 0; first < people.length; first += AT_ONCE) {
    const group = people.slice(first, first + AT_ONCE);
    const sent = await Promise.all(group.map((person) => visitOf(person, visit, camera)));
    const moments = picturesPerTrack(camera) * TRACKS_PER_VISIT;
    for (let moment = 0; moment < moments; moment++) {
      await Promise.all(
        group.map((person, place) => {
          const bytes = sent[place]?.[moment] ?? new Uint8Array();
          return camera === 'every frame'
            ? shop.frame(bytes)
            : shop.crop(bytes, `${person}/${visit}/${moment}`);
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

/** First visits of so many people, and second visits of a third of them; in members mode, of others, who agreed. */
export async function measure(pool: FacePool, mode: Mode, camera: Camera, people: number): Promise<Measured> {
  const shop = await lookedAt(pool, mode);
  try {
    const strangers = Array.from({ length: people }, (_, person) => person);
    const some = strangers.slice(0, Math.max(1, Math.round(people / 3)));
    const friends = mode === 'members' ? some.map((person) => people + person) : some;
    if (mode === 'members') {
      for (const person of friends) await shop.agree(`M${person}`, await cropOf(sitterOf(person), 'agreed'));
      await shop.advance(DAY_MS);
      // On their first visit since, better pictures are added to the one they agreed by; it happens once.
      await visits(shop, friends, 0, camera);
    }
    const noticesBefore = shop.notices();
    const unknown = await visits(shop, strangers, 0, camera);
    const known = await visits(shop, friends, 1, camera);
    const pictures = (strangers.length + friends.length) * TRACKS_PER_VISIT * picturesPerTrack(camera);
    const { users, vectors } = await shop.kept();
    return {
      mode,
      camera,
      unknown,
      known,
      noticesPerPicture: (shop.notices() - noticesBefore) / pictures,
      vectorsPerRecord: vectors / Math.max(1, users),
      people: mode === 'members' ? friends.length : strangers.length,
      records: users,
    };
  } finally {
    await shop.close();
  }
}
