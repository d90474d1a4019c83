import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateCollectionCommand } from '@aws-sdk/client-rekognition';
import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { dynamoFaceStore } from '#adapters/dynamodb/face-store.ts';
import { rekognitionClient } from '#adapters/rekognition/client.ts';
import { rekognitionFaceIndex } from '#adapters/rekognition/face-index.ts';
import type { ChainStore } from '#application/ports/chain-store.ts';
import type { FaceIndex } from '#application/ports/face-index.ts';
import type { FaceStore } from '#application/ports/face-store.ts';
import { CloudFile } from '#contracts/cloud-file.ts';
import { VISITORS_PARTED } from '#contracts/events/visitor-merged.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import { startKinesis } from '#local/servers/kinesis/server.ts';
import { type RekognitionServer, startRekognition } from '#local/servers/rekognition/server.ts';
import { aisle } from '#tools/aisle.ts';
import { clientOf, createStream, readShard } from '../../local/kinesis/kinesis-client.ts';
import { similarityOf } from '../../local/rekognition/scripted-faces.ts';
import { CHAIN, november, SZ01, SZ02 } from '../../support/chain.ts';
import { type WireDynamoDb, wireDynamoDb } from '../../support/dynamodb.ts';
import { gather } from '../../support/gather.ts';
import { scriptedJpeg, scriptedJpegAnalyser } from '../../support/scripted-jpeg.ts';
import { recordingTerminal } from '../../support/terminal.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 10);
const REGION = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

let dynamoDb: WireDynamoDb;
let rekognition: RekognitionServer;
let kinesis: Awaited<ReturnType<typeof startKinesis>>;
let folder: string;
let chain: ChainStore;
let store: FaceStore;
let index: FaceIndex;
let collections = 0;
const clients: Array<{ destroy(): void }> = [];

beforeAll(async () => {
  dynamoDb = await wireDynamoDb();
  kinesis = await startKinesis({ throttle: 'off' });
  rekognition = await startRekognition({
    faces: scriptedJpegAnalyser(),
    similarityOf,
    delays: { userReadyMs: 0 },
  });
  const streams = clientOf(kinesis.url);
  clients.push(streams);
  await createStream(streams);
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await dynamoDb.close();
  await kinesis.close();
  await rekognition.close();
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aisle-faces-'));
  const [chainTable, facesTable] = [await dynamoDb.createTable(), await dynamoDb.createTable()];
  chain = dynamoChainStore(dynamoDb.client, chainTable);
  await chain.putChain(CHAIN);
  const law = {
    jurisdiction: 'demo',
    signSince: '2026-01-01' as BusinessDay,
    face: 'members',
    watchList: false,
  } as const;
  await chain.putStore({ ...SZ01, law });
  await chain.putStore(SZ02);
  const client = rekognitionClient({ endpoint: rekognition.url, ...REGION });
  clients.push(client);
  const collection = `faces-${collections++}`;
  await client.send(new CreateCollectionCommand({ CollectionId: collection }));
  store = dynamoFaceStore(dynamoDb.client, facesTable);
  index = rekognitionFaceIndex(client, collection);
  const cloud = v.parse(CloudFile, {
    url: 'http://127.0.0.1:9',
    endpoints: {
      dynamodb: dynamoDb.url,
      kinesis: kinesis.url,
      sqs: 'http://127.0.0.1:9',
      rekognition: rekognition.url,
    },
    tables: { chain: chainTable, faces: facesTable },
    queues: {},
    stream: 'events',
    collection,
  });
  writeFileSync(join(folder, 'cloud.json'), JSON.stringify(cloud));
  photo('good.jpg', [{ angle: 0, size: 200 }]);
  return () => rmSync(folder, { recursive: true });
});

function photo(name: string, faces: Parameters<typeof scriptedJpeg>[0]): void {
  writeFileSync(join(folder, name), scriptedJpeg(faces, name));
}
async function run(...args: string[]) {
  const terminal = recordingTerminal(folder, { nowMs: () => NOW_MS });
  const code = await aisle(['faces', ...args, '--data', '.'], terminal);
  return { code, ...terminal.printed };
}
const enrol = (...more: string[]) => run('enrol', '--store', 'sz01', '--consent', 'form 17', ...more);
const storedUserIds = async () => (await gather(index.allFaces())).map(({ userId }) => userId);

