import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { parseEvent } from '#contracts/events/parse-event.ts';
import { SightingsResponse } from '#contracts/http/sightings.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { DeviceId, SensorId, VisitorId } from '#domain/chain/ids.ts';
import type { LawSettings } from '#domain/chain/law-settings.ts';
import { awsCloud, type CloudLocation, LOCAL_CLOUD } from '#domain/law/countries.ts';
import { type IdentifyVisitor, ingestSightings } from '#functions/ingest-sightings/ingest-sightings.ts';
import { SZ01, storeOf } from '../../support/chain.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { memorySensorStore } from '../../support/memory-sensor-store.ts';
import { CAMERA, CEILING, DOOR } from '../../support/sensors.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 12);
const AT_MS = NOW_MS - 60_000;
const DEVICE = 'edge-1' as DeviceId;
/** The visitor id of track a1 in the name of an event, where colons are escaped. */
const TRACK_A1 = encodeURIComponent('track.sz01:2026-11-22:ceiling-1:a1');
const SHOT = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]).toString('base64');

const sample = (afterMs: number, x = 10) => ({ at: AT_MS + afterMs, x, y: 50 });
const track = (more: object = {}) => ({
  kind: 'track',
  sensor: 'ceiling-1',
  track: 'a1',
  samples: [sample(0), sample(500), sample(900, 150)],
  ...more,
});
const passage = (more: object = {}) => ({
  kind: 'passage',
  sensor: 'door-1',
  from: AT_MS,
  to: AT_MS + 30_000,
  in: 4,
  out: 3,
  ...more,
});
const stay = (more: object = {}) => ({
  kind: 'stay',
  sensor: 'ceiling-1',
  track: 7,
  zone: 'shelf',
  from: AT_MS,
  to: AT_MS + 30_000,
  ...more,
});
const BAD = track({ samples: [] });

const MEMBERS: LawSettings = {
  jurisdiction: 'US-TX',
  signSince: '2026-01-01' as BusinessDay,
  face: 'members',
  watchList: false,
};
const IN_CHINA: LawSettings = { ...MEMBERS, jurisdiction: 'CN', memberRetentionDays: 365 };
const LANE = { ...CAMERA, sensorId: 'lane-1' as SensorId, lane: 'opt-in' } as const;

async function take(
  bodies: readonly unknown[],
  {
    log = memoryLog(),
    store = SZ01,
    faces,
    consented = [],
    cloud = LOCAL_CLOUD,
  }: {
    log?: ReturnType<typeof memoryLog>;
    store?: typeof SZ01;
    faces?: IdentifyVisitor;
    consented?: readonly string[];
    cloud?: CloudLocation;
  } = {},
) {
  const ceiling = { ...CEILING, lane: 'opt-in' } as const;
  const sensors = memorySensorStore([ceiling, DOOR, CAMERA, LANE]);
  const ports = {
    log,
    pauses: { pause: async () => {}, random: () => 0 },
    nowMs: () => NOW_MS,
    sensor: sensors.get,
    hasFaceConsent: async (member: string) => consented.includes(member),
    cloud,
    ...(faces === undefined ? {} : { identify: faces }),
  };
  const { status, response } = await ingestSightings(ports, store, DEVICE, bodies);
  const events = log.records.map(({ bytes }) => {
    const parsed = parseEvent(bytes);
    if (parsed.kind === 'unreadable') throw new Error(parsed.reason);
    return parsed.event;
  });
  return {
    status,
    response: v.parse(SightingsResponse, response),
    events,
    statuses: response.sightings.map((one) => one.status),
  };
}

const pointersOf = async (body: object) => {
  const { response } = await take([body]);
  const [first] = response.sightings;
  return first?.status === 'refused' ? first.problem.errors?.map(({ pointer }) => pointer) : [];
};

