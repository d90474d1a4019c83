import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import type { PersonStore } from '#application/ports/person-store.ts';
import { hasConsent, statedConsent } from '#domain/people/customers/consent.ts';
import { PHONES_MAX } from '#domain/people/customers/customer.ts';
import { PURCHASES_A_DAY_LIMIT } from '#domain/people/customers/overuse.ts';
import { aisle } from '#tools/aisle.ts';
import { CHAIN, KTM1, SZ01 } from '../../support/chain.ts';
import { type WireDynamoDb, wireDynamoDb } from '../../support/dynamodb.ts';
import {
  boughtOf,
  linkEvidence,
  MEMBER,
  OTHER_MEMBER,
  OTHER_PHONE,
  PHONE,
  personAt,
} from '../../support/people.ts';
import { recordingTerminal } from '../../support/terminal.ts';

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
const contentOf = (name: string) => readFileSync(join(folder, name), 'utf8');

async function run(...args: string[]) {
  const terminal = recordingTerminal(folder, {
    nowMs: () => NOW_MS,
    env: { CHAIN_TABLE: chainTable, PEOPLE_TABLE: peopleTable, AWS_REGION: 'us-east-1' },
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  const exitCode = await aisle(args, terminal);
  return { exitCode, ...terminal.printed };
}
const send = (...args: string[]) => run('members', 'import', 'members.csv', ...args);

const of = async (identifier: typeof PHONE) => {
  const personId = await people.find(identifier);
  return personId && (await people.load(personId));
};

describe('aisle members import', () => {
  it('creates members with their consents, and ignores unused columns', async () => {
    file('M1,138 0013 8000,小王,form 4711,2026-01-02T10:00:00+08:00', 'M2,,小李,,');
    const { exitCode, out, err } = await send();
    expect({ exitCode, out }).toEqual({
      exitCode: 0,
      out: expect.stringMatching(/2 rows\n +created +2 members/),
    });
    expect(out).toMatch(/consents +1\n/);
    expect(err).toContain('Ignored columns: name.');
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

  it('records a year of birth for the age of pushes, and refuses a row whose year is none (LAW age)', async () => {
    writeFileSync(join(folder, 'members.csv'), 'memberNo,birth_year\nM1,1990\nM2,90\nM3,2090\nM4,\n');
    const { exitCode, out } = await send();
    expect({ exitCode, out }).toEqual({ exitCode: 3, out: expect.stringMatching(/created +2 members/) });
    expect((await of(MEMBER))?.birthYear).toBe(1990);
    const rejects = readFileSync(join(folder, 'members.csv.rejects.csv'), 'utf8');
    expect(rejects).toContain('is not a year from 1900 to 2026');
  });

  it('runs for aisle import with a member list, and never with receipts', async () => {
    file('M1,13800138000,,,');
    expect(await run('import', 'members.csv')).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/created +1 members/),
    });
    expect(await of(MEMBER)).toBeDefined();
    writeFileSync(join(folder, 'sales.csv'), 'memberNo,receiptNo,price\nM9,1,2.5\n');
    expect(await run('import', 'sales.csv')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('--map is missing'),
    });
    expect(await of({ kind: 'member', value: 'M9' })).toBeUndefined();
  });

  it('changes nothing when it is run again, and does not restore a withdrawn consent', async () => {
    file('M1,13800138000,,form 4711,2026-01-02 10:00');
    await send();
    const before = await of(MEMBER);
    if (before === undefined) throw new Error('no customer was created');
    expect((await send()).out).toMatch(/created +0 members\n +existing +1 members/);
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

  it('links a member number to the customer with that phone, and overwrites nothing', async () => {
    await people.bind(PHONE, linkEvidence(), personAt(1));
    file('M1,13800138000,,,');
    expect((await send()).exitCode).toBe(0);
    file('M1,13900139000,,,');
    expect((await send()).exitCode).toBe(0);
    expect((await of(MEMBER))?.personId).toBe(personAt(1));
    expect((await of(OTHER_PHONE))?.personId).toBe(personAt(1));
    expect((await of(PHONE))?.links[0]).toEqual({ ...PHONE, ...linkEvidence() });
  });

  it('proposes the owner of a phone and the member for merging, and keeps the consent (P6)', async () => {
    await people.bind(PHONE, linkEvidence(), personAt(1));
    await people.bind(MEMBER, linkEvidence(), personAt(2));
    file('M1,13800138000,,form 1,2026-01-02');
    const { exitCode, out } = await send();
    expect(exitCode).toBe(3);
    expect(out).toMatch(/existing +1 members\n +refused +0\n +without their phone +1/);
    expect(contentOf('members.csv.rejects.csv')).toBe(
      'line,member,phone,reason\n' +
        '2,M1,+86*******8000,imported without the phone: the phone belongs to another customer; ' +
        'the two are proposed for merging: aisle members conflicts\n',
    );
    expect((await of(MEMBER))?.consents).toMatchObject([{ purpose: 'push', proof: 'form 1' }]);
    const proposed = {
      people: [personAt(1), personAt(2)],
      source: 'import',
      evidence: 'members.csv, line 2',
    };
    await send();
    expect(await Array.fromAsync(people.conflicts())).toMatchObject([proposed]);
  });

  it('lists what is proposed for merging, and merges it on decision (P6)', async () => {
    expect((await run('members', 'conflicts')).out).toBe('no open conflicts\n');
    await people.bind(PHONE, linkEvidence(), personAt(1));
    await people.addPurchase(personAt(1), boughtOf());
    await people.bind(MEMBER, linkEvidence({ linkedAtMs: NOW_MS }), personAt(2));
    file('M1,13800138000,,,');
    await send();
    const { out } = await run('members', 'conflicts');
    for (const shown of [
      personAt(1),
      personAt(2),
      'member M1',
      '+86*******8000',
      'import: members.csv, line 2',
    ])
      expect(out).toContain(shown);
    expect(out).not.toContain('13800138000');
    const settle = (...args: string[]) => run('members', 'settle', ...args);
    expect((await settle(personAt(1), personAt(2))).exitCode).toBe(2);
    expect((await settle(personAt(1), 'p.x', '--same')).exitCode).toBe(2);
    expect(await settle(personAt(2), personAt(1), '--same')).toMatchObject({
      exitCode: 0,
      out: `settled: one person, ${personAt(1)}\n`,
    });
    expect((await of(MEMBER))?.purchases).toHaveLength(1);
    expect((await settle(personAt(1), personAt(2), '--different')).exitCode).toBe(1);
  });

  it('keeps the second member of a family phone, without the phone (P15)', async () => {
    file('M2,13900139000,,,', 'M3,13900139000,,form 3,2026-01-02');
    const { exitCode, out } = await send();
    expect(exitCode).toBe(3);
    expect(out).toMatch(/created +2 members/);
    expect(contentOf('members.csv.rejects.csv')).toContain(
      '3,M3,+86*******9000,imported without the phone: the phone belongs to a customer with another member number',
    );
    const kept = await of({ kind: 'member', value: 'M3' });
    expect(kept?.links).toHaveLength(1);
    expect(kept?.consents).toMatchObject([{ proof: 'form 3' }]);
    expect((await of(OTHER_PHONE))?.links).toMatchObject([OTHER_MEMBER, OTHER_PHONE]);
    expect(await Array.fromAsync(people.conflicts())).toEqual([]);
  });

  it('leaves out a phone beyond the maximum per member', async () => {
    for (let index = 0; index <= PHONES_MAX; index++) {
      file(`M1,1380013800${index},,,`);
      expect((await send()).exitCode).toBe(index < PHONES_MAX ? 0 : 3);
    }
    expect(contentOf('members.csv.rejects.csv')).toContain(`the member already has ${PHONES_MAX} phones`);
  });

  it('refuses a number in scientific notation in every row, with the way to correct it (P3)', async () => {
    const phones = ['1', '2', '3', '4', '5', '6'].map((end) => `1395555000${end}`);
    file(...phones.map((phone, index) => `1.00023E+11,${phone},,${index === 0 ? 'form 9,2026-11-01' : ','}`));
    const { exitCode, out } = await send();
    expect(exitCode).toBe(3);
    expect(out).toMatch(/created +0 members\n +existing +0 members\n +refused +6/);
    expect(contentOf('members.csv.rejects.csv')).toMatch(/digits are lost; format the column as text/);
    for (const phone of phones) expect(await of({ kind: 'phone', value: `+86${phone}` })).toBeUndefined();
  });

  it('refuses all rows of a number that stands beside different phones, also in a dry run (P3)', async () => {
    file('M7,13900139001,,,', 'M8,13900139003,,,', 'M7,13900139002,,,', 'M7,,,,', 'M8,13900139003,,,');
    expect((await send('--dry-run')).out).toContain('would be refused 3');
    const { exitCode, out } = await send();
    expect(exitCode).toBe(3);
    expect(out).toMatch(/created +1 members\n +existing +1 members\n +refused +3/);
    expect(contentOf('members.csv.rejects.csv')).toContain('beside another phone in another row of the file');
    expect(await of({ kind: 'member', value: 'M7' })).toBeUndefined();
  });

  it('gives a phone with the purchases of many to no member (P4)', async () => {
    await people.bind(PHONE, linkEvidence(), personAt(1));
    for (let index = 0; index < PURCHASES_A_DAY_LIMIT; index++)
      await people.addPurchase(personAt(1), boughtOf({ receipt: `sz01/T1/2026-11-22/${index}` }));
    file('M1,13800138000,,form 1,2026-01-02', ',13800138000,,,');
    const { exitCode, out } = await send();
    expect(exitCode).toBe(3);
    expect(out).toMatch(/created +1 members\n +existing +0 members\n +refused +1/);
    expect(contentOf('members.csv.rejects.csv')).toContain('so it identifies no customer');
    const member = await of(MEMBER);
    expect(member?.purchases).toEqual([]);
    expect(member?.links).toMatchObject([MEMBER]);
    expect(member?.consents).toHaveLength(1);
  });

  it.each([
    [',,,,', 'has neither a member number nor a phone'],
    ['M#1,,,,', 'the member number is too long, or contains # or control characters'],
    ['M1,12345,,,', 'the phone is not a valid phone number'],
    ['M1,1380013800x,,,', 'the phone is not a valid phone number'],
    ['M1,13888888888,,,', 'the phone is one digit repeated'],
    ['M1,051234567,,,', 'the phone is a landline or a service number'],
    ['无,13912345670,,,', 'the member number is a placeholder'],
    ['-,13912345670,,,', 'the member number is a placeholder'],
    ['0000,13912345670,,,', 'the member number is a placeholder'],
    ['null,13912345670,,,', 'the member number is a placeholder'],
    ['10002.0,13912345670,,,', 'was turned into a decimal number by a spreadsheet'],
    ['#N/A,13912345670,,,', 'is an error of a spreadsheet'],
    ['M1,,,form 1,', 'consent.push has a proof and no time'],
    ['M1,,,,2026-01-02', 'consent.push has a time and no proof'],
    ['M1,,,Yes,2026-01-02', '"Yes" is no proof'],
    ['M1,,,不同意,2026-01-02', '"不同意" is no proof'],
    [`M1,,,${'x'.repeat(201)},2026-01-02`, 'the proof is longer than 200 characters'],
    ['M1,,,form 1,02.01.2026', 'is not a time such as'],
    ['M1,,,form 1,2026-02-30', 'is not a time such as'],
    ['M1,,,form 1,2026-11-22T10:00:01Z', 'is in the future'],
    ['M1,1', 'has 2 fields instead of 5'],
  ])('refuses the row %s with a reason, and imports the others', async (row, reason) => {
    file(row, 'M2,,,,');
    const { exitCode, out, err } = await send();
    expect(exitCode).toBe(3);
    const rejects = contentOf('members.csv.rejects.csv');
    expect(rejects.replaceAll('""', '"')).toContain(reason);
    expect(out + err + rejects).not.toContain('12345');
    expect(await of(MEMBER)).toBeUndefined();
    expect(await of(OTHER_MEMBER)).toBeDefined();
  });

  it('prints no complete phone number, whatever the error of its row', async () => {
    file('M1,13800138000,,no,2026-01-02', 'M#,+86 139 0013 9000,,,', '13800138000,12,,,');
    const { out, err } = await send();
    for (const text of [out, err, contentOf('members.csv.rejects.csv')])
      expect(text).not.toMatch(/13[89] ?00/);
    expect(contentOf('members.csv.rejects.csv')).toContain('+86*******9000');
  });

  it('reads a date as any time of that day, in the time zone of the stores', async () => {
    file('M1,,,form 1,2026-01-02', 'M2,,,form 1,2026-11-22', 'M3,,,form 1,2026-11-23');
    expect((await send()).exitCode).toBe(3);
    const consents = async (member: string) => (await of({ kind: 'member', value: member }))?.consents;
    expect(await consents('M1')).toMatchObject([
      { atMs: Date.UTC(2026, 0, 1, 16), dayEndsAtMs: Date.UTC(2026, 0, 2, 15, 59, 59), receivedAtMs: NOW_MS },
    ]);
    expect(hasConsent((await consents('M2')) ?? [], 'push', NOW_MS)).toBe(true);
    expect(contentOf('members.csv.rejects.csv')).toContain('is in the future');
  });

  it('does not grant again by a date what the phone refused on that day (P1)', async () => {
    const d1 = ['D1,13911110011,,form 7,2026-11-22'];
    file(...d1);
    await send();
    const personId = (await of({ kind: 'member', value: 'D1' }))?.personId;
    if (personId === undefined) throw new Error('no customer was created');
    const consents = async () => (await people.load(personId))?.consents ?? [];
    expect(hasConsent(await consents(), 'push', NOW_MS)).toBe(true);
    const refusal = { purpose: 'push', isGranted: false, proof: 'switch', source: 'phone' } as const;
    const noon = { clock: 'ph-1', statedAtMs: NOW_MS - 3_600_000, receivedAtMs: NOW_MS - 3_600_000 };
    await people.addConsent(personId, statedConsent(refusal, noon));
    await send();
    await send('--restart');
    expect(await consents()).toHaveLength(2);
    expect(hasConsent(await consents(), 'push', NOW_MS)).toBe(false);
  });

  it('requires --time-zone for times without an offset where the stores have different time zones', async () => {
    await dynamoChainStore(dynamoDb.client, chainTable).putStore(KTM1);
    file('M1,,,form 1,2026-01-02 10:00', 'M2,,,form 1,2026-01-02T10:00:00Z');
    expect((await send()).exitCode).toBe(3);
    expect(contentOf('members.csv.rejects.csv')).toContain('pass --time-zone');
    expect((await send('--time-zone', 'Asia/Kathmandu')).exitCode).toBe(0);
    expect((await of(MEMBER))?.consents).toMatchObject([{ atMs: Date.UTC(2026, 0, 2, 4, 15) }]);
  });

  it('reads phone numbers of another country, other column spellings and other encodings', async () => {
    const gbk = Buffer.from([0xc6, 0xbb, 0xb9, 0xfb]);
    const text = 'Member_No;x\n'.replace(';', ',Phone,');
    writeFileSync(
      join(folder, 'members.csv'),
      Buffer.concat([Buffer.from(`${text}M1,(415) 555-0100,`), gbk]),
    );
    expect((await send('--country', 'US', '--encoding', 'gbk')).exitCode).toBe(0);
    expect(await of({ kind: 'phone', value: '+14155550100' })).toBeDefined();
  });

  it('validates rows and writes nothing on --dry-run', async () => {
    file('M1,13800138000,,,', 'M2,12345,,,');
    const { exitCode, out } = await run('import', 'members.csv', '--dry-run');
    expect(exitCode).toBe(3);
    expect(out).toContain('2 rows, 1 members; nothing written');
    expect(out).toContain('line 3: the phone is not a valid phone number');
    expect(out).not.toContain('12345');
    expect(await of(MEMBER)).toBeUndefined();
  });

  it.each([
    ['name,birthday', 1, 'has neither a column memberNo nor a column phone'],
    [
      'memberNo,consent.pussh,consent.pussh.at',
      1,
      'unknown consent columns: consent.pussh, consent.pussh.at',
    ],
    ['memberNo,consent.push', 1, 'has no column consent.push.at'],
    ['memberNo,consent.push.at', 1, 'has no column consent.push;'],
  ])('rejects a file with the header %s', async (header, exitCode, message) => {
    writeFileSync(join(folder, 'members.csv'), `${header}\nM1,x,2026-01-01\n`);
    const refused = await send();
    expect(refused).toMatchObject({ exitCode, err: expect.stringContaining(message) });
    expect(await of(MEMBER)).toBeUndefined();
  });

  it.each([
    [['--country', 'china'], '--country must be'],
    [['--time-zone', 'Beijing'], '--time-zone must be'],
    [['--encoding', 'klingon'], 'not a supported encoding'],
  ])('rejects the options %j', async (args, message) => {
    file('M1,,,,');
    expect(await send(...args)).toMatchObject({ exitCode: 2, err: expect.stringContaining(message) });
  });

  it('reports a missing file', async () => {
    expect(await send()).toMatchObject({ exitCode: 1, err: expect.stringContaining('file not found') });
    expect((await run('members', 'import')).err).toContain('the CSV file is missing');
  });
});
