import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { dynamoPersonStore, type PersonStore } from '#adapters/dynamodb/person-store.ts';
import { hasConsent, PHONES_MAX } from '#domain/people/person.ts';
import { aisle } from '#tools/aisle.ts';
import { CHAIN, KTM1, SZ01 } from '../../support/chain.ts';
import { type WireDynamoDb, wireDynamoDb } from '../../support/dynamodb.ts';
import { groundOf, MEMBER, OTHER_MEMBER, OTHER_PHONE, PHONE, personAt } from '../../support/people.ts';
import { readableTerminal } from '../../support/terminal.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 10);

let dynamoDb: WireDynamoDb;
let folder: string;
let chainTable: string;
let peopleTable: string;
let people: PersonStore;

beforeAll(async () => {
  dynamoDb = await wireDynamoDb();
});
afterAll(() => dynamoDb.close());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aisle-members-'));
  [chainTable, peopleTable] = [await dynamoDb.createTable(), await dynamoDb.createTable()];
  people = dynamoPersonStore(dynamoDb.client, peopleTable);
  const chain = dynamoChainStore(dynamoDb.client, chainTable);
  await chain.putChain({ ...CHAIN, country: 'CN' });
  await chain.putStore(SZ01);
});
afterEach(() => rmSync(folder, { recursive: true }));

const HEADER = 'memberNo,phone,name,consent.push,consent.push.at';
const file = (...rows: readonly string[]) =>
  writeFileSync(join(folder, 'members.csv'), `${[HEADER, ...rows].join('\n')}\n`);
const kept = (name: string) => readFileSync(join(folder, name), 'utf8');

