/**
 * A small world over the wire with two customers in every place where people are stored, and a search through all of it that
 * is independent of the product's own: every byte of every table, of the tracker, of the collection and of the push service.
 *
 * Ann and Ben are alike in everything, so data that is deleted of one and kept of the other was distinguished correctly.
 */
import { createHash, createHmac } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import {
  CreateTrackerCommand,
  ListDevicePositionsCommand,
  type LocationClient,
} from '@aws-sdk/client-location';
import {
  CreateCollectionCommand,
  ListFacesCommand,
  ListUsersCommand,
  type RekognitionClient,
} from '@aws-sdk/client-rekognition';
import { CreatePlatformApplicationCommand, type SNSClient } from '@aws-sdk/client-sns';
import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { dynamoAliasStore } from '#adapters/dynamodb/alias-store.ts';
import { dynamoDeadLetterStore } from '#adapters/dynamodb/dead-letter-store.ts';
import { dynamoDeviceStore } from '#adapters/dynamodb/device-store.ts';
import { dynamoErasureStore } from '#adapters/dynamodb/erasure-store.ts';
import { dynamoFaceStore } from '#adapters/dynamodb/face-store.ts';
import { dynamoFactStore } from '#adapters/dynamodb/fact-store.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoPhoneStore } from '#adapters/dynamodb/phone-store.ts';
import { dynamoPushDecisionStore } from '#adapters/dynamodb/push-decision-store.ts';
import { dynamoRowWriter } from '#adapters/dynamodb/row-writer.ts';
import { searchTable } from '#adapters/dynamodb/table-scan.ts';
import { dynamoVisitStore } from '#adapters/dynamodb/visit-store.ts';
import { locationClient } from '#adapters/location/client.ts';
import { locationTracker } from '#adapters/location/tracker.ts';
import { snsClient } from '#adapters/push/client.ts';
import { snsEndpointSearch } from '#adapters/push/endpoint-search.ts';
import { snsPhonePush } from '#adapters/push/phone-push.ts';
import { rekognitionClient } from '#adapters/rekognition/client.ts';
import { searchCollection } from '#adapters/rekognition/collection-search.ts';
import { rekognitionFaceIndex } from '#adapters/rekognition/face-index.ts';
import type { ErasureWork } from '#contracts/http/erasures.ts';
import type { PersonId } from '#domain/chain/ids.ts';
import { TABLES, type TableName } from '#domain/people/erasure/row-policy.ts';
import {
  type ErasePersonPorts,
  type ErasureRound,
  eraseRound,
} from '#functions/erase-person/erase-person.ts';
import { startLocation } from '#local/servers/location/server.ts';
import { startRekognition } from '#local/servers/rekognition/server.ts';
import { type SnsServer, startSns } from '#local/servers/sns/server.ts';
import { similarityOf } from '../local/rekognition/scripted-faces.ts';
import { wireDynamoDb } from './dynamodb.ts';
import { scriptedJpegAnalyser } from './scripted-jpeg.ts';

export const COLLECTION = 'faces';
export const TRACKER = 'phones';
export const APPLICATION = 'arn:aws:sns:us-east-1:000000000000:app/GCM/aisle';

/** Environment variables of the functions in this world. */
export interface ErasureWorld {
  readonly client: DynamoDBDocumentClient;
  readonly tables: Readonly<Record<TableName, string>>;
  readonly urls: Readonly<Record<'dynamodb' | 'location' | 'sns' | 'rekognition', string>>;
  readonly stores: ReturnType<typeof storesOf>;
  /** Ports of the flow, with a list as queue. */
  readonly ports: ErasePersonPorts & Pick<ReturnType<typeof hashes>, 'newErasureId' | 'newSecret'>;
  readonly queue: WaitingWork[];
  /** Processes up to this many messages of the queue; a failed round leaves its message. */
  work(ports?: ErasePersonPorts, roundsMax?: number): Promise<ErasureRound[]>;
  /** From here on, until the next message is taken, every call after the crash fails. */
  dieNext(death?: Death): void;
  /** Since the last message was taken. */
  calls(): number;
  nowMs(): number;
  advance(ms: number): void;
  /** Every row, face, phone and position there is, as text, by where it is. */
  dump(): Promise<Map<string, string[]>>;
  close(): Promise<void>;
}

/** How the process crashes: at its first change of a kind not made before, or at any call. */
export type Death = 'after anything new' | { readonly atCall: number };

export interface WaitingWork {
  readonly work: ErasureWork;
  readonly dueAtMs: number;
}

/** More than any test needs. */
const ROUNDS_MAX = 100;

const LOCAL = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
} as const;

const keyedHash = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('hex');

