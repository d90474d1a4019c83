import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { dynamoStockStore } from '#adapters/dynamodb/stock-store.ts';
import type { ProductId, StoreId } from '#domain/chain/ids.ts';
import { wgs84ToGcj02 } from '#domain/place/geo/gcj02.ts';
import { distanceM } from '#domain/place/geo/geofence.ts';
import { aisle } from '#tools/aisle.ts';
import { CHAIN, KTM1, SZ01 } from '../../support/chain.ts';
import { type WireDynamoDb, wireDynamoDb } from '../../support/dynamodb.ts';
import { recordingTerminal } from '../../support/terminal.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 10);
const BAY = { lng: 113.9412, lat: 22.5198 };
const CIRCLE = { position: BAY, givenAs: 'WGS-84', fence: { kind: 'circle', radiusM: 200 } };
const HOURS = [
  { days: [1, 2, 3, 4, 5], open: '10:00', close: '22:00' },
  { days: [6, 7], open: '09:00', close: '02:00' },
];
const HOURS_TEXT = '1-5 10:00-22:00; 6,7 09:00-02:00';

let dynamoDb: WireDynamoDb;
let folder: string;
let table: string;

beforeAll(async () => {
  dynamoDb = await wireDynamoDb();
});
afterAll(() => dynamoDb.close());

const chain = () => dynamoChainStore(dynamoDb.client, table);
const storedStore = async (storeId: StoreId = SZ01.storeId) => chain().store(storeId);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aisle-tools-'));
  table = await dynamoDb.createTable();
  await chain().putChain(CHAIN);
  await chain().putStore(SZ01);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a command on the tables named by the environment, as against AWS. */