describe('the response to a request of sightings', () => {
  it('is 202 where all sightings are durable, with the ids of the events of each', async () => {
    const { status, response, events } = await take([track(), passage(), stay()]);
    expect(status).toBe(202);
    expect(response).toEqual({
      accepted: 3,
      refused: 0,
      notAccepted: 0,
      sightings: [
        {
          status: 'accepted',
          index: 0,
          ids: [`sz01/ceiling-1/${TRACK_A1}/${AT_MS}/${AT_MS + 900}`],
        },
        { status: 'accepted', index: 1, ids: [`sz01/door-1/${AT_MS}`] },
        {
          status: 'accepted',
          index: 2,
          ids: [`sz01/ceiling-1/${TRACK_A1.replace('a1', '7')}/${AT_MS}/${AT_MS + 30_000}/shelf`],
        },
      ],
    });
    expect(events.map(({ id }) => id)).toEqual(
      response.sightings.flatMap((one) => (one.status === 'accepted' ? one.ids : [])),
    );
  });

  it('is 207 where some are, 400 where none is valid, with the results in the order of the sightings', async () => {
    const { status, response, statuses, events } = await take([BAD, track(), 5]);
    expect(status).toBe(207);
    expect(statuses).toEqual(['refused', 'accepted', 'refused']);
    expect(response.sightings[0]).toMatchObject({
      problem: { status: 400, errors: [{ pointer: '#/sightings/0/samples' }] },
    });
    expect(response.sightings[2]).toMatchObject({ problem: { errors: [{ pointer: '#/sightings/2' }] } });
    expect(events).toHaveLength(1);
    expect(await take([BAD])).toMatchObject({ status: 400, events: [] });
  });

  it('is 429 where the log rejected some, and lists which', async () => {
    const log = memoryLog();
    log.takeOnly(1);
    const { status, statuses, events } = await take([track(), BAD, passage()], { log });
    expect(status).toBe(429);
    expect(statuses).toEqual(['accepted', 'refused', 'not-accepted']);
    expect(events).toHaveLength(1);
  });

  it('stays far below the limit of a response, however many errors there are', async () => {
    const worst = track({ samples: Array.from({ length: 20 }, () => ({ ['深'.repeat(100)]: 0 })) });
    const { status, response } = await take(Array.from({ length: 500 }, () => worst));
    expect(status).toBe(400);
    expect(Buffer.byteLength(JSON.stringify(JSON.stringify(response)))).toBeLessThan(5_000_000);
  });
});

