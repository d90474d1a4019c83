/**
 * `npm run verify:tracks [-- --set caviar|zara01|xovis] [--dry]`
 *
 * Posts three sets of real tracks as sightings over HTTP into a running local cloud, in parts, all of it twice and
 * the second time backwards, and compares seconds, entries and tracks seen of every zone with reference answers, as
 * the visits report them. With --dry nothing is started: the same bodies go through the same flow in process, onto a
 * log in memory. Skipped, with the reason, where the data is not there.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { parseEvent } from '#contracts/events/parse-event.ts';
import { SIGHTING_RECORDED } from '#contracts/events/sighting-recorded.ts';
import { SIGHTINGS_BYTES_MAX } from '#contracts/http/sightings.ts';
import { VISITS_MAX, VisitsResponse } from '#contracts/http/visits.ts';
import { addDays } from '#domain/chain/business-day.ts';
import type { DeviceId, SensorId, ZoneId } from '#domain/chain/ids.ts';
import { dayAt } from '#domain/chain/store-clock.ts';
import { LOCAL_CLOUD } from '#domain/law/countries.ts';
import { union } from '#domain/place/visits/intervals.ts';
import type { Sensor } from '#domain/place/visits/sensor.ts';
import { ingestSightings } from '#functions/ingest-sightings/ingest-sightings.ts';
import { storeOf } from '../support/chain.ts';
import { aisle, type CloudProcess, startCloudProcess } from '../support/cloud-process.ts';
import { memoryLog } from '../support/memory-log.ts';
import { bodiesOf, SENSOR_ID } from './track-bodies.ts';
import { type Compared, compare, type ZoneStretches } from './track-compare.ts';
import { TRACK_SETS, type TrackSet } from './track-sets.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SHARED = process.env['AISLE_DATA'] ?? join(ROOT, '..', 'shared', 'data');
const SETTLE_MS_MAX = 3 * 60_000;
const POLL_MS = 1_000;

const { values } = parseArgs({
  options: { set: { type: 'string' }, dry: { type: 'boolean', default: false } },
});
const wanted = TRACK_SETS.filter((set) => values.set === undefined || values.set === set.name);
if (wanted.length === 0) throw new Error(`--set is one of: ${TRACK_SETS.map((set) => set.name).join(', ')}`);

type Read = ReturnType<TrackSet['read']>;
type Body = ReturnType<typeof bodiesOf>[number];

const STORE = storeOf('tracks', 'town', 'land', { timeZone: 'UTC' });
/** Yesterday noon: recent, within one business day, and every visit of it has ended. */
const DAY = addDays(dayAt(Date.now(), STORE), -1);
const BEGIN_MS = Date.parse(`${DAY}T12:00:00Z`);

const sensorOf = (set: TrackSet, { zones }: Read): Sensor => ({
  sensorId: SENSOR_ID as SensorId,
  storeId: STORE.storeId,
  kind: 'tracker',
  zones: Object.entries(zones).map(([id, { polygon }]) => ({
    zoneId: id as ZoneId,
    polygon: polygon.map(([x, y]) => ({ x, y })),
  })),
  sampleGapMsMax: set.sampleGapMsMax,
  counts: { isCounting: true, leastMs: 0 },
});

async function inProcess(set: TrackSet, read: Read, bodies: readonly Body[]): Promise<ZoneStretches[]> {
  const log = memoryLog();
  const sensor = sensorOf(set, read);
  const ports = {
    log,
    pauses: { pause: async () => {}, random: () => 0 },
    cloud: LOCAL_CLOUD,
    nowMs: Date.now,
    sensor: async () => sensor,
  };
  for (const { sightings } of bodies) {
    const { status, response } = await ingestSightings(ports, STORE, 'device' as DeviceId, sightings);
    if (status !== 202) throw new Error(`${status}: ${JSON.stringify(response).slice(0, 1_000)}`);
  }
  const presences = log.records.flatMap(({ bytes }) => {
    const parsed = parseEvent(bytes);
    if (parsed.kind === 'unreadable') throw new Error(parsed.reason);
    if (parsed.event.type !== SIGHTING_RECORDED) throw new Error(`${parsed.event.type} is no sighting`);
    const { visitor = '', presences } = parsed.event.data;
    return presences.map((presence) => ({ ...presence, visitor }));
  });
  const byPlace = Map.groupBy(presences, ({ visitor, zone }) => `${visitor} ${zone ?? ''}`);
  return [...byPlace.values()].flatMap((own) => {
    const [first] = own;
    if (first?.zone === undefined) return [];
    const lengthsMs = union(own).map(({ fromMs, toMs }) => toMs - fromMs);
    return [{ zone: first.zone, visitor: first.visitor, lengthsMs }];
  });
}

