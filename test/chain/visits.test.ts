/**
 * From pixels and tracks to visits, on the whole local cloud: what sensors and cameras post over HTTP becomes footfall,
 * visits and known faces, through the functions that are deployed and a real face engine.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import { type Cloud, startCloud } from '#local/cloud.ts';
import { photographs } from '#local/main/photographs.ts';
import { keyName, seedDemoChain } from '#local/main/seed-demo-chain.ts';
import { demoChain } from '#sim/chain/demo-chain.ts';
import { DOOR_CAMERA, FLOOR_SENSOR } from '#sim/chain/floor-plan.ts';
import { seededRandom } from '#sim/random.ts';
import { businessDayNow } from '#sim/tills/simulate-tills.ts';
import { floorWalk } from '#sim/visitors/floor-walk.ts';
import { renderFrame } from '#sim/visitors/render-frame.ts';

/** What is told of visits long over waits for the run of each minute; two cores may be shared with every other test. */
const JOINED_MS_MAX = 150_000;
const TEST_MS_MAX = 240_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WALKERS = 25;

let cloud: Cloud;
let keys: Record<string, string>;
const random = seededRandom('visits');

beforeAll(async () => {
  cloud = await startCloud({ port: 0 });
  keys = await seedDemoChain(cloud, demoChain, undefined);
}, TEST_MS_MAX);
afterAll(async () => {
  await cloud?.close();
});

const sensorKey = (storeId: string) => `Bearer ${keys[keyName(storeId, 'sensors')]}`;

const postTracks = (storeId: string, tracks: ReadonlyArray<{ track: string; samples: unknown }>) =>
  fetch(`${cloud.url}/v1/sightings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: sensorKey(storeId) },
    body: JSON.stringify({
      sightings: tracks.map((one) => ({ kind: 'track', sensor: FLOOR_SENSOR, ...one })),
    }),
  });

const showFrame = (storeId: string, frame: Uint8Array, atMs: number) =>
  fetch(`${cloud.url}/v1/frames?camera=${DOOR_CAMERA}&at=${new Date(atMs).toISOString()}`, {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg', authorization: sensorKey(storeId) },
    body: new Blob([new Uint8Array(frame)]),
  });

async function get(path: string) {
  const { access_token } = await (await fetch(`${cloud.url}/oidc/token-for?person=boss`)).json();
  const response = await fetch(cloud.url + path, { headers: { authorization: `Bearer ${access_token}` } });
  return { status: response.status, body: await response.json() };
}

const dayOf = (storeId: string, atMs: number): BusinessDay => {
  const demo = demoChain.stores.find(({ store }) => store.storeId === storeId);
  if (demo === undefined) throw new Error(`${storeId} is gone`);
  return businessDayNow(demo.store, atMs);
};

const figure = async (storeId: string, atMs: number, kpi: string): Promise<string | null> => {
  const day = dayOf(storeId, atMs);
  const { body } = await get(`/v1/figures?scope=store:${storeId}&from=${day}&to=${day}`);
  return body.total.figures[kpi].value;
};

const until = (promise: () => Promise<void>) =>
  vi.waitFor(promise, { timeout: JOINED_MS_MAX, interval: 500 });

describe('what sensors and cameras post', { timeout: TEST_MS_MAX }, () => {
  it('becomes footfall, each walk once however often it is posted, and is unknown where nothing watches', async () => {
    // They have hardly left, so nobody yet knows that they will not be back.
    const beganMs = Date.now() - 12 * MINUTE_MS;
    const tracks = Array.from({ length: WALKERS }, (_, index) => ({
      track: `walk-${index}`,
      samples: floorWalk(random, beganMs + index * 1_000).samples,
    }));
    for (const _ of [1, 2]) expect((await postTracks('bj01', tracks)).status).toBe(202);
    await until(async () => expect(await figure('bj01', beganMs, 'footfall')).toBe(String(WALKERS)));
    expect(await figure('gz01', beganMs, 'footfall')).toBeNull();

    const day = dayOf('bj01', beganMs);
    const { body } = await get(`/v1/visits?store=bj01&day=${day}&limit=3`);
    expect(body.visits).toHaveLength(3);
    const one = await get(`/v1/visits/${encodeURIComponent(body.visits[0].id)}`);
    expect(one.body.path[0]).toMatchObject({ zone: 'door' });
    const heat = await get(`/v1/heatmap?store=bj01&from=${day}&to=${day}&slot=60`);
    const door = heat.body.zones.find(({ zone }: { zone: string }) => zone === 'door');
    expect(door.period.people).toBe(WALKERS);
  });

  it('is looked at for faces only where law, sign and store permit it', async () => {
    const [photograph] = photographs();
    if (photograph === undefined) throw new Error('no photographs');
    const answer = await showFrame('bj01', await renderFrame(random, [{ photograph }]), Date.now());
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ type: expect.stringContaining('faces-off') });
  });

  it('shows a stranger, then a second visitor, then a regular, known by nothing but the pixels', async () => {
    // A face large enough to be kept; some of the photographs are of people far away.
    const sitter = photographs()[1];
    if (sitter === undefined) throw new Error('no photographs');
    const visitors: string[] = [];
    const pass = async (atMs: number): Promise<void> => {
      const frame = await renderFrame(random, [{ photograph: sitter }]);
      // A camera that got no answer sends the very same picture again.
      for (const _ of [1, 2]) {
        const { faces } = await (await showFrame('sz01', frame, atMs)).json();
        expect(faces).toHaveLength(1);
        visitors.push(faces[0].visitor);
      }
    };
    const standsAs = (frequency: string, atMs: number) =>
      until(async () => {
        const { body } = await get(`/v1/visits?store=sz01&day=${dayOf('sz01', atMs)}`);
        expect(body.visits.map((visit: { frequency: string }) => visit.frequency)).toEqual([frequency]);
      });
    const nowMs = Date.now();
    const [first, second, third] = [nowMs - 50 * HOUR_MS, nowMs - 26 * HOUR_MS, nowMs] as const;
    await pass(first);
    await pass(second);
    await standsAs('first', first);
    await standsAs('second', second);
    await pass(third);
    await standsAs('regular', third);
    expect(new Set(visitors).size).toBe(1);
  });
});
