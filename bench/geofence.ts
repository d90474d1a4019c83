/**
 * Measures how many positions a second can be tested against a chain's geofences.
 *
 *   npm run bench:geofence [-- --postgis]
 *
 * Compares the local server's in-process index, with 19, 1,000 and 50,000 geofences (circles, and polygons of 64 corners), with
 * turf, which tests every geofence; flatbush, a static index of boxes; and, with --postgis, PostGIS with a GiST index. All
 * candidates run alternately in one process, on one core each; the table has median, minimum and maximum of five rounds. All
 * must find the same geofences. Finally, it measures the cost of adding one geofence.
 */
import { parseArgs } from 'node:util';
import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import { distance } from '@turf/distance';
import { polygon as turfPolygon } from '@turf/helpers';
import Flatbush from 'flatbush';
import type { GeofenceGeometry, LngLat } from '#domain/chain/geometry.ts';
import { boundsOf, geofenceContains } from '#domain/place/geo/geofence.ts';
import { createGeofenceIndex } from '#local/servers/location/geofence-index.ts';
import { HOW_TO_INSTALL, type PostGis, startPostGis } from './geofence-postgis.ts';
import { CORNERS, FORMS, type Form, type World, worldOf } from './geofence-world.ts';
import { machine, percentile } from './support.ts';

const FENCES = [19, 1_000, 50_000];
const POSITIONS = 20_000;
const ROUNDS = 5;
const ROUND_MS_MIN = 250;
/** Positions between two reads of the clock. */
const POSITIONS_PER_CLOCK_READ = 10;
const ONE_BY_ONE = 2_000;
/** Number of positions for which the results of all candidates are compared. */
const COMPARED = 500;
const PUT_AGAIN = 1_000;

type Find = (position: LngLat) => number;

interface Candidate {
  readonly name: string;
  /** Returns a function that counts the geofences that contain a position. */
  readonly build: (fences: readonly GeofenceGeometry[]) => Find;
}

const OURS = 'index of the local server';

const CANDIDATES: readonly Candidate[] = [
  {
    name: OURS,
    build(fences) {
      const index = createGeofenceIndex();
      for (const [id, fence] of fences.entries()) index.put(id, fence);
      return (position) => index.at(position).length;
    },
  },
  {
    name: 'turf, no index',
    build(fences) {
      const tests = fences.map(turfTest);
      return ({ lng, lat }) => {
        const point = [lng, lat];
        let found = 0;
        for (const holds of tests) if (holds(point)) found++;
        return found;
      };
    },
  },
  {
    name: 'flatbush, built once',
    build(fences) {
      const boxes = flatbushOf(fences);
      return (position) => {
        let found = 0;
        for (const id of boxes.search(position.lng, position.lat, position.lng, position.lat)) {
          const fence = fences[id];
          if (fence !== undefined && geofenceContains(fence, position)) found++;
        }
        return found;
      };
    },
  },
];

function turfTest(fence: GeofenceGeometry): (point: number[]) => boolean {
  if (fence.kind === 'circle') {
    const centre = [fence.centre.lng, fence.centre.lat];
    return (point) => distance(centre, point, { units: 'meters' }) <= fence.radiusM;
  }
  const polygon = turfPolygon(fence.rings.map((ring) => ring.map((corner) => [...corner])));
  return (point) => booleanPointInPolygon(point, polygon);
}

function flatbushOf(fences: readonly GeofenceGeometry[]): Flatbush {
  const boxes = new Flatbush(fences.length);
  for (const fence of fences) {
    const { west, south, east, north } = boundsOf(fence);
    boxes.add(west, south, east, north);
  }
  boxes.finish();
  return boxes;
}

interface Contestant {
  readonly name: string;
  /** Positions a second, by round. */
  readonly rates: number[];
  readonly round: () => Promise<number> | number;
}

const { values } = parseArgs({ options: { postgis: { type: 'boolean', default: false } } });
console.log(`${machine()}; one core each\n`);
const postgis = values.postgis ? await startPostGis() : undefined;
if (values.postgis && postgis === undefined) {
  console.log(`${HOW_TO_INSTALL}\n`);
  process.exitCode = 1;
}
if (postgis !== undefined) console.log(`PostGIS ${postgis.version}, one backend, GiST index\n`);
if (!values.postgis) console.log('without PostGIS; include it with: npm run bench:geofence -- --postgis\n');

try {
  for (const form of FORMS) for (const count of FENCES) await compare(form, count, postgis);
} finally {
  await postgis?.close();
}
measurePut();