async function overHttp(set: TrackSet, read: Read, bodies: readonly Body[]): Promise<Compared[]> {
  const work = mkdtempSync(join(tmpdir(), 'aisle-tracks-'));
  const cloud = await startCloudProcess(join(work, 'data'));
  try {
    const key = await setUp(cloud, sensorOf(set, read));
    for (const body of bodies) await post(cloud, key, body);
    const token = await cloud.token('boss');
    const until = performance.now() + SETTLE_MS_MAX;
    for (;;) {
      const found = compare(await visitsOf(cloud, token), read.zones);
      if (found.every(({ isClose }) => isClose) || performance.now() > until) return found;
      await pause(POLL_MS);
    }
  } finally {
    await cloud.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

async function setUp(cloud: CloudProcess, sensor: Sensor): Promise<string> {
  const { storeId, cityId, regionId, timeZone } = STORE;
  const file = join(cloud.dataDir, 'sensors.json');
  const zones = sensor.zones.map(({ zoneId, polygon }) => ({
    id: zoneId,
    polygon: polygon.map(({ x, y }) => [x, y]),
  }));
  const { kind, sampleGapMsMax } = sensor;
  writeFileSync(file, JSON.stringify([{ sensor: sensor.sensorId, kind, sampleGapMsMax, zones }]));
  const place = ['--city', cityId, '--region', regionId, '--time-zone', timeZone];
  await run(cloud, ['chain', 'set', '--name', 'tracks', '--currency', 'EUR']);
  await run(cloud, ['stores', 'put', '--id', storeId, '--name', 'tracks', ...place]);
  await run(cloud, ['sensors', 'set', file, '--store', storeId]);
  const issued = await run(cloud, [
    'keys',
    'issue',
    '--store',
    storeId,
    '--device',
    'd1',
    '--kinds',
    'sightings',
  ]);
  const key = /aisle_\w+/.exec(issued)?.[0];
  if (key === undefined) throw new Error(`no key was issued:\n${issued}`);
  return key;
}

async function run(cloud: CloudProcess, args: readonly string[]): Promise<string> {
  const { code, output } = await aisle([...args, '--data', cloud.dataDir]).done;
  if (code !== 0) throw new Error(`aisle ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

async function post(cloud: CloudProcess, key: string, body: Body): Promise<void> {
  const text = JSON.stringify(body);
  if (text.length > SIGHTINGS_BYTES_MAX) throw new Error(`a batch of ${text.length} bytes`);
  const response = await fetch(`${cloud.url}/v1/sightings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: text,
  });
  if (response.status !== 202)
    throw new Error(`POST /v1/sightings ${response.status}: ${(await response.text()).slice(0, 1_000)}`);
}

async function visitsOf(cloud: CloudProcess, token: string): Promise<ZoneStretches[]> {
  const stretches: ZoneStretches[] = [];
  let next: string | undefined;
  do {
    const query = new URLSearchParams({
      store: STORE.storeId,
      day: DAY,
      limit: String(VISITS_MAX),
      ...(next === undefined ? {} : { cursor: next }),
    });
    const response = await fetch(`${cloud.url}/v1/visits?${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!response.ok) throw new Error(`GET /v1/visits ${response.status}: ${await response.text()}`);
    const page = v.parse(VisitsResponse, await response.json());
    for (const { visitor, zones } of page.visits) {
      for (const { zone, intervals } of zones) {
        const lengthsMs = intervals.map(({ from, to }) => Date.parse(to) - Date.parse(from));
        stretches.push({ zone, visitor, lengthsMs });
      }
    }
    next = page.next ?? undefined;
  } while (next !== undefined);
  return stretches;
}

let isClose = true;
for (const set of wanted) {
  const folder = join(SHARED, set.folder);
  if (!existsSync(join(folder, 'reference.json'))) {
    console.log(`${set.name}: skipped, because ${folder} is not there`);
    continue;
  }
  const read = set.read(folder);
  const samples = [...read.tracks.values()].reduce((sum, track) => sum + track.length, 0);
  if (read.tracks.size !== read.counts.tracks || samples !== read.counts.samples) {
    throw new Error(`${set.name}: ${read.tracks.size} tracks of ${samples} samples were read`);
  }
  const bodies = bodiesOf(read.tracks, BEGIN_MS);
  const compared = values.dry
    ? compare(await inProcess(set, read, bodies), read.zones)
    : await overHttp(set, read, bodies);
  console.log(`${set.name}: ${read.tracks.size} tracks, ${samples} samples, ${bodies.length} requests`);
  for (const { zone, figure, found, wanted, isClose: isAlike } of compared) {
    console.log(`  ${isAlike ? 'ok   ' : 'WRONG'} ${zone} ${figure}: ${found}, reference ${wanted}`);
    if (!isAlike) isClose = false;
  }
}
process.exitCode = isClose ? 0 : 1;
