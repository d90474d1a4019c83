/**
 * Simulates visitors in the stores over HTTPS, as their sensors and cameras post: tracks of all visitors by the people
 * sensor, and frames of those who pass a camera in stores with face recognition.
 *
 * Some faces return, so that there are first visits, second visits and regulars. The cloud gets no identities; it recognises
 * them from the pixels.
 */
import { addDays, offsetMinutesAt } from '#domain/chain/business-day.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#domain/chain/duration.ts';
import type { Store } from '#domain/chain/store.ts';
import type { DemoChain, DemoStore } from '../chain/demo-chain.ts';
import { DOOR_CAMERA, FLOOR_SENSOR, TILL_CAMERA } from '../chain/floor-plan.ts';
import { type Random, seededRandom } from '../random.ts';
import { arrivalsMs, trafficAt } from '../tills/arrivals.ts';
import { businessDayNow } from '../tills/simulate-tills.ts';
import { type FloorWalk, floorWalk } from './floor-walk.ts';
import { renderFrame } from './render-frame.ts';

export interface VisitorSimulation {
  readonly url: string;
  readonly keyOf: (store: Store) => string;
  readonly chain: DemoChain;
  /** JPEGs with one face each. */
  readonly photographs: readonly Uint8Array[];
  readonly seed: string;
  readonly daysBefore: number;
  /** Factor of the live traffic over that of a real store; the same as that of the tills, or more would buy than come in. */
  readonly speed: number;
  readonly nowMs: () => number;
  readonly post: typeof fetch;
  readonly wait: (ms: number) => Promise<void>;
  readonly stop: AbortSignal;
  /** Called for every face in the response to a frame. */
  readonly onFace?: (seen: SeenFace) => void;
}

export interface SeenFace {
  readonly store: Store;
  readonly outcome: string;
  readonly visitor?: string;
  /** Whether it was seen during the simulation, rather than before its start. */
  readonly isLive: boolean;
}

const RETRY_MS = 1_000;
const TRACKS_PER_POST_MAX = 40;

/** Mean gap between visitors who pass a camera at average traffic: pictures take longer than tracks. */
const FACE_GAP_MS = 5_000;

/** Minimum live traffic, as at the tills. */
const TRAFFIC_MIN = 0.5;

/** Step through the visitors, which mixes regulars with new ones and shows each once before any returns. */
const VISITOR_STEP = 5;

/** Frames of the door camera per entering visitor. */
const DOOR_FRAMES = 2;
const DOOR_FRAME_GAP_MS = 2_500;

/** Earlier visits by photograph, in hours ago: regulars first, then second visitors; further photographs have none. */
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

const visitorsOf = (photographs: readonly Uint8Array[]) =>
  photographs.map((photograph, index) => ({ photograph, hoursAgo: EARLIER_VISITS_HOURS[index] ?? [] }));

/** Runs until stopped. Throws where the server refuses a request, which is a defect of the simulation. */
export async function simulateVisitors(simulation: VisitorSimulation): Promise<void> {
  const equipped = simulation.chain.stores.filter(({ sensors }) => sensors !== 'none');
  await Promise.all(equipped.map((demo) => backfillTracks(simulation, demo)));
  await Promise.all(equipped.filter(hasFaces).map((demo) => backfillFaces(simulation, demo)));
  await Promise.all([
    ...equipped.map((demo) => postLiveTracks(simulation, demo)),
    ...equipped.filter(hasFaces).map((demo) => postLiveFaces(simulation, demo)),
  ]);
}

const hasFaces = ({ sensors }: DemoStore): boolean => sensors === 'floor and faces';

