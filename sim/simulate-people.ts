/**
 * People in the stores of the demonstration chain, told over HTTPS as sensors and cameras tell it: the walks of
 * everybody by the people sensor, and, where the store may know faces, frames of those who pass a camera.
 *
 * Some of the faces come back: by the time somebody looks, there are strangers, second visitors and regulars, and none
 * of them was told to the cloud by name. It has to find out from the pixels.
 */
import { addDays, offsetMinutesAt } from '#domain/chain/business-day.ts';
import type { Store } from '#domain/chain/store.ts';
import { arrivalsMs, livelinessAt } from './day-curve.ts';
import type { DemoChain, DemoStore } from './demo-chain.ts';
import { DOOR_CAMERA, FLOOR_SENSOR, TILL_CAMERA } from './floor-plan.ts';
import { type Random, seededRandom } from './random.ts';
import { renderFrame } from './render-frame.ts';
import { businessDayNow } from './simulate-day.ts';
import { type Walk, walk } from './walk.ts';

export interface SimulatedPeople {
  readonly url: string;
  readonly keyOf: (store: Store) => string;
  readonly chain: DemoChain;
  /** One face each. */
  readonly photographs: readonly Uint8Array[];
  readonly seed: string;
  readonly daysBefore: number;
  readonly nowMs: () => number;
  readonly post: typeof fetch;
  readonly wait: (ms: number) => Promise<void>;
  readonly stop: AbortSignal;
  /** Told of every face that a camera's frame was answered with. */
  readonly onFace?: (seen: SeenFace) => void;
}

