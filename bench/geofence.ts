/**
 * How many positions a second can be held against a chain's fences?
 *
 *   npm run bench:geofence [-- --postgis]
 *
 * The local server's index, in process, against 19, 1,000 and 50,000 fences, circles and polygons of 64 corners; beside turf, which
 * looks at every fence; beside flatbush, which is built once and finds boxes; and, if asked, beside PostGIS with a GiST index. All of
 * it in one run, in turns, on one core each: the middle of five rounds, and the least and the most of them, for on a busy machine a
 * round may be unlucky. All who take part must find the same fences. Then: what it costs to put one fence more.
 */
import { parseArgs } from 'node:util';
import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import { distance } from '@turf/distance';
import { polygon as turfPolygon } from '@turf/helpers';
import Flatbush from 'flatbush';
import type { GeofenceGeometry, LngLat } from '#domain/chain/geometry.ts';
import { boundsOf, contains } from '#domain/place/geo/geofence.ts';
import { createGeofenceIndex } from '#local/servers/location/geofence-index.ts';
import { HOW_TO_INSTALL, type PostGis, startPostGis } from './geofence-postgis.ts';
import { CORNERS, FORMS, type Form, type World, worldOf } from './geofence-world.ts';
import { machine, percentile } from './support.ts';

const FENCES = [19, 1_000, 50_000];
const POSITIONS = 20_000;
const ROUNDS = 5;
const ROUND_MS_MIN = 250;
/** Between two looks at the clock. */
const POSITIONS_PER_LOOK = 10;
const ONE_BY_ONE = 2_000;
/** Of the first positions everybody is asked how many fences hold them. */
const COMPARED = 500;
const PUT_AGAIN = 1_000;

type Find = (position: LngLat) => number;

interface Rival {
  readonly name: string;
  /** How many fences hold a position. */
  readonly build: (fences: readonly GeofenceGeometry[]) => Find;
}

const OURS = 'index of the local server';

const RIVALS: readonly Rival[] = [
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
          if (fence !== undefined && contains(fence, position)) found++;
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

/** What is measured of one of those who take part, in positions a second. */
interface Entrant {
  readonly name: string;
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
if (!values.postgis) console.log('without PostGIS; npm run bench:geofence -- --postgis has it take part\n');

try {
  for (const form of FORMS) for (const count of FENCES) await compare(form, count, postgis);
} finally {
  await postgis?.close();
}
putOneMore();

async function compare(form: Form, count: number, database: PostGis | undefined): Promise<void> {
  const world = worldOf(form, count, POSITIONS);
  const looked = lookedAt(world);
  const title = form === 'circle' ? 'circles' : `polygons of ${CORNERS} corners`;
  console.log(`${count.toLocaleString('en')} ${title}`);
  const entrants = RIVALS.map(({ name, build }) => entrantOf(name, build(world.fences), world, looked));
  if (database !== undefined) entrants.push(...(await entrantsOf(database, form, world, looked)));
  for (let round = 0; round < ROUNDS; round++) {
    for (const entrant of entrants) entrant.rates.push(await entrant.round());
  }
  const ours = middle(entrants.find(({ name }) => name === OURS)?.rates ?? []);
  console.log('  positions a second      middle      least       most | ours is so many times as fast');
  for (const { name, rates } of entrants) {
    const figures = [middle(rates), Math.min(...rates), Math.max(...rates)].map((rate) =>
      figure(rate).padStart(10),
    );
    const times = name === OURS ? '' : `${figure(ours / middle(rates))} ×`;
    console.log(`  ${name.padEnd(28)} ${figures.join(' ')} | ${times}`);
  }
  console.log();
}

function entrantOf(name: string, find: Find, { positions }: World, looked: number): Entrant {
  const found = positions.slice(0, COMPARED).reduce((sum, position) => sum + find(position), 0);
  agree(name, found, looked);
  let next = 0;
  return {
    name,
    rates: [],
    round() {
      let done = 0;
      const startedAtMs = performance.now();
      for (;;) {
        for (let n = 0; n < POSITIONS_PER_LOOK; n++) {
          const position = positions[next++ % positions.length];
          if (position !== undefined) find(position);
        }
        done += POSITIONS_PER_LOOK;
        const tookMs = performance.now() - startedAtMs;
        if (tookMs >= ROUND_MS_MIN) return (done * 1_000) / tookMs;
      }
    },
  };
}

async function entrantsOf(
  database: PostGis,
  form: Form,
  { fences, positions }: World,
  looked: number,
): Promise<Entrant[]> {
  await database.load(form, fences, positions);
  const { found } = await database.oneByOne(form, COMPARED);
  agree('PostGIS', found, looked);
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

/** What looking at every fence finds. The positions meet no rim, so nobody may find more or fewer. */
function lookedAt({ fences, positions }: World): number {
  return positions
    .slice(0, COMPARED)
    .reduce((sum, position) => sum + fences.filter((fence) => contains(fence, position)).length, 0);
}

function agree(name: string, found: number, looked: number): void {
  if (found !== looked) throw new Error(`${name} finds ${found} fences where there are ${looked}`);
}

function putOneMore(): void {
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
  const putUs = (middle(puts) * 1_000) / PUT_AGAIN;
  console.log(`one fence more among ${many.toLocaleString('en')} circles, in microseconds`);
  console.log(`  ${OURS.padEnd(28)} ${figure(putUs).padStart(10)}   (all of them: ${figure(builtMs)} ms)`);
  console.log(`  ${'flatbush, built anew'.padEnd(28)} ${figure(middle(builds) * 1_000).padStart(10)}`);
}

function timesOf(work: () => void): number[] {
  return Array.from({ length: ROUNDS }, () => {
    const startedAtMs = performance.now();
    work();
    return performance.now() - startedAtMs;
  });
}

function middle(values: readonly number[]): number {
  return percentile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

function figure(value: number): string {
  const digits = value < 100 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 0 };
  return value.toLocaleString('en', digits);
}