async function run(...args: string[]) {
  const terminal = readableTerminal(folder, {
    nowMs: () => NOW_MS,
    env: { CHAIN_TABLE: chainTable, PEOPLE_TABLE: peopleTable, AWS_REGION: 'us-east-1' },
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  const exitCode = await aisle(args, terminal);
  return { exitCode, ...terminal.said };
}
const send = (...args: string[]) => run('members', 'import', 'members.csv', ...args);

const of = async (identifier: typeof PHONE) => {
  const personId = await people.find(identifier);
  return personId && (await people.load(personId));
};

describe('aisle members import', () => {
  it('makes members with what they agreed to, and passes over what is not asked for', async () => {
    file('M1,138 0013 8000,小王,form 4711,2026-01-02T10:00:00+08:00', 'M2,,小李,,');
    const { exitCode, out, err } = await send();
    expect({ exitCode, out }).toEqual({
      exitCode: 0,
      out: expect.stringMatching(/2 rows\n +made +2 members/),
    });
    expect(out).toMatch(/consents +1\n/);
    expect(err).toContain('Passed over: name.');
    const member = await of(MEMBER);
    expect(member).toMatchObject({
      createdAtMs: NOW_MS,
      links: expect.arrayContaining([
        expect.objectContaining({
          ...MEMBER,
          source: 'import',
          evidence: 'members.csv, line 2',
          confidence: 1,
        }),
        expect.objectContaining(PHONE),
      ]),
      consents: [
        {
          purpose: 'push',
          isGranted: true,
          proof: 'form 4711',
          source: 'import',
          atMs: Date.UTC(2026, 0, 2, 2),
        },
      ],
    });
    expect(JSON.stringify(await of(OTHER_MEMBER))).not.toContain('小李');
    expect(existsSync(join(folder, 'members.csv.checkpoint.json'))).toBe(false);
    expect(existsSync(join(folder, 'members.csv.rejects.csv'))).toBe(false);
  });

  it('is what aisle import does with a register, and never with a till’s list', async () => {
    file('M1,13800138000,,,');
    expect(await run('import', 'members.csv')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('made'),
    });
    expect(await of(MEMBER)).toBeDefined();
    writeFileSync(join(folder, 'sales.csv'), 'memberNo,receiptNo,price\nM9,1,2.5\n');
    expect(await run('import', 'sales.csv')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('--map is missing'),
    });
    expect(await of({ kind: 'member', value: 'M9' })).toBeUndefined();
  });

  it('changes nothing when it is run again, and brings no consent back that was withdrawn', async () => {
    file('M1,13800138000,,form 4711,2026-01-02 10:00');
    await send();
    const before = await of(MEMBER);
    if (before === undefined) throw new Error('nobody was made');
    expect((await send()).out).toMatch(/made +0 members\n +known +1 members/);
    expect(await of(MEMBER)).toEqual(before);
    const withdrawn = {
      purpose: 'push',
      isGranted: false,
      proof: 'app',
      source: 'app',
      atMs: NOW_MS - 1,
    } as const;
    await people.addConsent(before.personId, withdrawn);
    await send();
    expect(hasConsent((await of(MEMBER))?.consents ?? [], 'push', NOW_MS)).toBe(false);
  });

  it('gives a number to whoever is known by the other, and overwrites nothing', async () => {
    await people.bind(PHONE, groundOf(), personAt(1));
    file('M1,13800138000,,,', 'M1,13900139000,,,');
    expect((await send()).exitCode).toBe(0);
    expect((await of(MEMBER))?.personId).toBe(personAt(1));
    expect((await of(OTHER_PHONE))?.personId).toBe(personAt(1));
    expect((await of(PHONE))?.links[0]).toEqual({ ...PHONE, ...groundOf() });
  });

  it('refuses what would make two people one, and keeps the rest', async () => {
    await people.bind(PHONE, groundOf(), personAt(1));
    await people.bind(MEMBER, groundOf(), personAt(2));
    file('M1,13800138000,,form 1,2026-01-02', 'M2,13900139000,,,', 'M3,13900139000,,,');
    const { exitCode, out } = await send();
    expect(exitCode).toBe(3);
    expect(out).toMatch(/made +1 members\n +known +0 members\n +refused +2/);
    expect(kept('members.csv.rejects.csv')).toBe(
      'line,member,phone,reason\n' +
        "2,M1,+86*******8000,the phone is another person's\n" +
        '4,M3,+86*******9000,the phone is of somebody with another member number\n',
    );
    expect((await of(MEMBER))?.consents).toEqual([]);
    expect(await of({ kind: 'member', value: 'M3' })).toBeUndefined();
  });

  it('refuses a phone too many', async () => {
    file(...Array.from({ length: PHONES_MAX + 1 }, (_, index) => `M1,1380013800${index},,,`));
    expect((await send()).exitCode).toBe(3);
    expect(kept('members.csv.rejects.csv')).toContain(`the member has ${PHONES_MAX} phones already`);
  });

  it.each([
    [',,,,', 'has neither a member number nor a phone'],
    ['M#1,,,,', 'the member number is too long, or holds # or control characters'],
    ['M1,12345,,,', 'the phone is no telephone number'],
    ['M1,,,form 1,', 'consent.push has a proof and no time'],
    ['M1,,,,2026-01-02', 'consent.push has a time and no proof'],
    ['M1,,,Yes,2026-01-02', '"Yes" proves nothing'],
    ['M1,,,不同意,2026-01-02', '"不同意" proves nothing'],
    [`M1,,,${'x'.repeat(201)},2026-01-02`, 'the proof is longer than 200 characters'],
    ['M1,,,form 1,02.01.2026', 'is no time such as'],
    ['M1,,,form 1,2026-02-30', 'is no time such as'],
    ['M1,,,form 1,2026-11-22T10:00:01Z', 'lies in the future'],
    ['M1,1', 'has 2 fields and not 5'],
  ])('refuses a row with a reason: %s', async (row, reason) => {
    file(row, 'M2,,,,');
    const { exitCode, out, err } = await send();
    expect(exitCode).toBe(3);
    const rejects = kept('members.csv.rejects.csv');
    expect(rejects.replaceAll('""', '"')).toContain(reason);
    expect(out + err + rejects).not.toContain('12345');
    expect(await of(MEMBER)).toBeUndefined();
    expect(await of(OTHER_MEMBER)).toBeDefined();
  });

  it('shows no telephone number whole, whatever is wrong with its row', async () => {
    file('M1,13800138000,,no,2026-01-02', 'M#,+86 139 0013 9000,,,', '13800138000,12,,,');
    const { out, err } = await send();
    for (const text of [out, err, kept('members.csv.rejects.csv')]) expect(text).not.toMatch(/13[89] ?00/);
    expect(kept('members.csv.rejects.csv')).toContain('+86*******9000');
  });

  it('takes a day for its end, and a time without an offset for the stores’ own clock', async () => {
    file('M1,,,form 1,2026-01-02', 'M2,,,form 1,2026-11-22');
    await send();
    expect((await of(MEMBER))?.consents).toMatchObject([{ atMs: Date.UTC(2026, 0, 2, 15, 59, 59) }]);
    expect((await of(OTHER_MEMBER))?.consents).toMatchObject([{ atMs: NOW_MS }]);
  });

  it('asks whose clock is meant where the stores’ differ', async () => {
    await dynamoChainStore(dynamoDb.client, chainTable).putStore(KTM1);
    file('M1,,,form 1,2026-01-02 10:00', 'M2,,,form 1,2026-01-02T10:00:00Z');
    expect((await send()).exitCode).toBe(3);
    expect(kept('members.csv.rejects.csv')).toContain('say --time-zone');
    expect((await send('--time-zone', 'Asia/Kathmandu')).exitCode).toBe(0);
    expect((await of(MEMBER))?.consents).toMatchObject([{ atMs: Date.UTC(2026, 0, 2, 4, 15) }]);
  });

  it('reads numbers as another country dials them, and other names of columns and encodings', async () => {
    const gbk = Buffer.from([0xc6, 0xbb, 0xb9, 0xfb]);
    const text = 'Member_No;x\n'.replace(';', ',Phone,');
    writeFileSync(
      join(folder, 'members.csv'),
      Buffer.concat([Buffer.from(`${text}M1,(415) 555-0100,`), gbk]),
    );
    expect((await send('--country', 'US', '--encoding', 'gbk')).exitCode).toBe(0);
    expect(await of({ kind: 'phone', value: '+14155550100' })).toBeDefined();
  });

  it('only reads and checks where it is only tried', async () => {
    file('M1,13800138000,,,', 'M2,12345,,,');
    const { exitCode, out } = await run('import', 'members.csv', '--dry-run');
    expect(exitCode).toBe(3);
    expect(out).toContain('2 rows, 1 members; nothing was written');
    expect(out).toContain('line 3: the phone is no telephone number');
    expect(out).not.toContain('12345');
    expect(await of(MEMBER)).toBeUndefined();
  });

  it.each([
    ['name,birthday', 1, 'has neither a column memberNo nor a column phone'],
    ['memberNo,consent.pussh,consent.pussh.at', 1, 'no consent known here: consent.pussh, consent.pussh.at'],
    ['memberNo,consent.push', 1, 'has no column consent.push.at'],
    ['memberNo,consent.push.at', 1, 'has no column consent.push;'],
  ])('does not begin with a header of %s', async (header, exitCode, told) => {
    writeFileSync(join(folder, 'members.csv'), `${header}\nM1,x,2026-01-01\n`);
    const refused = await send();
    expect(refused).toMatchObject({ exitCode, err: expect.stringContaining(told) });
    expect(await of(MEMBER)).toBeUndefined();
  });

  it.each([
    [['--country', 'china'], '--country takes'],
    [['--time-zone', 'Beijing'], '--time-zone takes'],
    [['--encoding', 'klingon'], 'not an encoding'],
  ])('does not take %j', async (args, told) => {
    file('M1,,,,');
    expect(await send(...args)).toMatchObject({ exitCode: 2, err: expect.stringContaining(told) });
  });

  it('says so where there is no file', async () => {
    expect(await send()).toMatchObject({ exitCode: 1, err: expect.stringContaining('there is no file') });
    expect((await run('members', 'import')).err).toContain('the CSV file is missing');
  });
});