describe('a track in a request', () => {
  it('becomes presences in zones, by the business day and the time zone of its store', async () => {
    const nightMarket = storeOf('sz01', 'shenzhen', 'south', { dayCutMinutes: 21 * 60 });
    const { events } = await take([track({ isStaff: true })], { store: nightMarket });
    expect(events).toMatchObject([
      {
        type: 'aisle.sighting.recorded',
        source: '/stores/sz01/devices/edge-1',
        subject: 'sz01',
        data: {
          store: 'sz01',
          sensor: 'ceiling-1',
          businessDay: '2026-11-21',
          startedAt: { instantMs: AT_MS, offsetMinutes: 480 },
          visitor: 'track.sz01:2026-11-21:ceiling-1:a1',
          isStaff: true,
          presences: [
            { kind: 'tracked', zone: 'window', fromMs: AT_MS, toMs: AT_MS + 900 },
            { kind: 'tracked', fromMs: AT_MS + 900, toMs: AT_MS + 900 },
          ],
        },
      },
    ]);
  });

  it('becomes two events where the business day changes within it', async () => {
    const cut = new Date(AT_MS + 500 + 8 * 3_600_000);
    const store = storeOf('sz01', 'shenzhen', 'south', {
      dayCutMinutes: cut.getUTCHours() * 60 + cut.getUTCMinutes(),
    });
    const long = track({ samples: [sample(-800), sample(0), sample(700), sample(900, 150)] });
    const { response, events } = await take([long], { store });
    expect(events.map((event) => 'businessDay' in event.data && event.data.businessDay)).toEqual([
      '2026-11-21',
      '2026-11-22',
    ]);
    expect(response.sightings[0]).toMatchObject({ ids: events.map(({ id }) => id) });
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  });

  it('is the same event however often the device sends it, and however it writes the time', async () => {
    const log = memoryLog();
    const written = [sample(0), sample(500), sample(900, 150)].map(({ at, x, y }) => ({
      at: new Date(at).toISOString(),
      x,
      y,
    }));
    await take([track()], { log });
    await take([track({ samples: written })], { log });
    expect(log.records[0]?.bytes).toEqual(log.records[1]?.bytes);
  });

  it.each([
    ['of a sensor that the store does not have', track({ sensor: 'ceiling-2' }), '#/sightings/0/sensor'],
    ['of a door counter', track({ sensor: 'door-1' }), '#/sightings/0/sensor'],
    ['whose track would be taken for part of its sensor', track({ track: 'a.1' }), '#/sightings/0/track'],
    [
      'with a sample earlier than the previous one',
      track({ samples: [sample(5), sample(4)] }),
      '#/sightings/0/samples/1/at',
    ],
    ['of a clock ahead', track({ samples: [sample(400_000)] }), '#/sightings/0/samples/0/at'],
    [
      'of a clock that lost its battery',
      track({ samples: [{ at: 0, x: 1, y: 1 }] }),
      '#/sightings/0/samples/0/at',
    ],
    [
      'without a zone to its time',
      track({ samples: [{ at: '2026-11-22T10:00:00', x: 1, y: 1 }] }),
      '#/sightings/0/samples/0/at',
    ],
    [
      'over more than a day',
      track({ samples: [sample(-86_400_001), sample(0)] }),
      '#/sightings/0/samples/1/at',
    ],
    ['with a picture that is none', track({ bestShot: 'AAAA' }), '#/sightings/0/bestShot'],
    ['with a picture too large', track({ bestShot: `/9j/${'A'.repeat(400_000)}` }), '#/sightings/0/bestShot'],
    [
      'with a sample without coordinates',
      track({ samples: [{ at: AT_MS, x: 1e9, y: 0 }] }),
      '#/sightings/0/samples/0/x',
    ],
    ['of a field that is none', track({ smaples: [] }), '#/sightings/0/smaples'],
    ['of no known kind', track({ kind: 'trakc' }), '#/sightings/0/kind'],
    ['that is a stay in a zone of another sensor', stay({ zone: 'window2' }), '#/sightings/0/zone'],
    ['that is a stay that ends before it begins', stay({ to: AT_MS - 1 }), '#/sightings/0/to'],
    ['that is a passage without a duration', passage({ to: AT_MS }), '#/sightings/0/to'],
    ['that is a passage at a camera', passage({ sensor: 'camera-1' }), '#/sightings/0/sensor'],
    ['that is a passage with a negative count', passage({ out: -1 }), '#/sightings/0/out'],
  ])('is rejected %s', async (_, body, pointer) => {
    expect(await pointersOf(body)).toEqual([pointer]);
  });

  it('may be five minutes ahead, may not move, and may name zones that were never drawn for its device', async () => {
    expect(await pointersOf(track({ samples: [sample(0), sample(0), sample(60_000 + 300_000)] }))).toEqual(
      [],
    );
    expect(await pointersOf(stay({ sensor: 'camera-1', zone: 'atrium', to: AT_MS }))).toEqual([]);
    expect(await pointersOf(stay({ zone: undefined }))).toEqual([]);
  });
});

describe('a passage in a request', () => {
  it('is rejected above an hour and beyond the day cut of its store (V9)', async () => {
    expect(await pointersOf(passage({ from: AT_MS - 24 * 3_600_000, to: AT_MS }))).toEqual([
      '#/sightings/0/to',
    ]);
    expect(await pointersOf(passage({ from: AT_MS - 3_600_000, to: AT_MS }))).toEqual([]);
    const cut = new Date(AT_MS + 10_000 + 8 * 3_600_000);
    const minutes = cut.getUTCHours() * 60 + cut.getUTCMinutes() + 1;
    const store = storeOf('sz01', 'shenzhen', 'south', { dayCutMinutes: minutes });
    const over = passage({ to: AT_MS + 90_000 });
    const { response } = await take([over], { store });
    expect(response.sightings[0]).toMatchObject({
      problem: { errors: [{ detail: expect.stringContaining("beyond the store's day cut") }] },
    });
  });

  it('becomes a fact under its sensor and its start', async () => {
    const { events } = await take([passage()]);
    expect(events).toMatchObject([
      {
        id: `sz01/door-1/${AT_MS}`,
        type: 'aisle.passage.recorded',
        data: { sensor: 'door-1', businessDay: '2026-11-22', endedAtMs: AT_MS + 30_000, entered: 4, left: 3 },
      },
    ]);
  });
});