/** Deterministic random numbers. */
function hashes() {
  let made = 0;
  return {
    markOf: async (personId: PersonId) => keyedHash('salt', personId),
    pseudonym: (secret: string, text: string) => keyedHash(secret, text).slice(0, 32),
    fingerprintOf: (data: string) => createHash('sha256').update(data).digest('hex'),
    newErasureId: () => `e.${String(++made).padStart(26, '0')}`,
    newSecret: () => `secret ${++made}`,
  };
}

interface Clients {
  readonly dynamoDb: DynamoDBDocumentClient;
  readonly location: LocationClient;
  readonly sns: SNSClient;
  readonly rekognition: RekognitionClient;
}

function storesOf({ dynamoDb, location, sns, rekognition }: Clients, tables: ErasureWorld['tables']) {
  return {
    people: dynamoPersonStore(dynamoDb, tables.People),
    phones: dynamoPhoneStore(dynamoDb, tables.Campaigns),
    pushDecisions: dynamoPushDecisionStore(dynamoDb, tables.Campaigns),
    devices: dynamoDeviceStore(dynamoDb, tables.Devices),
    facts: dynamoFactStore(dynamoDb, tables.Facts),
    letters: dynamoDeadLetterStore(dynamoDb, tables.DeadLetters),
    visits: dynamoVisitStore(dynamoDb, tables.Visits),
    aliases: dynamoAliasStore(dynamoDb, tables.Visits),
    faces: dynamoFaceStore(dynamoDb, tables.Faces),
    erasures: dynamoErasureStore(dynamoDb, tables.Campaigns),
    rows: dynamoRowWriter(dynamoDb, tables),
    index: rekognitionFaceIndex(rekognition, COLLECTION),
    tracker: locationTracker(location, TRACKER),
    push: snsPhonePush(sns, { fcm: APPLICATION }),
    isEndpointKnown: snsEndpointSearch(sns),
  };
}

const INDEXES: { readonly [table in TableName]?: readonly string[] } = {
  Campaigns: ['ByPerson'],
  Visits: ['ByStoreDay', 'Due'],
};

/** Some tables are scanned in one segment and some in several, as in production. */
const PARTS: { readonly [table in TableName]?: number } = { Campaigns: 3, Facts: 10 };

export async function erasureWorld(startMs: number): Promise<ErasureWorld> {
  let now = startMs;
  const nowMs = (): number => now;
  const clock = { nowMs, at: () => () => {} };
  const dynamoDb = await wireDynamoDb();
  const [location, sns, rekognition] = await Promise.all([
    startLocation({ clock }),
    startSns({ clock }),
    startRekognition({ faces: scriptedJpegAnalyser(), similarityOf, clock }),
  ]);
  const clients: Clients = {
    dynamoDb: dynamoDb.client,
    location: locationClient({ ...LOCAL, endpoint: location.url }),
    sns: snsClient({ ...LOCAL, endpoint: sns.url }),
    rekognition: rekognitionClient({ ...LOCAL, endpoint: rekognition.url }),
  };
  const names = await Promise.all(
    TABLES.map(async (table) => [table, await dynamoDb.createTable(INDEXES[table])] as const),
  );
  const tables = Object.fromEntries(names) as Record<TableName, string>;
  await clients.location.send(
    new CreateTrackerCommand({ TrackerName: TRACKER, PositionFiltering: 'TimeBased' }),
  );
  await clients.rekognition.send(new CreateCollectionCommand({ CollectionId: COLLECTION }));
  await clients.sns.send(
    new CreatePlatformApplicationCommand({
      Name: 'aisle',
      Platform: 'GCM',
      Attributes: { PlatformCredential: 'local' },
    }),
  );
  const mortal = mortality();
  for (const { middlewareStack } of [clients.dynamoDb, clients.location, clients.sns, clients.rekognition]) {
    // Each client's middleware type is specific to its commands, and this middleware reads none of them.
    (middlewareStack as AnyStack).add(
      (next, { commandName = '' }) =>
        (args) =>
          mortal.call(commandName, args, () => next(args)),
      { step: 'initialize', name: 'mortal', priority: 'high' },
    );
  }
  const stores = storesOf(clients, tables);
  const queue: WaitingWork[] = [];
  const ports: ErasureWorld['ports'] = {
    ...stores,
    ...hashes(),
    searchTable: (table, parts, finder) => searchTable(dynamoDb.client, tables[table], parts, finder),
    partsOf: (table) => PARTS[table] ?? 1,
    searchCollection: (tracesIn) => searchCollection(clients.rekognition, COLLECTION, tracesIn),
    queue: {
      // Serialised like in a queue.
      send: (work, delaySeconds) =>
        mortal.call('SendMessageCommand', work, async () => {
          queue.push({ work: JSON.parse(JSON.stringify(work)), dueAtMs: now + delaySeconds * 1_000 });
        }),
    },
    nowMs,
    isTimeLeft: () => true,
  };
  return {
    client: dynamoDb.client,
    tables,
    urls: { dynamodb: dynamoDb.url, location: location.url, sns: sns.url, rekognition: rekognition.url },
    stores,
    queue,
    nowMs,
    advance: (ms) => {
      now += ms;
    },
    ports,
    async work(using = ports, roundsMax = ROUNDS_MAX) {
      const rounds: ErasureRound[] = [];
      while (rounds.length < roundsMax) {
        const next = queue.shift();
        if (next === undefined) break;
        now = Math.max(now, next.dueAtMs);
        mortal.begin();
        try {
          rounds.push(await eraseRound(using, next.work));
        } catch (error) {
          queue.unshift(next);
          throw error;
        } finally {
          mortal.end();
        }
      }
      return rounds;
    },
    dieNext: mortal.dieNext,
    calls: mortal.calls,
    dump: async () =>
      new Map([
        ...(await Promise.all(
          TABLES.map(async (table) => [table, await rowsOf(dynamoDb.client, tables[table])] as const),
        )),
        ['collection', await collectionOf(clients.rekognition)],
        ['tracker', await trackedOf(clients.location)],
        ['push service', pushedOf(sns)],
      ]),
    async close() {
      for (const client of [clients.location, clients.sns, clients.rekognition]) client.destroy();
      await Promise.all([location.close(), sns.close(), rekognition.close()]);
      await dynamoDb.close();
    },
  };
}