async function run(...args: string[]) {
  const terminal = recordingTerminal(folder, {
    nowMs: () => NOW_MS,
    env: { CHAIN_TABLE: table, AWS_REGION: 'us-east-1' },
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  const exitCode = await aisle(args, terminal);
  return { exitCode, ...terminal.printed };
}

/** Runs a command that must succeed. Returns its standard output. */
async function outputOf(...args: string[]): Promise<string> {
  const { exitCode, out, err } = await run(...args);
  expect({ exitCode, err: exitCode === 0 ? '' : err }).toEqual({ exitCode: 0, err: '' });
  return out;
}

const write = (name: string, content: string): void => writeFileSync(join(folder, name), content);

const PLACE = ['stores', 'place', '--id', 'sz01'];
const AT_BAY = ['--lat', String(BAY.lat), '--lng', String(BAY.lng)];
const RING = [
  [113.93, 22.51],
  [113.93, 22.53],
  [113.95, 22.53],
  [113.95, 22.51],
  [113.93, 22.51],
];
const HOLE = [
  [113.9401, 22.5201],
  [113.9402, 22.5201],
  [113.9402, 22.5202],
  [113.9401, 22.5201],
];
const POLYGON = { type: 'Polygon', coordinates: [RING, HOLE] };
const FEATURE = { type: 'Feature', properties: { name: 'Bay' }, geometry: POLYGON };
const COLLECTION = { type: 'FeatureCollection', features: [FEATURE] };

describe('aisle stores place', () => {
  it('sets a circular geofence of 200 m by default, and changes nothing else of the store', async () => {
    expect(await outputOf(...PLACE, ...AT_BAY)).toBe(
      'sz01 is at 22.5198, 113.9412; geofence: circle of 200 m.\n',
    );
    expect(await storedStore()).toEqual({ ...SZ01, location: CIRCLE });
    await outputOf(...PLACE, ...AT_BAY, '--radius', '87.5');
    expect((await storedStore())?.location?.fence).toEqual({ kind: 'circle', radiusM: 87.5 });
  });

  it('converts GCJ-02 coordinates of a Chinese map to WGS-84, and prints so', async () => {
    const onTheMap = wgs84ToGcj02(BAY);
    const out = await outputOf(
      ...['stores', 'place', '--id', 'sz01', '--datum', 'gcj-02'],
      ...['--lat', onTheMap.lat.toFixed(7), '--lng', onTheMap.lng.toFixed(7)],
    );
    expect(out).toContain('(WGS-84, converted from GCJ-02)');
    const location = (await storedStore())?.location;
    expect(location?.givenAs).toBe('GCJ-02');
    expect(distanceM(location?.position ?? onTheMap, BAY)).toBeLessThan(0.05);
    expect(distanceM(onTheMap, BAY)).toBeGreaterThan(300);
  });

  it.each([
    ['a geometry', POLYGON],
    ['a feature', FEATURE],
    ['a file of one feature', COLLECTION],
  ])('reads a polygon with holes from %s', async (_, content) => {
    write('fence.geojson', JSON.stringify(content));
    expect(await outputOf(...PLACE, ...AT_BAY, '--polygon', 'fence.geojson')).toContain(
      'polygon of 7 corners',
    );
    const rings = [RING.toReversed(), HOLE.toReversed()];
    expect((await storedStore())?.location).toEqual({ ...CIRCLE, fence: { kind: 'polygon', rings } });
  });

  it('accepts southern and western coordinates, and ignores altitudes', async () => {
    write(
      'fence.geojson',
      JSON.stringify({
        type: 'Polygon',
        coordinates: [RING.map(([lng = 0, lat = 0]) => [-lng, -lat, 12.5])],
      }),
    );
    await outputOf(...PLACE, '--lat=-22.52', '--lng=-113.94', '--polygon', 'fence.geojson');
    expect((await storedStore())?.location?.position).toEqual({ lng: -113.94, lat: -22.52 });
  });

  it('removes location and geofence on --none', async () => {
    await outputOf(...PLACE, ...AT_BAY);
    expect(await outputOf(...PLACE, '--none')).toBe('Removed location and geofence of sz01.\n');
    expect(await storedStore()).toEqual(SZ01);
  });

  it.each([
    [['--lat', '22.5'], 2, '--lng is missing'],
    [[], 2, '--lat is missing'],
    [['--lat', '113.9412', '--lng', '22.5198'], 1, 'latitude must be between -90 and 90'],
    [['--lat', '22°31', '--lng', '113.9'], 1, 'lat "22°31" is not a number of degrees'],
    [['--lat', '22.5', '--lng', '1e2'], 1, 'lng "1e2" is not a number of degrees'],
    [[...AT_BAY, '--datum', 'BD-09'], 1, 'datum "BD-09" is not one of WGS-84, GCJ-02'],
    [[...AT_BAY, '--radius', '0'], 1, 'the radius must be from 1 to 100000 metres'],
    [[...AT_BAY, '--radius', '100001'], 1, 'the radius must be from 1 to 100000 metres'],
    [[...AT_BAY, '--radius', '200m'], 1, 'radius "200m" is not a number of metres'],
    [[...AT_BAY, '--radius', '200', '--polygon', 'x'], 2, 'pass --radius or --polygon'],
    [[...AT_BAY, '--polygon', 'x'], 1, 'file not found'],
    [[...AT_BAY, '--none'], 2, '--none cannot be combined'],
    [['--none', '--radius', '5'], 2, '--none cannot be combined'],
    [[...AT_BAY, '--id', 'xx'], 1, 'store xx not found'],
    [['--none', '--id', 'x#x'], 1, 'store x#x not found'],
  ])('rejects the options %j', async (args, exitCode, message) => {
    const refused = await run(...PLACE, ...args);
    expect(refused.exitCode).toBe(exitCode);
    expect(refused.err).toContain(message);
    expect(await chain().stores()).toEqual([SZ01]);
  });

  it.each<[string, unknown, string]>([
    ['is not GeoJSON', { rings: [RING] }, 'is not GeoJSON of one Polygon'],
    ['contains a line', { type: 'LineString', coordinates: RING }, 'is not GeoJSON of one Polygon'],
    ['contains several polygons', { ...COLLECTION, features: [FEATURE, FEATURE] }, 'is not GeoJSON of one'],
    ['has a text coordinate', { ...POLYGON, coordinates: [[['a', 'b']]] }, 'is not GeoJSON of one Polygon'],
    ['is not closed', { ...POLYGON, coordinates: [RING.slice(1)] }, 'must end where it begins'],
    ['has a hole outside', { ...POLYGON, coordinates: [HOLE, RING] }, 'a hole lies outside the polygon'],
    [
      'has latitude first',
      { ...POLYGON, coordinates: [RING.map(([lng, lat]) => [lat, lng])] },
      'latitude must be',
    ],
    [
      'is far from the store',
      { ...POLYGON, coordinates: [RING.map(([lng = 0, lat = 0]) => [lng + 2, lat])] },
      'further than 100000 metres from the store',
    ],
  ])('rejects a polygon file that %s', async (_, content, message) => {
    write('fence.geojson', JSON.stringify(content));
    const refused = await run(...PLACE, ...AT_BAY, '--polygon', 'fence.geojson');
    expect(refused).toMatchObject({ exitCode: 1, err: expect.stringContaining(message) });
    expect(await storedStore()).toEqual(SZ01);
  });
});

describe('aisle stores hours', () => {
  it('sets opening hours, and removes them on --none', async () => {
    expect(await outputOf('stores', 'hours', '--id', 'sz01', '--hours', HOURS_TEXT)).toBe(
      `sz01 is open ${HOURS_TEXT}.\n`,
    );
    expect(await storedStore()).toEqual({ ...SZ01, openingHours: HOURS });
    expect(await outputOf('stores', 'hours', '--id', 'sz01', '--none')).toBe(
      'Removed the opening hours of sz01; it counts as always open.\n',
    );
    expect(await storedStore()).toEqual(SZ01);
  });

  it.each([
    [['--hours', 'always'], 1, 'is not a valid opening period'],
    [[], 2, '--hours is missing'],
    [['--none', '--hours', HOURS_TEXT], 2, '--none cannot be combined'],
    [['--hours', HOURS_TEXT, '--id', 'xx'], 1, 'store xx not found'],
  ])('rejects the options %j', async (args, exitCode, message) => {
    const refused = await run('stores', 'hours', '--id', 'sz01', ...args);
    expect(refused.exitCode).toBe(exitCode);
    expect(refused.err).toContain(message);
    expect(await chain().stores()).toEqual([SZ01]);
  });
});

describe('aisle stores list', () => {
  it('prints locations, geofences and opening hours, and empty columns for stores without them', async () => {
    await chain().putStore(KTM1);
    await outputOf(...PLACE, ...AT_BAY);
    await outputOf('stores', 'hours', '--id', 'sz01', '--hours', HOURS_TEXT);
    const listed = await outputOf('stores', 'list');
    expect(listed).toMatch(
      /sz01 .* 22\.5198, 113\.9412 +circle of 200 m +1-5 10:00-22:00; 6,7 09:00-02:00\n/,
    );
    expect(listed).toMatch(/ktm1 .*T1 T2\n/);
    expect(JSON.parse(await outputOf('stores', 'list', '--json'))).toMatchObject([
      { storeId: 'ktm1' },
      { storeId: 'sz01', location: CIRCLE, openingHours: HOURS },
    ]);
  });
});

describe('aisle stores put', () => {
  const PUT = ['stores', 'put', '--id', 'sz01'];

  it('changes only what it is given (R4)', async () => {
    await chain().putStore({ ...SZ01, nameZh: '深圳湾店', dayCutMinutes: 240 });
    await outputOf(...PUT, '--name', 'New');
    expect(await storedStore()).toEqual({ ...SZ01, name: 'New', nameZh: '深圳湾店', dayCutMinutes: 240 });
    await outputOf(...PUT, '--name-zh', '');
    expect(await storedStore()).toEqual({ ...SZ01, name: 'New', dayCutMinutes: 240 });
  });

  it('refuses another day cut or time zone without a later day from which it holds (R4)', async () => {
    for (const [option, value] of [
      ['--day-cut', '04:00'],
      ['--time-zone', 'Asia/Tokyo'],
    ] as const) {
      for (const from of [[], ['--from', '2026-11-22']]) {
        const { exitCode, err } = await run(...PUT, option, value, ...from);
        expect(exitCode).toBe(1);
        expect(err).toContain('can change from a later day than 2026-11-22 on');
      }
    }
    expect(await storedStore()).toEqual(SZ01);
  });

  it('changes the day cut from a day on, and keeps the earlier one for the days before (R4)', async () => {
    await outputOf(...PUT, '--day-cut', '04:00', '--from', '2027-01-01');
    const { timeZone, dayCutMinutes } = SZ01;
    expect(await storedStore()).toEqual({
      ...SZ01,
      dayCutMinutes: 240,
      earlierClocks: [{ timeZone, dayCutMinutes, until: '2027-01-01' }],
    });
    const { err } = await run(...PUT, '--day-cut', '05:00', '--from', '2026-12-30');
    expect(err).toContain('the present clock begins on 2027-01-01');
  });

  it('names what a new store lacks', async () => {
    const { exitCode, err } = await run('stores', 'put', '--id', 'sz09', '--name', 'Nine');
    expect([exitCode, err]).toEqual([1, expect.stringContaining('a new store needs a city')]);
  });
});

describe('aisle stores import', () => {
  const HEADER = 'id,name,city,region,timeZone';
  const ROW = 'sz01,sz01,shenzhen,south,Asia/Shanghai';

  it('imports locations and opening hours where a row has them', async () => {
    write(
      's.csv',
      `${HEADER},lat,lng,datum,radius,hours\n${ROW},22.5198,113.9412,,150,"${HOURS_TEXT}"\nsz02,B,shenzhen,south,Asia/Shanghai,,,,,\n`,
    );
    await outputOf('stores', 'import', 's.csv');
    expect(await storedStore()).toMatchObject({
      location: { ...CIRCLE, fence: { kind: 'circle', radiusM: 150 } },
      openingHours: HOURS,
    });
    const other = await storedStore('sz02' as StoreId);
    expect([other?.name, other?.location, other?.openingHours]).toEqual(['B', undefined, undefined]);
  });

  it('keeps location and opening hours where a table has no such columns or empty cells', async () => {
    await outputOf(...PLACE, ...AT_BAY);
    await outputOf('stores', 'hours', '--id', 'sz01', '--hours', HOURS_TEXT);
    write('s.csv', `${HEADER}\n${ROW}\n`);
    await outputOf('stores', 'import', 's.csv');
    write('s.csv', `${HEADER},lat,lng,hours\n${ROW},,,\n`);
    await outputOf('stores', 'import', 's.csv');
    await outputOf(
      ...['stores', 'put', '--id', 'sz01', '--name', 'Bay', '--city', 'shenzhen', '--region', 'south'],
      ...['--time-zone', 'Asia/Shanghai'],
    );
    expect(await storedStore()).toMatchObject({ name: 'Bay', location: CIRCLE, openingHours: HOURS });
  });

  it('keeps the geofence of a store that has not moved, and replaces that of a store that has', async () => {
    write('fence.geojson', JSON.stringify(POLYGON));
    await outputOf(...PLACE, ...AT_BAY, '--polygon', 'fence.geojson');
    write('s.csv', `${HEADER},lat,lng\n${ROW},22.5198,113.9412\n`);
    await outputOf('stores', 'import', 's.csv');
    expect((await storedStore())?.location?.fence.kind).toBe('polygon');
    write('s.csv', `${HEADER},lat,lng\n${ROW},22.5199,113.9412\n`);
    await outputOf('stores', 'import', 's.csv');
    expect((await storedStore())?.location).toMatchObject({
      position: { lat: 22.5199 },
      fence: CIRCLE.fence,
    });
  });

  it('refuses a file in another encoding, and reads it with --encoding (R13)', async () => {
    // 深圳湾店 in GBK.
    const name = Buffer.from([0xc9, 0xee, 0xdb, 0xda, 0xcd, 0xe5, 0xb5, 0xea]);
    const [before, after] = [
      'id,name,nameZh,city,region,timeZone\ng1,Bay,',
      ',shenzhen,south,Asia/Shanghai\n',
    ];
    writeFileSync(join(folder, 'gbk.csv'), Buffer.concat([Buffer.from(before), name, Buffer.from(after)]));
    const { exitCode, err } = await run('stores', 'import', 'gbk.csv');
    expect([exitCode, err]).toEqual([
      1,
      expect.stringContaining('is not in utf-8; save it as "CSV UTF-8", or'),
    ]);
    await outputOf('stores', 'import', 'gbk.csv', '--encoding', 'gbk');
    expect(await storedStore('g1' as StoreId)).toMatchObject({ nameZh: '深圳湾店' });
  });

  it('refuses an empty file and a column that is there twice (R16, R24)', async () => {
    write('e.csv', '');
    expect((await run('stores', 'import', 'e.csv')).err).toMatch(/e\.csv is empty/);
    write('d.csv', 'id,name,name,city,region,timeZone\ng1,Bay,Bae,shenzhen,south,Asia/Shanghai\n');
    expect((await run('stores', 'import', 'd.csv')).err).toContain(
      'has two columns name, and they may differ',
    );
  });

  it('writes nothing unless every row is valid, and reports the error of each row', async () => {
    const rows = [
      ',22.5,113.9,,,',
      ',22.5,,,,',
      ',,,GCJ-02,,',
      ',113.9,22.5,,,',
      ',22.5,113.9,WGS84,,',
      ',22.5,113.9,,x,',
      ',22.5,113.9,,,always',
    ];
    const lines = rows.map((row, index) => `s${index},${index},shenzhen,south,Asia/Shanghai${row}`);
    write('s.csv', `${HEADER},lat,lng,datum,radius,hours\n${lines.join('\n')}\n`);
    const { exitCode, err } = await run('stores', 'import', 's.csv');
    expect(exitCode).toBe(1);
    for (const message of [
      'line 3: lat and lng must be given together',
      'line 4: datum and radius need lat and lng',
      'line 5: latitude must be',
      'line 6: datum "WGS84"',
      'line 7: radius "x"',
      'line 8: "always" is not a valid opening period',
    ]) {
      expect(err).toContain(message);
    }
    expect(await chain().stores()).toEqual([SZ01]);
  });
});

describe('aisle chain set', () => {
  it('sets the country of phone numbers, and keeps omitted values', async () => {
    expect(await outputOf('chain', 'set', '--country', 'cn')).toBe(
      'Chain Demo, currency CNY.\nDefault country of phone numbers: China.\n',
    );
    expect(await chain().chain()).toEqual({ ...CHAIN, country: 'CN' });
    await outputOf('chain', 'set', '--name', 'Bay');
    expect(await chain().chain()).toEqual({ name: 'Bay', currency: 'CNY', country: 'CN' });
  });

  it.each(['ZZ', 'UK', 'EU', 'DD', 'CHN', '86', 'C'])(
    'rejects the country %s, which is not in ISO 3166-1',
    async (code) => {
      const refused = await run('chain', 'set', '--country', code);
      expect(refused).toMatchObject({ exitCode: 1, err: expect.stringContaining('is not an ISO 3166-1') });
      expect(await chain().chain()).toEqual(CHAIN);
    },
  );

  it('requires an option, and name and currency for a new chain', async () => {
    expect(await run('chain', 'set')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('pass --name'),
    });
    table = await dynamoDb.createTable();
    expect(await run('chain', 'set', '--country', 'CN')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('--name is missing'),
    });
    expect((await run('chain', 'set', '--name', 'Demo')).err).toContain('--currency is missing');
  });
});