describe("a track's best shot", () => {
  const store = { ...SZ01, law: MEMBERS };
  const member = 'user.m.17' as VisitorId;
  const shown = track({ bestShot: SHOT });
  /** Returns an identifier of visitors that records the pictures it receives. */
  const looking = (response: VisitorId | undefined | Error = member) => {
    const crops: Uint8Array[] = [];
    const faces: IdentifyVisitor = async (crop) => {
      crops.push(crop);
      if (response instanceof Error) throw response;
      return response;
    };
    return { crops, faces };
  };

  it('is dropped where faces are off, and the track counts', async () => {
    for (const law of [
      undefined,
      { ...MEMBERS, face: 'off' as const },
      { jurisdiction: 'US-TX', face: 'members', watchList: false } as const,
    ]) {
      const { crops, faces } = looking();
      const off = law === undefined ? SZ01 : { ...SZ01, law };
      const { status, response, events } = await take([shown], { store: off, faces });
      expect(status).toBe(202);
      expect(response.sightings[0]).toMatchObject({ bestShotDropped: 'faces are off in this store' });
      expect({ events: events.length, crops }).toEqual({ events: 1, crops: [] });
    }
  });

  it('is dropped in an installation without face recognition', async () => {
    const { response } = await take([shown], { store });
    expect(response.sightings[0]).toMatchObject({
      bestShotDropped: 'this installation has no face recognition',
    });
  });

  it('merges the track into the visitor it shows', async () => {
    const { crops, faces } = looking();
    const { response, events } = await take([track({ track: 'b2' }), shown], { store, faces });
    expect(crops).toEqual([Buffer.from(SHOT, 'base64')]);
    expect(response.sightings[1]).not.toHaveProperty('bestShotDropped');
    expect(events.slice(2)).toMatchObject([
      {
        type: 'aisle.visitor.merged',
        data: {
          store: 'sz01',
          businessDay: '2026-11-22',
          visitor: 'track.sz01:2026-11-22:ceiling-1:a1',
          into: member,
        },
      },
    ]);
  });

  it('leaves the track as it is where it shows no known visitor', async () => {
    const { status, events } = await take([shown], { store, faces: async () => undefined });
    expect(status).toBe(202);
    expect(events.map(({ type }) => type)).toEqual(['aisle.sighting.recorded']);
  });

  it('is neither in the log nor in a response', async () => {
    const log = memoryLog();
    const { faces } = looking();
    const { response } = await take([shown], { store, faces, log });
    const all = [
      ...log.records.map(({ bytes }) => Buffer.from(bytes).toString()),
      JSON.stringify(response),
    ].join();
    expect(all).not.toContain(SHOT);
  });

  it('is identified once per track in a request: a second one is rejected', async () => {
    const { crops, faces } = looking();
    const { statuses } = await take([shown, shown, track({ track: 'b2', bestShot: SHOT })], { store, faces });
    expect(statuses).toEqual(['accepted', 'refused', 'accepted']);
    expect(crops).toHaveLength(2);
  });

  it('costs nothing while the log throttles, and the track is sent again until both events are durable', async () => {
    const log = memoryLog();
    const { crops, faces } = looking();
    log.takeOnly(0);
    expect(await take([shown], { store, faces, log })).toMatchObject({ status: 429 });
    expect(crops).toEqual([]);
    log.takeOnly(1);
    expect(await take([shown], { store, faces, log })).toMatchObject({
      status: 429,
      statuses: ['not-accepted'],
    });
    log.takeOnly(10);
    const { status, events } = await take([shown], { store, faces, log });
    expect(status).toBe(202);
    expect(events.at(-1)).toMatchObject({ type: 'aisle.visitor.merged' });
  });

  it('does not affect the count of its track where it cannot be identified now, and is to be sent again', async () => {
    const { faces } = looking(new Error('too many calls'));
    const { status, response, events } = await take([shown, track({ track: 'b2' })], { store, faces });
    expect(status).toBe(429);
    expect(response.sightings).toMatchObject([
      { status: 'not-accepted', problem: { type: 'urn:aisle:problem:faces-throttled' } },
      { status: 'accepted' },
    ]);
    expect(events).toHaveLength(2);
  });
});