/** Posts the tracks of all visitors who have left the store before now. */
async function backfillTracks(simulation: VisitorSimulation, demo: DemoStore): Promise<void> {
  const { daysBefore, seed, stop } = simulation;
  const nowMs = simulation.nowMs();
  const today = businessDayNow(demo.store, nowMs);
  const tracks = Array.from({ length: daysBefore + 1 }, (_, index) =>
    addDays(today, index - daysBefore),
  ).flatMap((day) => {
    const random = seededRandom(`${seed}/walks/${demo.store.storeId}/${day}`);
    const offsetMs = offsetMinutesAt(nowMs, demo.store.timeZone) * MINUTE_MS;
    const beginMs = Date.parse(`${day}T00:00:00Z`) - offsetMs + demo.store.dayCutMinutes * MINUTE_MS;
    return arrivalsMs(random, demo.visitorsPerDay, demo.store.dayCutMinutes).map((afterMs, index) => ({
      track: `${day}-${index}`,
      walk: floorWalk(random, beginMs + afterMs),
    }));
  });
  const ended = tracks.filter((track) => track.walk.endedAtMs <= nowMs);
  for (let start = 0; start < ended.length && !stop.aborted; start += TRACKS_PER_POST_MAX) {
    await postTracks(simulation, demo.store, ended.slice(start, start + TRACKS_PER_POST_MAX));
  }
}

/** Posts frames of earlier visits, in chronological order. */
async function backfillFaces(simulation: VisitorSimulation, demo: DemoStore): Promise<void> {
  const nowMs = simulation.nowMs();
  const random = seededRandom(`${simulation.seed}/faces/${demo.store.storeId}`);
  const visits = visitorsOf(simulation.photographs)
    .flatMap(({ photograph, hoursAgo }) =>
      hoursAgo.map((hours) => ({ photograph, atMs: nowMs - hours * HOUR_MS })),
    )
    .sort((a, b) => a.atMs - b.atMs);
  for (const { photograph, atMs } of visits) {
    await passDoor(simulation, demo, random, photograph, atMs, false);
  }
}

/** Waits until the next visitor; gaps are exponentially distributed around a mean at average traffic. */
async function waitForNext(
  { nowMs, wait }: VisitorSimulation,
  { store }: DemoStore,
  random: Random,
  meanGapMs: number,
): Promise<void> {
  const localMs = nowMs() + offsetMinutesAt(nowMs(), store.timeZone) * MINUTE_MS;
  const traffic = Math.max(trafficAt(new Date(localMs).getUTCHours()), TRAFFIC_MIN);
  await wait((-Math.log(1 - random.next()) * meanGapMs) / traffic);
}

/** Posts a track per live visitor. */
async function postLiveTracks(simulation: VisitorSimulation, demo: DemoStore): Promise<void> {
  const { seed, speed, stop, nowMs } = simulation;
  const random = seededRandom(`${seed}/live/${demo.store.storeId}`);
  const meanGapMs = DAY_MS / (demo.visitorsPerDay * speed);
  for (let number = 0; !stop.aborted; number++) {
    await waitForNext(simulation, demo, random, meanGapMs);
    if (stop.aborted) return;
    // A track is posted when it has ended, so it started before now.
    const planned = floorWalk(random, 0);
    const startedAtMs = nowMs() - planned.endedAtMs;
    await postTracks(simulation, demo.store, [
      { track: `live-${Math.floor(startedAtMs)}-${number}`, walk: shifted(planned, startedAtMs) },
    ]);
  }
}

/** Posts frames of live visitors at the door and of some of them at the till, in stores with face recognition. */
async function postLiveFaces(simulation: VisitorSimulation, demo: DemoStore): Promise<void> {
  const { seed, photographs, stop, nowMs } = simulation;
  const random = seededRandom(`${seed}/live-faces/${demo.store.storeId}`);
  const visitors = visitorsOf(photographs);
  for (let number = 0; !stop.aborted; number++) {
    await waitForNext(simulation, demo, random, FACE_GAP_MS);
    const visitor = visitors[(number * VISITOR_STEP) % Math.max(visitors.length, 1)];
    if (stop.aborted || visitor === undefined) return;
    await passDoor(simulation, demo, random, visitor.photograph, nowMs() - DOOR_FRAME_GAP_MS, true);
    if (floorWalk(random, 0).buys)
      await postFrame(simulation, demo, random, TILL_CAMERA, visitor.photograph, nowMs(), true);
  }
}