describe('aisle stock', () => {
  const stock = () => dynamoStockStore(dynamoDb.client, table);
  const at = (product: string) => stock().onHand(SZ01.storeId, product as ProductId);

  it('imports counts as of now, or as of a time local to the store', async () => {
    write(
      's.csv',
      '\uFEFFstore,product,onHand,asOf\r\nsz01,A1,12,\r\nsz01,苹果,0,2026-11-22T17:30\r\nsz01,B1,3,2026-11-22T09:30:00Z\r\n',
    );
    expect(await outputOf('stock', 'import', 's.csv')).toBe('Saved 3 counts.\n');
    expect(await at('A1')).toEqual({ onHand: 12, asOfMs: NOW_MS });
    expect(await at('苹果')).toEqual({ onHand: 0, asOfMs: NOW_MS - 30 * 60_000 });
    expect(await at('B1')).toEqual({ onHand: 3, asOfMs: NOW_MS - 30 * 60_000 });
    expect(await outputOf('stock', 'list', '--store', 'sz01')).toMatch(
      /A1 +12 +2026-11-22T18:00:00\+08:00\nB1 +3 +2026-11-22T17:30:00\+08:00\n苹果 +0 /,
    );
  });

  it('keeps a newer count, and prints how many of the file were older', async () => {
    write('s.csv', 'store,product,onHand\nsz01,A1,12\n');
    await outputOf('stock', 'import', 's.csv');
    write('s.csv', 'store,product,onHand,asOf\nsz01,A1,99,2026-11-22T17:59\nsz01,B1,1,2026-11-22T17:59\n');
    expect(await outputOf('stock', 'import', 's.csv')).toBe(
      'Saved 1 counts; ignored 1 that are older than the stored ones.\n',
    );
    expect(await at('A1')).toMatchObject({ onHand: 12 });
  });

  it('imports the valid rows, reports the error of each other row, and exits with 3 (R17)', async () => {
    const rows = [
      'sz01,A1,1,',
      'xx,A1,1,',
      'sz01,,1,',
      'sz01,A#1,1,',
      'sz01,A1,-1,',
      'sz01,A1,1.5,',
      'sz01,A1,,',
      'sz01,A1,1,yesterday',
      'sz01,A1,1,2027-11-22T09:00',
    ];
    write('s.csv', `store,product,onHand,asOf\n${rows.join('\n')}\n`);
    const { exitCode, err } = await run('stock', 'import', 's.csv');
    expect(exitCode).toBe(3);
    for (const message of [
      'line 3: store xx not found',
      'line 4: "" is not a valid product id',
      'line 5: "A#1" is not a valid product id',
      'line 6: onHand "-1" is not a whole number',
      'line 7: onHand "1.5" is not a whole number',
      'line 8: onHand "" is not a whole number',
      'line 9: asOf "yesterday" is not a time',
      'line 10: asOf "2027-11-22T09:00" is in the future',
    ]) {
      expect(err).toContain(message);
    }
    expect(err).not.toContain('line 2:');
    expect(await stock().of(SZ01.storeId)).toMatchObject([{ productId: 'A1', onHand: 1 }]);
  });

  it('refuses product numbers that a spreadsheet has shortened, instead of joining products (R2)', async () => {
    write('s.csv', 'store,product,onHand\nsz01,6.90123E+12,5\nsz01,6.90123E+12,7\nsz01,6901234567892,9\n');
    const { exitCode, err } = await run('stock', 'import', 's.csv');
    expect(exitCode).toBe(3);
    expect(err).toContain('line 2: "6.90123E+12" was shortened by a spreadsheet');
    expect((await stock().of(SZ01.storeId)).map(({ productId }) => productId)).toEqual(['06901234567892']);
  });

  it('rejects an unknown store, and lists nothing for a store without stock', async () => {
    expect((await run('stock', 'list', '--store', 'xx')).err).toContain('store xx not found');
    expect((await outputOf('stock', 'list', '--store', 'sz01')).trim().split('\n')).toHaveLength(1);
  });
});