describe('aisle faces enrol', () => {
  it('enrols a member, with the proof of their consent', async () => {
    const { code, out } = await enrol('--member', 'M1', '--photo', 'good.jpg');
    expect({ code, out }).toEqual({ code: 0, out: 'Enrolled member M1 as m.M1, 1 face(s) in total.\n' });
    expect(await storedUserIds()).toEqual(['m.M1']);
    expect(await store.users(['m.M1'])).toMatchObject([
      { kind: 'member', storeId: 'sz01', consent: { proof: 'form 17', grantedAtMs: NOW_MS } },
    ]);
  });

  const inLaw = async (jurisdiction: 'CN' | 'EU' | 'US-TX') => {
    const signSince = '2026-01-01' as BusinessDay;
    const law = { jurisdiction, face: 'members', watchList: false, memberRetentionDays: 90 } as const;
    await chain.putLaw(SZ01.storeId, { ...law, signSince });
  };

  it('refuses staff by their consent in the European Union, and takes members (LAW staff)', async () => {
    await inLaw('EU');
    const staff = await enrol('--staff', 'S1', '--photo', 'good.jpg');
    expect(staff).toMatchObject({ code: 1, err: expect.stringContaining('EDPB Guidelines 05/2020') });
    expect(await storedUserIds()).toEqual([]);
    expect((await enrol('--member', 'M1', '--photo', 'good.jpg')).code).toBe(0);
    await inLaw('US-TX');
    photo('staff.jpg', [{ angle: 120, size: 200 }]);
    expect((await enrol('--staff', 'S1', '--photo', 'staff.jpg')).code).toBe(0);
  });

  it('refuses every face in China, and in a cloud abroad, with the articles, and makes no vector (LAW crossBorder)', async () => {
    await inLaw('CN');
    const chinese = await enrol('--member', 'M1', '--photo', 'good.jpg');
    expect(chinese).toMatchObject({ code: 1, err: expect.stringContaining('PIPL art. 26') });
    expect(chinese.err).toContain('This is no legal advice');
    await inLaw('EU');
    const terminal = recordingTerminal(folder, { nowMs: () => NOW_MS, env: { AISLE_LOCAL_COUNTRY: 'US' } });
    const options = ['--store', 'sz01', '--consent', 'form 17', '--member', 'M1', '--photo', 'good.jpg'];
    expect(await aisle(['faces', 'enrol', ...options, '--data', '.'], terminal)).toBe(1);
    expect(terminal.printed.err).toContain('The cloud is in US.');
    expect(await storedUserIds()).toEqual([]);
  });

  it('adds further photographs of the same person, each once, and refuses those of another person', async () => {
    photo('second.jpg', [{ angle: 5, size: 200 }]);
    photo('other.jpg', [{ angle: 90, size: 200 }]);
    await enrol('--staff', 'S1', '--photo', 'good.jpg');
    expect((await enrol('--staff', 'S1', '--photo', 'second.jpg')).out).toContain('2 face(s)');
    expect((await enrol('--staff', 'S1', '--photo', 'second.jpg')).out).toContain('2 face(s)');
    const other = await enrol('--staff', 'S1', '--photo', 'other.jpg');
    expect(other).toMatchObject({ code: 1, err: expect.stringContaining('does not match the other faces') });
    expect(await storedUserIds()).toEqual(['s.S1', 's.S1']);
    expect((await store.users(['s.S1']))[0]?.faceIds).toHaveLength(2);
  });

  it.each([
    ['no face', [], 'no face'],
    ['two faces', [{ angle: 0 }, { angle: 90, left: 500 }], 'more than one face'],
    ['a small face', [{ angle: 0, size: 40 }], 'too small'],
    ['a face turned away', [{ angle: 0, yaw: 50 }], 'turned away'],
  ])('refuses a photograph of %s, and stores no vector of it', async (_, faces, why) => {
    photo('bad.jpg', faces);
    expect(await enrol('--member', 'M1', '--photo', 'bad.jpg')).toMatchObject({
      code: 1,
      err: expect.stringContaining(why),
    });
    expect(await storedUserIds()).toEqual([]);
    expect(await store.users(['m.M1'])).toEqual([]);
  });

  it('refuses a store where faces are off, a file that is not a JPEG, and a missing consent', async () => {
    writeFileSync(join(folder, 'text.jpg'), 'hello');
    const off = await run(
      'enrol',
      '--store',
      'sz02',
      '--consent',
      'x',
      '--member',
      'M1',
      '--photo',
      'good.jpg',
    );
    expect(off).toMatchObject({ code: 1, err: expect.stringContaining('faces are off') });
    expect((await enrol('--member', 'M1', '--photo', 'text.jpg')).code).toBe(1);
    expect((await enrol('--member', 'M1', '--photo', 'none.jpg')).code).toBe(1);
    expect((await run('enrol', '--store', 'sz01', '--member', 'M1', '--photo', 'good.jpg')).code).toBe(2);
    expect((await enrol('--photo', 'good.jpg')).code).toBe(2);
    expect((await enrol('--member', 'M1', '--staff', 'S1', '--photo', 'good.jpg')).code).toBe(2);
    expect(await storedUserIds()).toEqual([]);
  });
});