const shifted = (planned: FloorWalk, byMs: number): FloorWalk => ({
  ...planned,
  startedAtMs: planned.startedAtMs + byMs,
  endedAtMs: planned.endedAtMs + byMs,
  samples: planned.samples.map(({ at, x, y }) => ({ at: at + byMs, x, y })),
});

async function passDoor(
  simulation: VisitorSimulation,
  demo: DemoStore,
  random: Random,
  photograph: Uint8Array,
  atMs: number,
  isLive: boolean,
): Promise<void> {
  for (let frame = 0; frame < DOOR_FRAMES && !simulation.stop.aborted; frame++) {
    const frameAtMs = atMs + frame * DOOR_FRAME_GAP_MS;
    await postFrame(simulation, demo, random, DOOR_CAMERA, photograph, frameAtMs, isLive);
  }
}

interface FrameResponse {
  readonly faces?: ReadonlyArray<{ readonly outcome: string; readonly visitor?: string }>;
}

async function postFrame(
  simulation: VisitorSimulation,
  demo: DemoStore,
  random: Random,
  camera: string,
  photograph: Uint8Array,
  atMs: number,
  isLive: boolean,
): Promise<void> {
  const path = `/v1/frames?camera=${camera}&at=${new Date(Math.round(atMs)).toISOString()}`;
  const body = await renderFrame(random, [{ photograph }]);
  const response = (await deliver(simulation, demo.store, path, 'image/jpeg', body)) as
    | FrameResponse
    | undefined;
  for (const { outcome, visitor } of response?.faces ?? []) {
    simulation.onFace?.({
      store: demo.store,
      outcome,
      isLive,
      ...(visitor === undefined ? {} : { visitor }),
    });
  }
}

async function postTracks(
  simulation: VisitorSimulation,
  store: Store,
  tracks: ReadonlyArray<{ readonly track: string; readonly walk: FloorWalk }>,
): Promise<void> {
  const sightings = tracks.map(({ track, walk: { samples } }) => ({
    kind: 'track',
    sensor: FLOOR_SENSOR,
    track,
    samples,
  }));
  await deliver(simulation, store, '/v1/sightings', 'application/json', JSON.stringify({ sightings }));
}

/** Posts until the server responds. Returns the body; undefined when stopped. Throws where the request is refused. */
async function deliver(
  { url, keyOf, post, wait, stop }: VisitorSimulation,
  store: Store,
  path: string,
  type: string,
  body: string | Uint8Array,
): Promise<unknown> {
  while (!stop.aborted) {
    const response = await postOnce(post, new URL(path, url), {
      method: 'POST',
      headers: { 'content-type': type, authorization: `Bearer ${keyOf(store)}` },
      body: typeof body === 'string' ? body : new Blob([new Uint8Array(body)]),
      signal: stop,
    });
    if (response !== undefined && response.status < 400) return response.body;
    if (response !== undefined && response.status < 500 && response.status !== 429) {
      const detail = `${response.status} ${JSON.stringify(response.body)}`;
      throw new Error(`a request of the simulated sensors of ${store.storeId} was refused: ${detail}`);
    }
    await wait(RETRY_MS);
  }
  return undefined;
}

/** Posts once. Returns undefined where the server is unreachable. */
async function postOnce(
  post: typeof fetch,
  url: URL,
  request: RequestInit,
): Promise<{ status: number; body: unknown } | undefined> {
  try {
    const response = await post(url, request);
    return { status: response.status, body: await response.json() };
  } catch {
    // Network errors and responses without JSON (from proxies) are retried.
    return undefined;
  }
}