async function compare(form: Form, count: number, database: PostGis | undefined): Promise<void> {
  const world = worldOf(form, count, POSITIONS);
  const expected = expectedMatches(world);
  const title = form === 'circle' ? 'circles' : `polygons of ${CORNERS} corners`;
  console.log(`${count.toLocaleString('en')} ${title}`);
  const contestants = CANDIDATES.map(({ name, build }) =>
    contestantOf(name, build(world.fences), world, expected),
  );
  if (database !== undefined)
    contestants.push(...(await postgisContestants(database, form, world, expected)));
  for (let round = 0; round < ROUNDS; round++) {
    for (const contestant of contestants) contestant.rates.push(await contestant.round());
  }
  const ours = median(contestants.find(({ name }) => name === OURS)?.rates ?? []);
  console.log('  positions a second      median        min        max | speed-up of the local server');
  for (const { name, rates } of contestants) {
    const figures = [median(rates), Math.min(...rates), Math.max(...rates)].map((rate) =>
      figure(rate).padStart(10),
    );
    const times = name === OURS ? '' : `${figure(ours / median(rates))} ×`;
    console.log(`  ${name.padEnd(28)} ${figures.join(' ')} | ${times}`);
  }
  console.log();
}

function contestantOf(name: string, find: Find, { positions }: World, expected: number): Contestant {
  const found = positions.slice(0, COMPARED).reduce((sum, position) => sum + find(position), 0);
  assertEqualMatches(name, found, expected);
  let next = 0;
  return {
    name,
    rates: [],
    round() {
      let done = 0;
      const startedAtMs = performance.now();
      for (;;) {
        for (let n = 0; n < POSITIONS_PER_CLOCK_READ; n++) {
          const position = positions[next++ % positions.length];
          if (position !== undefined) find(position);
        }
        done += POSITIONS_PER_CLOCK_READ;
        const tookMs = performance.now() - startedAtMs;
        if (tookMs >= ROUND_MS_MIN) return (done * 1_000) / tookMs;
      }
    },
  };
}

async function postgisContestants(
  database: PostGis,
  form: Form,
  { fences, positions }: World,
  expected: number,
): Promise<Contestant[]> {
  await database.load(form, fences, positions);
  const { found } = await database.oneByOne(form, COMPARED);
  assertEqualMatches('PostGIS', found, expected);
  await database.join(form);
  return [
    {
      name: 'PostGIS, one statement',
      rates: [],
      round: async () => (positions.length * 1_000) / (await database.join(form)).ms,
    },
    {
      name: 'PostGIS, position by position',
      rates: [],
      round: async () => (ONE_BY_ONE * 1_000) / (await database.oneByOne(form, ONE_BY_ONE)).ms,
    },
  ];
}

/** Returns the matches found by testing every geofence. No position is on an edge, so all candidates must find as many. */
function expectedMatches({ fences, positions }: World): number {
  return positions
    .slice(0, COMPARED)
    .reduce((sum, position) => sum + fences.filter((fence) => geofenceContains(fence, position)).length, 0);
}

function assertEqualMatches(name: string, found: number, expected: number): void {
  if (found !== expected) throw new Error(`${name} finds ${found} geofences instead of ${expected}`);
}

function measurePut(): void {
  const [many = 0] = FENCES.slice(-1);
  const { fences } = worldOf('circle', many, 0);
  const index = createGeofenceIndex();
  const startedAtMs = performance.now();
  for (const [id, fence] of fences.entries()) index.put(id, fence);
  const builtMs = performance.now() - startedAtMs;
  const again = fences.slice(0, PUT_AGAIN);
  const puts = timesOf(() => {
    for (const [id, fence] of again.entries()) index.put(id, fence);
  });
  const builds = timesOf(() => flatbushOf(fences));
  const putUs = (median(puts) * 1_000) / PUT_AGAIN;
  console.log(`adding one geofence to ${many.toLocaleString('en')} circles, in microseconds`);
  console.log(`  ${OURS.padEnd(28)} ${figure(putUs).padStart(10)}   (all: ${figure(builtMs)} ms)`);
  console.log(`  ${'flatbush, rebuilt'.padEnd(28)} ${figure(median(builds) * 1_000).padStart(10)}`);
}

function timesOf(work: () => void): number[] {
  return Array.from({ length: ROUNDS }, () => {
    const startedAtMs = performance.now();
    work();
    return performance.now() - startedAtMs;
  });
}

function median(values: readonly number[]): number {
  return percentile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

function figure(value: number): string {
  const digits = value < 100 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 0 };
  return value.toLocaleString('en', digits);
}