describe('aisle faces withdraw', () => {
  it('deletes every vector, retains the proof, and can be run again', async () => {
    await enrol('--member', 'M1', '--photo', 'good.jpg');
    expect((await run('withdraw', '--member', 'M1')).out).toBe('Withdrew member M1; deleted 1 face(s).\n');
    expect(await storedUserIds()).toEqual([]);
    expect((await store.users(['m.M1']))[0]).toMatchObject({
      faceIds: [],
      consent: { withdrawnAtMs: NOW_MS },
    });
    expect((await run('withdraw', '--member', 'M1')).code).toBe(0);
    expect((await run('withdraw', '--member', 'M2')).code).toBe(1);
    expect((await run('list')).out).toMatch(/m\.M1 +member +sz01 +0 .*form 17 +2026-11-22T10:00:00/);
  });

  it('is reversed by an enrolment with a new consent', async () => {
    await enrol('--member', 'M1', '--photo', 'good.jpg');
    await run('withdraw', '--member', 'M1');
    await enrol('--member', 'M1', '--photo', 'good.jpg');
    expect(await storedUserIds()).toEqual(['m.M1']);
    expect((await store.users(['m.M1']))[0]?.consent).toEqual({ proof: 'form 17', grantedAtMs: NOW_MS });
  });
});

describe('aisle faces unmerge', () => {
  it('separates two visitors, and appends an event for each day to the log', async () => {
    await enrol('--member', 'M1', '--photo', 'good.jpg');
    const [face] = (await store.users(['m.M1']))[0]?.faceIds ?? [];
    await store.enrol({
      userId: 'v.a',
      kind: 'visitor',
      storeId: SZ01.storeId,
      enrolledAtMs: NOW_MS,
      lastSeenAtMs: NOW_MS,
      faceIds: [],
      seenOn: [],
    });
    await store.putAlias({
      from: 'v.a',
      into: 'm.M1',
      storeId: SZ01.storeId,
      faceIds: face === undefined ? [] : [face],
      seenOn: [
        { storeId: SZ01.storeId, day: november(20) },
        { storeId: SZ01.storeId, day: november(21) },
      ],
      mergedAtMs: NOW_MS,
      state: 'merged',
    });
    await store.setMergedInto('v.a', 'm.M1');
    expect((await run('unmerge', 'user.v.a')).out).toBe(
      'Separated v.a from m.M1: 1 face(s), 2 day(s) of visits.\n',
    );
    expect(await storedUserIds()).toEqual(['v.a']);
    expect((await store.users(['v.a']))[0]?.mergedInto).toBeUndefined();
    const streams = clientOf(kinesis.url);
    clients.push(streams);
    const records = await readShard(streams, 'events', 'shardId-000000000000');
    const types = records.map(
      ({ Data }) => (JSON.parse(Buffer.from(Data ?? []).toString()) as { type: string }).type,
    );
    expect(types).toEqual([VISITORS_PARTED, VISITORS_PARTED]);
    expect((await run('unmerge', 'v.none')).code).toBe(1);
  });
});

describe('aisle faces budget', () => {
  it("sets a store's daily budget of paid calls", async () => {
    expect((await run('budget', '--store', 'sz01', '--calls', '20000')).code).toBe(0);
    expect(await store.callsMax(SZ01.storeId)).toBe(20_000);
    expect((await run('budget', '--store', 'sz01', '--calls', 'many')).code).toBe(2);
    expect((await run('budget', '--store', 'nowhere', '--calls', '1')).code).toBe(1);
  });
});