export interface SeenFace {
  readonly store: Store;
  readonly outcome: string;
  readonly visitor?: string;
  /** Whether it stood before the camera just now. */
  readonly isLive: boolean;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const RETRY_MS = 1_000;
const TRACKS_PER_POST_MAX = 40;

/** How often somebody walks in while one looks on. */
const LIVE_GAP_MS = 5_000;

/** Who comes next: regulars and strangers in turn, and everybody once before anybody comes again. */
const CAST_STEP = 5;

/** The door camera's frames of one who comes in. */
const DOOR_FRAMES = 2;
const DOOR_FRAME_GAP_MS = 2_500;

/** Of those whom cameras may know, how often each has been here before, in hours ago: a regular, a second visitor … */
const EARLIER_VISITS_HOURS: readonly (readonly number[])[] = [
  [30, 21, 5],
  [28, 19, 4],
  [26, 6],
  [25],
  [22],
  [20],
  [4],
  [3],
];

/** Everybody in the photographs who has not been here is a stranger, for as long as they last. */
const castOf = (photographs: readonly Uint8Array[]) =>
  photographs.map((photograph, index) => ({ photograph, hoursAgo: EARLIER_VISITS_HOURS[index] ?? [] }));

export async function simulatePeople(people: SimulatedPeople): Promise<void> {
  const watched = people.chain.stores.filter(({ senses }) => senses !== 'nothing');
  await Promise.all(watched.map((demo) => backFillWalks(people, demo)));
  await Promise.all(watched.filter(knowsFaces).map((demo) => backFillFaces(people, demo)));
  await Promise.all(watched.map((demo) => goLive(people, demo)));
}

const knowsFaces = ({ senses }: DemoStore): boolean => senses === 'floor and faces';

/** Everybody who walked through the store and left before now. */
async function backFillWalks(people: SimulatedPeople, demo: DemoStore): Promise<void> {
  const nowMs = people.nowMs();
  const today = businessDayNow(demo.store, nowMs);
  const tracks = Array.from({ length: people.daysBefore + 1 }, (_, index) =>
    addDays(today, index - people.daysBefore),
  ).flatMap((day) => {
    const random = seededRandom(`${people.seed}/walks/${demo.store.storeId}/${day}`);
    const offsetMs = offsetMinutesAt(nowMs, demo.store.timeZone) * MINUTE_MS;
    const beginMs = Date.parse(`${day}T00:00:00Z`) - offsetMs + demo.store.dayCutMinutes * MINUTE_MS;
    return arrivalsMs(random, demo.visitorsPerDay, demo.store.dayCutMinutes).map((afterMs, index) => ({
      track: `${day}-${index}`,
      walk: walk(random, beginMs + afterMs),
    }));
  });
  const over = tracks.filter((track) => track.walk.endedAtMs <= nowMs);
  for (let start = 0; start < over.length && !people.stop.aborted; start += TRACKS_PER_POST_MAX) {
    await postTracks(people, demo.store, over.slice(start, start + TRACKS_PER_POST_MAX));
  }
}

/** Earlier visits of some faces, in the order in which they happened. */
async function backFillFaces(people: SimulatedPeople, demo: DemoStore): Promise<void> {
  const nowMs = people.nowMs();
  const random = seededRandom(`${people.seed}/faces/${demo.store.storeId}`);
  const visits = castOf(people.photographs)
    .flatMap(({ photograph, hoursAgo }) =>
      hoursAgo.map((hours) => ({ photograph, atMs: nowMs - hours * HOUR_MS })),
    )
    .sort((a, b) => a.atMs - b.atMs);
  for (const { photograph, atMs } of visits) {
    await passDoor(people, demo, random, photograph, atMs, false);
  }
}

/** People who come in now: each walks, and each is seen at the door where the store may know faces. */
async function goLive(people: SimulatedPeople, demo: DemoStore): Promise<void> {
  const random = seededRandom(`${people.seed}/live/${demo.store.storeId}`);
  const cast = castOf(people.photographs);
  for (let number = 0; !people.stop.aborted; number++) {
    const hour = new Date(people.nowMs() + offsetMinutesAt(people.nowMs(), demo.store.timeZone) * MINUTE_MS);
    const liveliness = Math.max(livelinessAt(hour.getUTCHours()), 0.5);
    await people.wait((-Math.log(1 - random.next()) * LIVE_GAP_MS) / liveliness);
    if (people.stop.aborted) return;
    // The walk is told when it is over, so it began a while ago; the face is seen at its beginning and at its end.
    const planned = walk(random, 0);
    const beganMs = people.nowMs() - planned.endedAtMs;
    await postTracks(people, demo.store, [
      { track: `live-${beganMs}-${number}`, walk: shifted(planned, beganMs) },
    ]);
    const sitter = cast[(number * CAST_STEP) % Math.max(cast.length, 1)];
    if (knowsFaces(demo) && sitter !== undefined) {
      await passDoor(people, demo, random, sitter.photograph, people.nowMs() - DOOR_FRAME_GAP_MS, true);
      if (planned.buys)
        await showFrame(people, demo, random, TILL_CAMERA, sitter.photograph, people.nowMs(), true);
    }
  }
}

const shifted = (planned: Walk, byMs: number): Walk => ({
  ...planned,
  startedAtMs: planned.startedAtMs + byMs,
  endedAtMs: planned.endedAtMs + byMs,
  samples: planned.samples.map(({ at, x, y }) => ({ at: at + byMs, x, y })),
});

async function passDoor(
  people: SimulatedPeople,
  demo: DemoStore,
  random: Random,
  photograph: Uint8Array,
  atMs: number,
  isLive: boolean,
): Promise<void> {
  for (let frame = 0; frame < DOOR_FRAMES && !people.stop.aborted; frame++) {
    const at = atMs + frame * DOOR_FRAME_GAP_MS;
    await showFrame(people, demo, random, DOOR_CAMERA, photograph, at, isLive);
  }
}

interface FrameResponse {
  readonly faces?: ReadonlyArray<{ readonly outcome: string; readonly visitor?: string }>;
}

async function showFrame(
  people: SimulatedPeople,
  demo: DemoStore,
  random: Random,
  camera: string,
  photograph: Uint8Array,
  atMs: number,
  isLive: boolean,
): Promise<void> {
  const path = `/v1/frames?camera=${camera}&at=${new Date(Math.round(atMs)).toISOString()}`;
  const body = await renderFrame(random, [{ photograph }]);
  const answer = (await deliver(people, demo.store, path, 'image/jpeg', body)) as FrameResponse | undefined;
  for (const { outcome, visitor } of answer?.faces ?? []) {
    people.onFace?.({
      store: demo.store,
      outcome,
      isLive,
      ...(visitor === undefined ? {} : { visitor }),
    });
  }
}

async function postTracks(
  people: SimulatedPeople,
  store: Store,
  tracks: ReadonlyArray<{ readonly track: string; readonly walk: Walk }>,
): Promise<void> {
  const sightings = tracks.map(({ track, walk: { samples } }) => ({
    kind: 'track',
    sensor: FLOOR_SENSOR,
    track,
    samples,
  }));
  await deliver(people, store, '/v1/sightings', 'application/json', JSON.stringify({ sightings }));
}

/** Posts until it is answered. What is refused would be a fault of the simulation, and is thrown. */
async function deliver(
  { url, keyOf, post, wait, stop }: SimulatedPeople,
  store: Store,
  path: string,
  type: string,
  body: string | Uint8Array,
): Promise<unknown> {
  while (!stop.aborted) {
    const answer = await answered(post, new URL(path, url), {
      method: 'POST',
      headers: { 'content-type': type, authorization: `Bearer ${keyOf(store)}` },
      body: typeof body === 'string' ? body : new Blob([new Uint8Array(body)]),
      signal: stop,
    });
    if (answer !== undefined && answer.status < 400) return answer.body;
    if (answer !== undefined && answer.status < 500 && answer.status !== 429) {
      throw new Error(
        `a sensor of ${store.storeId} was refused: ${answer.status} ${JSON.stringify(answer.body)}`,
      );
    }
    await wait(RETRY_MS);
  }
  return undefined;
}

/** One try; undefined where nobody answered. */
async function answered(
  post: typeof fetch,
  url: URL,
  request: RequestInit,
): Promise<{ status: number; body: unknown } | undefined> {
  try {
    const response = await post(url, request);
    return { status: response.status, body: await response.json() };
  } catch {
    // The network's trouble, and answers that are no JSON, come from what stands between; a sensor tries again.
    return undefined;
  }
}