interface AnyStack {
  add(
    middleware: (
      next: (args: unknown) => Promise<unknown>,
      context: { readonly commandName?: string },
    ) => (args: unknown) => Promise<unknown>,
    how: { readonly step: 'initialize'; readonly name: string; readonly priority: 'high' },
  ): void;
}

/** Operations that only read. */
const READS = /^(?:BatchGet|Get|Query|Scan|List|Describe|Search)/;

/** Lets calls through until the crash, and none after it. */
function mortality() {
  const changes = new Set<string>();
  let death: Death | undefined;
  let isAtWork = false;
  let isDead = false;
  let calls = 0;

  /** Whether a call changes something in a way not seen before. */
  function isNew(command: string, args: unknown): boolean {
    if (READS.test(command)) return false;
    const change = `${command} ${textOf(args)}`;
    const isFirst = !changes.has(change);
    changes.add(change);
    return isFirst;
  }

  return {
    begin() {
      [calls, isDead, isAtWork] = [0, false, true];
    },
    end() {
      [isAtWork, death] = [false, undefined];
    },
    dieNext(how?: Death): void {
      death = how;
    },
    calls: () => calls,
    async call<Result>(command: string, args: unknown, make: () => Promise<Result>): Promise<Result> {
      if (!isAtWork) return make();
      if (isDead || ++calls === (typeof death === 'object' ? death.atCall : 0)) {
        isDead = true;
        throw new Error('the process is gone');
      }
      const result = await make();
      if (death === 'after anything new' && isNew(command, args)) {
        isDead = true;
        throw new Error('the process is gone');
      }
      return result;
    },
  };
}

async function rowsOf(client: DynamoDBDocumentClient, TableName: string): Promise<string[]> {
  const rows: string[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true }))
    for (const item of Items) rows.push(textOf(item));
  return rows.sort();
}

/** A row as one text, its attributes sorted: sets as lists, bytes as text, packed ones unpacked. */
function textOf(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Set) return textOf([...value].sort());
  if (value instanceof Uint8Array) {
    return Buffer.from(value[0] === GZIP_MARK ? gunzipSync(value) : value).toString('utf8');
  }
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, one]) => `${name}=${textOf(one)}`)
    .sort()
    .join(' ');
}

const GZIP_MARK = 0x1f;

async function collectionOf(client: RekognitionClient): Promise<string[]> {
  const { Users = [] } = await client.send(new ListUsersCommand({ CollectionId: COLLECTION }));
  const { Faces = [] } = await client.send(new ListFacesCommand({ CollectionId: COLLECTION }));
  return [
    ...Users.map(({ UserId }) => `user ${UserId}`),
    ...Faces.map(({ FaceId, ExternalImageId, UserId }) => `face ${FaceId} of ${ExternalImageId}, ${UserId}`),
  ].sort();
}

async function trackedOf(client: LocationClient): Promise<string[]> {
  const { Entries = [] } = await client.send(new ListDevicePositionsCommand({ TrackerName: TRACKER }));
  return Entries.map(({ DeviceId }) => `position of ${DeviceId}`).sort();
}

const pushedOf = (sns: SnsServer): string[] =>
  sns
    .phones()
    .flatMap((phone) => [textOf(phone), ...sns.deliveries(phone.endpointArn).map(textOf)])
    .sort();
