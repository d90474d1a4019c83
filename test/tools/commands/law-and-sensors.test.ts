import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { dynamoSensorStore } from '#adapters/dynamodb/sensor-store.ts';
import { JURISDICTIONS } from '#domain/chain/law-settings.ts';
import { PACKS } from '#domain/law/packs.ts';
import { aisle } from '#tools/aisle.ts';
import { CHAIN, SZ01 } from '../../support/chain.ts';
import { type WireDynamoDb, wireDynamoDb } from '../../support/dynamodb.ts';
import { CEILING, DOOR } from '../../support/sensors.ts';
import { recordingTerminal } from '../../support/terminal.ts';

let dynamoDb: WireDynamoDb;
let folder: string;
let table: string;

beforeAll(async () => {
  dynamoDb = await wireDynamoDb();
});
afterAll(() => dynamoDb.close());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aisle-tools-'));
  table = await dynamoDb.createTable();
  const chain = dynamoChainStore(dynamoDb.client, table);
  await chain.putChain(CHAIN);
  await chain.putStore(SZ01);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a command on the tables named by the environment, as against AWS. */
const run = (...args: string[]) => runIn('cn-north-1', ...args);

/** Runs a command in a region of AWS, or as in the local cloud. */
async function runIn(region: string, ...args: string[]) {
  const local = {
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    AWS_ENDPOINT_URL_KINESIS: 'http://127.0.0.1:9',
    AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:9',
  };
  const isLocal = region === 'local';
  const terminal = recordingTerminal(folder, {
    nowMs: () => Date.UTC(2026, 10, 22, 10),
    env: { CHAIN_TABLE: table, AWS_REGION: isLocal ? 'us-east-1' : region, ...(isLocal ? local : {}) },
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

const LAW_SET = ['law', 'set', '--store', 'sz01', '--sign-since', '2026-01-01'];

describe('aisle law', () => {
  it('prints that faces are off for a store without settings', async () => {
    expect(await outputOf('law', 'show', '--store', 'sz01')).toContain('no settings, so faces are off');
    expect(await outputOf('law', 'show')).toMatch(/sz01 +off +off +no +0/);
  });

  it("prints what is permitted, what is withheld and why, and the store's duties", async () => {
    const out = await outputOf(
      ...LAW_SET,
      ...['--jurisdiction', 'CN', '--face', 'visitors', '--watch-list', '--retention-days', '30'],
      ...['--member-retention-days', '365'],
    );
    expect(out).toMatch(/faces +visitors +members/);
    expect(out).toMatch(/watch-list +yes +no/);
    expect(out).toMatch(/visitor retention, days +30 +0/);
    expect(out).toMatch(/pictures examined in the cloud +none/);
    expect(out).toMatch(/members matched by a device +yes/);
    expect(out).toMatch(/Withheld:\n {2}faces: .*\n {4}\(PIPL art\. 13, 26, 28 and 29/);
    expect(out).toMatch(/The store's duties:\n {2}Members agree/);
    expect(out).toMatch(/Pushes:\n {2}from 14 years/);
    expect(out.match(/not legal advice/g)).toHaveLength(1);
    expect(await outputOf('law', 'show', '--store', 'sz01')).toBe(out);
    expect(await outputOf('law', 'show')).toMatch(/sz01 +CN +2026-01-01 +visitors +members +no +4/);
    expect(await dynamoChainStore(dynamoDb.client, table).store(SZ01.storeId)).toMatchObject({
      ...SZ01,
      law: {
        jurisdiction: 'CN',
        face: 'visitors',
        watchList: true,
        visitorRetentionDays: 30,
        memberRetentionDays: 365,
      },
    });
  });

  it('refuses the demonstration outside the local cloud, and takes it there (LAW demo)', async () => {
    const demo = [...LAW_SET, '--jurisdiction', 'demo', '--face', 'visitors', '--watch-list'];
    const refused = await run(...demo);
    expect(refused).toMatchObject({ exitCode: 1, err: expect.stringContaining('local cloud only') });
    expect((await dynamoChainStore(dynamoDb.client, table).store(SZ01.storeId))?.law).toBeUndefined();
    const taken = await runIn('local', ...demo);
    expect(taken.out).toMatch(/faces +visitors +visitors/);
  });

  it('shows that no face of a store may go to a cloud abroad (LAW crossBorder)', async () => {
    const set = [...LAW_SET, '--jurisdiction', 'EU', '--face', 'members', '--member-retention-days', '90'];
    const abroad = (await runIn('us-east-1', ...set)).out;
    expect(abroad).toMatch(/faces +members +off/);
    expect(abroad).toMatch(
      /faces may leave the country: The cloud is in US\..*\n {4}\(GDPR art\. 44 to 49\)/,
    );
    expect((await runIn('eu-central-1', 'law', 'show', '--store', 'sz01')).out).toMatch(
      /faces +members +members/,
    );
  });

  it('shows the law of another day (LAW dates)', async () => {
    await runIn('us-east-2', ...LAW_SET, '--jurisdiction', 'US-TX', '--face', 'members', '--watch-list');
    const on = async (day: string) =>
      (await runIn('us-east-2', 'law', 'show', '--store', 'sz01', '--on', day)).out;
    expect(await on('2025-12-31')).toContain('The sign hangs from 2026-01-01 on');
    expect(await on('2026-01-01')).toMatch(/watch-list +yes +yes/);
    expect((await run('law', 'show', '--on', 'soon')).err).toContain('--on must be a day');
  });

  it('takes the country of the chain as that from which people read, unless others are given (LAW 28 CFR 202)', async () => {
    await dynamoChainStore(dynamoDb.client, table).putChain({ ...CHAIN, country: 'CN' });
    const set = [...LAW_SET, '--jurisdiction', 'US', '--face', 'members'];
    const chinese = (await runIn('us-east-1', ...set)).out;
    expect(chinese).toMatch(/faces +members +off/);
    expect(chinese).toContain('People in CN read this store.');
    expect((await runIn('us-east-1', ...set, '--read-from', 'us')).out).toMatch(/faces +members +members/);
    expect((await run(...set, '--read-from', 'UK')).err).toContain('is not an ISO 3166-1 code');
  });

  it('refuses a law that does not apply in the country of the store', async () => {
    await outputOf(
      ...['stores', 'put', '--id', 'sz01', '--name', 'Bay', '--city', 'shenzhen', '--region', 'south'],
      ...['--time-zone', 'Asia/Shanghai', '--country', 'CN', '--health-service', 'yes'],
    );
    expect(await dynamoChainStore(dynamoDb.client, table).store(SZ01.storeId)).toMatchObject({
      country: 'CN',
      isHealthService: true,
    });
    const refused = await run(...LAW_SET, '--jurisdiction', 'US', '--face', 'members');
    expect(refused.err).toContain('sz01 is in CN, where the law of United States');
  });

  it('prints a page per jurisdiction for a lawyer, as Markdown and as HTML (LAW page)', async () => {
    for (const jurisdiction of JURISDICTIONS) {
      const page = await outputOf('law', 'page', '--jurisdiction', jurisdiction);
      const html = await outputOf('law', 'page', '--jurisdiction', jurisdiction, '--format', 'html');
      for (const text of [page, html]) {
        expect(text).toContain('This is no legal advice');
        expect(text).toContain('no lawyer has read this page yet');
        expect(text).toContain(PACKS[jurisdiction].nameZh);
      }
      for (const { source } of PACKS[jurisdiction].clauses) expect(page).toContain(source);
      expect(html).not.toMatch(/src=|<script|<link/);
    }
    const before = await outputOf('law', 'page', '--jurisdiction', 'EU', '--on', '2027-12-01');
    const after = await outputOf('law', 'page', '--jurisdiction', 'EU', '--on', '2027-12-02');
    expect(before).toMatch(/## Not yet in force[^#]*art\. 14\(5\)/);
    expect(after).not.toContain('## Not yet in force');
  });

  it('withholds all face permissions from a store without a sign', async () => {
    const { out } = await runIn(
      'local',
      ...['law', 'set', '--store', 'sz01', '--jurisdiction', 'demo', '--face', 'visitors'],
    );
    expect(out).toMatch(/faces +visitors +off/);
    expect(out).toContain('No sign hangs.');
  });

  it('replaces all previous settings', async () => {
    await outputOf(...LAW_SET, '--jurisdiction', 'US', '--face', 'visitors', '--watch-list');
    await outputOf(...LAW_SET, '--jurisdiction', 'EU', '--face', 'off');
    expect(await outputOf('law', 'show')).toMatch(/sz01 +EU +2026-01-01 +off +off +no +0/);
  });

  it.each([
    [['--jurisdiction', 'XX', '--face', 'off'], 2, '--jurisdiction must be one of CN, EU, UK, NZ, US, US-CO'],
    [['--jurisdiction', 'CN', '--face', 'all'], 2, '--face must be one of off, members, visitors'],
    [['--jurisdiction', 'CN', '--face', 'off', '--retention-days', '-1'], 2, 'retention-days'],
    [
      ['--jurisdiction', 'CN', '--face', 'off', '--sign-since', '2026-02-30'],
      2,
      '--sign-since must be a day',
    ],
    [['--jurisdiction', 'CN', '--face', 'off', '--store', 'xx'], 1, 'store xx not found'],
    [['--face', 'off'], 2, '--jurisdiction is missing'],
  ])('rejects the options %j', async (args, exitCode, message) => {
    const refused = await run(...LAW_SET, ...args);
    expect(refused.exitCode).toBe(exitCode);
    expect(refused.err).toContain(message);
    expect((await dynamoChainStore(dynamoDb.client, table).store(SZ01.storeId))?.law).toBeUndefined();
  });
});

const SENSORS = [
  { sensor: 'door-1', kind: 'door' },
  {
    sensor: 'ceiling-1',
    kind: 'tracker',
    sampleGapMsMax: 1_000,
    zones: CEILING.zones.map(({ zoneId, polygon }) => ({
      id: zoneId,
      polygon: polygon.map(({ x, y }) => [x, y]),
    })),
  },
];

const write = (content: unknown): void =>
  writeFileSync(join(folder, 'sensors.json'), JSON.stringify(content));
const set = (...more: string[]) => run('sensors', 'set', 'sensors.json', '--store', 'sz01', ...more);

describe('aisle sensors', () => {
  it('saves that a camera sees nothing but a lane for people who agreed, and lists it (LAW lane)', async () => {
    write([{ sensor: 'cam-1', kind: 'camera', lane: 'opt-in' }]);
    expect((await set()).exitCode).toBe(0);
    expect(await stored()).toMatchObject([{ sensorId: 'cam-1', lane: 'opt-in' }]);
    const listed = await outputOf('sensors', 'list', '--store', 'sz01', '--json');
    expect(JSON.parse(listed)).toMatchObject([{ lane: 'opt-in' }]);
    write([{ sensor: 'cam-1', kind: 'camera', lane: 'floor' }]);
    expect((await set()).err).toContain('#/0/lane must be: opt-in');
  });

  const stored = () => dynamoSensorStore(dynamoDb.client, table).list(SZ01.storeId);

  it('saves the sensors of a file, and does not change the others', async () => {
    write(SENSORS);
    expect((await set()).out).toBe('Saved 2 sensors of sz01.\n');
    expect(await stored()).toEqual([CEILING, DOOR]);
    write([{ sensor: 'door-1', kind: 'tracker', sampleGapMsMax: 5_000 }]);
    expect((await set()).exitCode).toBe(0);
    expect(await stored()).toEqual([CEILING, { ...DOOR, kind: 'tracker', sampleGapMsMax: 5_000 }]);
  });

  it('lists sensors, and prints the file format on --json', async () => {
    write(SENSORS);
    await set();
    expect(await outputOf('sensors', 'list', '--store', 'sz01')).toMatch(
      /ceiling-1 +tracker +1000 +visitors +window shelf/,
    );
    const listed = await outputOf('sensors', 'list', '--store', 'sz01', '--json');
    writeFileSync(join(folder, 'sensors.json'), listed);
    expect((await set()).exitCode).toBe(0);
    expect(await stored()).toEqual([CEILING, DOOR]);
  });

  it('removes a sensor once', async () => {
    write(SENSORS);
    await set();
    await outputOf('sensors', 'remove', '--store', 'sz01', '--sensor', 'door-1');
    expect(await stored()).toEqual([CEILING]);
    const again = await run('sensors', 'remove', '--store', 'sz01', '--sensor', 'door-1');
    expect(again).toMatchObject({ exitCode: 1, err: expect.stringContaining('has no sensor door-1') });
  });

  it('writes nothing where the file is invalid, and reports every error with its JSON pointer', async () => {
    write([
      SENSORS[0],
      { sensor: 'a b', kind: 'laser', sampleGapMsMax: 0 },
      { sensor: 'c', kind: 'camera', zone: [] },
      {
        sensor: 'd',
        kind: 'camera',
        zones: [
          {
            id: 'z',
            polygon: [
              [0, 0],
              [1, 1],
            ],
          },
          {
            id: 'line',
            polygon: [
              [0, 0],
              [1, 1],
              [2, 2],
              [0, 0],
            ],
          },
          {
            id: 'odd',
            polygon: [
              [0, 0],
              [1, '1'],
              [2, 0, 0],
            ],
          },
        ],
      },
    ]);
    const { exitCode, err } = await set();
    expect(exitCode).toBe(1);
    for (const pointer of [
      '#/1/sensor must be 1 to 64',
      '#/1/kind must be one of: camera, tracker, door',
      '#/1/sampleGapMsMax must not be below 1',
      '#/2/zone is not a field of a sensor',
      '#/3/zones/0/polygon must have at least 3 corners',
      '#/3/zones/1/polygon must not have all its corners on one line',
      '#/3/zones/2/polygon/1/1 must be a number',
      '#/3/zones/2/polygon/2',
    ]) {
      expect(err).toContain(pointer);
    }
    expect(await stored()).toEqual([]);
  });

  const camera = (polygon: readonly (readonly number[])[], more: object = {}) => ({
    sensor: 'cam-1',
    kind: 'camera',
    zones: [{ id: 'door', polygon }],
    ...more,
  });
  const square = (side: number) => [
    [0, 0],
    [side, 0],
    [side, side],
    [0, side],
  ];

  it('saves for which picture zones are drawn, whether a sensor counts, and the least length (V6)', async () => {
    write([camera(square(480), { size: [640, 480], counts: false, trackMsMin: 2_000 })]);
    expect((await set()).out).toBe('Saved 1 sensors of sz01.\n');
    const listed = await outputOf('sensors', 'list', '--store', 'sz01', '--json');
    writeFileSync(join(folder, 'sensors.json'), listed);
    expect((await set()).exitCode).toBe(0);
    expect(await stored()).toMatchObject([
      { counts: { isCounting: false, leastMs: 2_000 }, drawnFor: { width: 640, height: 480 } },
    ]);
  });

  it('names the zone that lies outside its picture, or is drawn in fractions (V6)', async () => {
    write([camera(square(641), { size: [640, 480] })]);
    expect((await set()).err).toContain('#/0 has zone door outside its picture of 640 × 480');
    write([camera(square(1))]);
    expect((await set()).err).toContain('has zone door drawn in fractions; add "size": [1, 1]');
    write([camera(square(1), { size: [1, 1] })]);
    expect((await set()).exitCode).toBe(0);
    write([{ sensor: 't', kind: 'tracker', size: [1, 1] }]);
    expect((await set()).err).toContain('#/0/size is of cameras only');
  });

  it('warns of two sensors that both count visitors, and of a camera without a size (V5)', async () => {
    write([...SENSORS, camera(square(480))]);
    const { out } = await set();
    expect(out).toContain('Warning: cam-1 and ceiling-1 both count visitors');
    expect(out).toContain('Warning: cam-1 does not say for which picture its zones are drawn');
  });

  it('rejects a zone whose sides cross (V10)', async () => {
    write([
      camera([
        [0, 0],
        [100, 100],
        [100, 0],
        [0, 100],
      ]),
    ]);
    expect((await set()).err).toContain('#/0/zones/0/polygon must not have sides that cross');
  });

  it('rejects two sensors, or two zones of a sensor, with the same id', async () => {
    write([SENSORS[0], SENSORS[0]]);
    expect((await set()).err).toContain('must not hold two sensors of one id');
    const [zone] = SENSORS[1]?.zones ?? [];
    write([{ ...SENSORS[1], zones: [zone, zone] }]);
    expect((await set()).err).toContain('#/0/zones must not hold two zones of one id');
  });

  it('rejects an unknown store and a missing file', async () => {
    write(SENSORS);
    expect((await run('sensors', 'set', 'sensors.json', '--store', 'xx')).err).toContain(
      'store xx not found',
    );
    expect((await run('sensors', 'set', 'nothing.json', '--store', 'sz01')).err).toContain('file not found');
  });
});