describe('a picture that the law bars from the cloud', () => {
  const shown = track({ bestShot: SHOT });
  const faces: IdentifyVisitor = async () => {
    throw new Error('a picture was looked at');
  };
  const problemOf = async (law: LawSettings, how: Parameters<typeof take>[1] = {}, body: object = shown) => {
    const { response, events } = await take([body], { store: { ...SZ01, law }, faces, ...how });
    const [first] = response.sightings;
    expect(events).toEqual([]);
    return first?.status === 'refused' ? first.problem : undefined;
  };

  it.each(['off', 'members', 'visitors'] as const)(
    'is refused in China with the articles, whatever is requested: %s (LAW CN)',
    async (face) => {
      const refused = await problemOf({ ...IN_CHINA, face });
      expect(refused).toMatchObject({ status: 409, type: 'urn:aisle:problem:pictures-not-permitted' });
      expect(refused?.detail).toContain('PIPL art. 26');
      expect(refused?.detail).toContain('art. 8 and 13');
      expect(refused?.detail).toContain('no legal advice');
    },
  );

  it('is refused where it has left the country against the law (LAW crossBorder)', async () => {
    const cloud = awsCloud('us-east-1');
    const refused = await problemOf({ ...IN_CHINA, jurisdiction: 'EU' }, { cloud });
    expect(refused?.detail).toContain('The cloud is in US.');
    expect(refused?.detail).toContain('GDPR art. 44 to 49');
  });

  it('is refused from a sensor without a lane where the law asks for one, and taken from one with it (LAW lane)', async () => {
    const body = { ...shown, sensor: 'camera-1' };
    const refused = await problemOf(MEMBERS, {}, body);
    expect(refused).toMatchObject({ status: 409, type: 'urn:aisle:problem:lane-required' });
    expect(refused?.detail).toContain('503.001(b)');
    const looked: string[] = [];
    const identify: IdentifyVisitor = async (_, { sensorId }) => {
      looked.push(sensorId);
      return undefined;
    };
    const store = { ...SZ01, law: MEMBERS };
    const { statuses } = await take([{ ...shown, sensor: 'lane-1' }], { store, faces: identify });
    expect([statuses, looked]).toEqual([['accepted'], ['lane-1']]);
  });
});

describe('a member whom a device matched itself', () => {
  const matched = track({ member: 'M 1' });
  const store = { ...SZ01, law: IN_CHINA };

  it('is joined with the track where the member consented, without a picture, in China, too (LAW CN)', async () => {
    const { response, events } = await take([matched], { store, consented: ['M 1'] });
    expect(response.sightings[0]).toMatchObject({ status: 'accepted' });
    expect(response.sightings[0]).not.toHaveProperty('memberDropped');
    expect(events.map(({ dataschema }) => dataschema)).toEqual([
      'urn:aisle:schema:sighting.recorded:3',
      'urn:aisle:schema:visitor.merged:1',
    ]);
    expect(events[0]?.data).toMatchObject({ member: 'M 1', visitor: 'track.sz01:2026-11-22:ceiling-1:a1' });
    expect(events[1]?.data).toMatchObject({
      visitor: 'track.sz01:2026-11-22:ceiling-1:a1',
      into: 'user.m.M:201',
    });
  });

  it.each([
    ['without consent', store, [], 'has not consented'],
    ['in a store without law settings', SZ01, ['M 1'], 'no device may report members'],
    [
      'in Portland, with its code',
      { ...SZ01, law: { ...MEMBERS, jurisdiction: 'US-OR-PDX' as const } },
      ['M 1'],
      '34.10.030',
    ],
  ])('is not identified %s, and the sighting counts', async (_, where, consented, reason) => {
    const { response, events } = await take([matched], { store: where, consented });
    expect(response.sightings[0]).toMatchObject({
      status: 'accepted',
      memberDropped: expect.stringContaining(reason),
    });
    expect(events.map(({ dataschema }) => dataschema)).toEqual(['urn:aisle:schema:sighting.recorded:3']);
    expect(JSON.stringify(events)).not.toContain('M 1');
  });

  it('is refused with a number that cannot be one', async () => {
    expect(await pointersOf(track({ member: 'a#b' }))).toEqual(['#/sightings/0/member']);
  });
});
