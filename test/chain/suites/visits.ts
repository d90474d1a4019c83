/**
 * From pixels and tracks to visits, on the whole cloud: what sensors and cameras post over HTTP becomes footfall, visits and
 * recognised faces, through the functions that are deployed and a real face engine.
 */

import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '#domain/chain/duration.ts';
import { photographs } from '#local/main/photographs.ts';
import { DOOR_CAMERA, FLOOR_SENSOR } from '#sim/chain/floor-plan.ts';
import { seededRandom } from '#sim/random.ts';
import { floorWalk } from '#sim/visitors/floor-walk.ts';
import { renderFrame } from '#sim/visitors/render-frame.ts';
import { type DemoCloud, dayOf, eventually } from '../../support/demo-cloud.ts';

const WALKERS = 25;

export function describeVisits(world: () => DemoCloud): void {
  const random = seededRandom('visits');
  const get = async (path: string) => (await world().staff('GET', path)).body;

  const postTracks = (store: string, tracks: ReadonlyArray<{ track: string; samples: unknown }>) =>
    world().post('/v1/sightings', world().keyOf(store, 'sensors'), {
      sightings: tracks.map((one) => ({ kind: 'track', sensor: FLOOR_SENSOR, ...one })),
    });

  const postFrame = (store: string, frame: Uint8Array, atMs: number) =>
    fetch(`${world().cloud.url}/v1/frames?camera=${DOOR_CAMERA}&at=${new Date(atMs).toISOString()}`, {
      method: 'POST',
      headers: { 'content-type': 'image/jpeg', authorization: `Bearer ${world().keyOf(store, 'sensors')}` },
      body: new Blob([new Uint8Array(frame)]),
    });

  const footfall = async (store: string, atMs: number): Promise<string | null> => {
    const day = dayOf(store, atMs);
    return (await get(`/v1/figures?scope=store:${store}&from=${day}&to=${day}`)).total.figures.footfall.value;
  };

  describe('tracks of a floor sensor', () => {
    it('become footfall, each walk once however often it is posted, and none where nothing watches', async () => {
      // These visits ended less than a quarter of an hour ago, so none of them is closed yet.
      const beganMs = Date.now() - 12 * MINUTE_MS;
      const tracks = Array.from({ length: WALKERS }, (_, index) => ({
        track: `walk-${index}`,
        samples: floorWalk(random, beganMs + index * 1_000).samples,
      }));
      for (const _ of [1, 2]) expect((await postTracks('bj01', tracks)).status).toBe(202);
      await eventually(async () => expect(await footfall('bj01', beganMs)).toBe(String(WALKERS)));
      expect(await footfall('gz01', beganMs)).toBeNull();

      const day = dayOf('bj01', beganMs);
      const { visits } = await get(`/v1/visits?store=bj01&day=${day}&limit=3`);
      expect(visits).toHaveLength(3);
      const one = await get(`/v1/visits/${encodeURIComponent(visits[0].id)}`);
      expect(one.path[0]).toMatchObject({ zone: 'door' });
      const { zones } = await get(`/v1/heatmap?store=bj01&from=${day}&to=${day}&slot=60`);
      const door = zones.find(({ zone }: { zone: string }) => zone === 'door');
      expect(door.period.people).toBe(WALKERS);
    });
  });

  describe('a frame of a camera', () => {
    it('is scanned for faces only where law, sign and store permit it', async () => {
      const [photograph] = photographs();
      if (photograph === undefined) throw new Error('no photographs');
      const answer = await postFrame('bj01', await renderFrame(random, [{ photograph }]), Date.now());
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({ type: expect.stringContaining('faces-disabled') });
    });

    it('makes its visitor a first, then a second, then a regular visitor, by nothing but the pixels', async () => {
      // A face large enough to be kept; some of the photographs are of people far away.
      const sitter = photographs()[1];
      if (sitter === undefined) throw new Error('no photographs');
      const visitors: string[] = [];
      const pass = async (atMs: number): Promise<void> => {
        const frame = await renderFrame(random, [{ photograph: sitter }]);
        // A camera without an answer sends the same picture again; so it does after the one that it gets here.
        for (const _ of [1, 2])
          await eventually(async () => {
            const answer = await postFrame('sz01', frame, atMs);
            expect(answer.status).toBe(202);
            const { faces } = await answer.json();
            expect(faces).toHaveLength(1);
            visitors.push(faces[0].visitor);
          });
      };
      const becomes = (frequency: string, atMs: number) =>
        eventually(async () => {
          await world().cloud.runSchedule('close-visits');
          const { visits } = await get(`/v1/visits?store=sz01&day=${dayOf('sz01', atMs)}`);
          expect(visits.map((visit: { frequency: string }) => visit.frequency)).toEqual([frequency]);
        });
      const nowMs = Date.now();
      const [first, second, third] = [nowMs - 50 * HOUR_MS, nowMs - 26 * HOUR_MS, nowMs] as const;
      await pass(first);
      await pass(second);
      await becomes('first', first);
      await becomes('second', second);
      await pass(third);
      await becomes('regular', third);
      expect(new Set(visitors).size).toBe(1);
    });
  });
}
