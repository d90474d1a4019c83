/**
 * Resolves the cloud a command works on. The same tables, queues and stream exist on AWS and on a laptop; only their names
 * and addresses differ. A command prints which cloud it uses before it changes anything.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { dynamoCellStore } from '#adapters/dynamodb/cell-store.ts';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoDeadLetterStore } from '#adapters/dynamodb/dead-letter-store.ts';
import { dynamoDeviceStore } from '#adapters/dynamodb/device-store.ts';
import { dynamoFaceStore } from '#adapters/dynamodb/face-store.ts';
import { dynamoFactStore } from '#adapters/dynamodb/fact-store.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoSensorStore } from '#adapters/dynamodb/sensor-store.ts';
import { dynamoStockStore } from '#adapters/dynamodb/stock-store.ts';
import { kinesisClient, kinesisEventLog } from '#adapters/kinesis/event-log.ts';
import { rekognitionClient } from '#adapters/rekognition/client.ts';
import { rekognitionFaceIndex } from '#adapters/rekognition/face-index.ts';
import { sqsChangeQueue, sqsClient } from '#adapters/sqs/change-queue.ts';
import type { CellStore } from '#application/ports/cell-store.ts';
import type { ChainStore } from '#application/ports/chain-store.ts';
import type { DeadLetterStore } from '#application/ports/dead-letter-store.ts';
import type { DeviceStore } from '#application/ports/device-store.ts';
import type { EventLog } from '#application/ports/event-log.ts';
import type { FaceIndex } from '#application/ports/face-index.ts';
import type { FaceStore } from '#application/ports/face-store.ts';
import type { FactStore } from '#application/ports/fact-store.ts';
import type { PersonStore } from '#application/ports/person-store.ts';
import type { ChangeQueue } from '#application/ports/queues.ts';
import type { SensorStore } from '#application/ports/sensor-store.ts';
import type { StockStore } from '#application/ports/stock-store.ts';
import { CloudFile } from '#contracts/cloud-file.ts';
import { cloudEnv, env } from '#contracts/env.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { awsCloud, type CloudLocation, LOCAL_CLOUD } from '#domain/law/countries.ts';
import { type Terminal, UserError } from './command.ts';

/** Options of every command that uses a cloud. */
export const CLOUD_OPTIONS = {
  data: { type: 'string' },
  outputs: { type: 'string' },
} as const;

export interface CloudOptions {
  readonly data?: string | undefined;
  readonly outputs?: string | undefined;
}

export const CLOUD_HELP = `Which cloud:
  --data DIR       the local cloud started with --data DIR
  --outputs FILE   an AWS deployment, described by the file of "cdk deploy --outputs-file FILE"
  (neither)        the resources named by CHAIN_TABLE, DEVICES_TABLE, DEAD_LETTERS_TABLE, FACTS_TABLE,
                   CELLS_TABLE, FACES_TABLE, PEOPLE_TABLE, COLLECTION_ID, EVENTS_STREAM and
                   CHANGES_QUEUE_URL, if set; otherwise the local cloud last started from this folder
                   (.aisle/cloud.json)`;

/** The local servers accept any credentials, but the SDK requires some. */
const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

export interface Cloud {
  readonly file: CloudFile;
  readonly isLocal: boolean;
  /** Where faces are processed, for the law. */
  readonly location: CloudLocation;
  /** Description for messages: `the local cloud at http://…`, or region and table on AWS. */
  readonly title: string;
  chain(): ChainStore;
  sensors(): SensorStore;
  stock(): StockStore;
  devices(): DeviceStore;
  faces(): FaceStore;
  faceIndex(): FaceIndex;
  people(): PersonStore;
  letters(): DeadLetterStore;
  facts(): FactStore;
  cells(): CellStore;
  /** Whether the cells table has a name; an environment may name fewer tables. */
  readonly hasCells: boolean;
  log(): EventLog;
  changes(): ChangeQueue;
}

/**
 * Resolves the cloud from the options, the environment or this folder, and prints which it is. Its stores connect lazily.
 *
 * @throws UserError where no cloud is configured; each store throws one where its table or stream has no name
 */
export function openCloud(options: CloudOptions, terminal: Terminal): Cloud {
  const file = findCloud(options, terminal);
  const isLocal = file.endpoints !== undefined;
  const title = isLocal ? `the local cloud at ${file.url}` : `AWS, ${file.region}, ${file.tables.chain}`;
  terminal.err(`Using ${title}.\n`);
  const config = (endpoint: string | undefined) => ({
    region: file.region,
    ...(endpoint === undefined ? {} : { endpoint, credentials: LOCAL_CREDENTIALS }),
  });
  const dynamoDb = documentClient(config(file.endpoints?.dynamodb));
  const named = (name: string | undefined, resource: string): string => {
    if (name !== undefined) return name;
    throw new UserError(`the name of ${resource} is not configured; see "Which cloud" in --help`);
  };
  const chainTable = () => named(file.tables.chain, `the chain table (${env.chainTable})`);
  return {
    file,
    isLocal,
    location: isLocal ? cloudOfLaptop(terminal.env) : awsCloud(file.region),
    title,
    chain: () => dynamoChainStore(dynamoDb, chainTable()),
    sensors: () => dynamoSensorStore(dynamoDb, chainTable()),
    stock: () => dynamoStockStore(dynamoDb, chainTable()),
    devices: () =>
      dynamoDeviceStore(dynamoDb, named(file.tables.devices, `the devices table (${env.devicesTable})`)),
    faces: () => dynamoFaceStore(dynamoDb, named(file.tables.faces, `the faces table (${env.facesTable})`)),
    faceIndex: () =>
      rekognitionFaceIndex(
        rekognitionClient(config(file.endpoints?.rekognition)),
        named(file.collection, `the face collection (${env.collectionId})`),
      ),
    people: () =>
      dynamoPersonStore(dynamoDb, named(file.tables.people, `the people table (${env.peopleTable})`)),
    letters: () =>
      dynamoDeadLetterStore(
        dynamoDb,
        named(file.tables.deadLetters, `the dead letters table (${env.deadLettersTable})`),
      ),
    facts: () => dynamoFactStore(dynamoDb, named(file.tables.facts, `the facts table (${env.factsTable})`)),
    cells: () => dynamoCellStore(dynamoDb, named(file.tables.cells, `the cells table (${env.cellsTable})`)),
    hasCells: file.tables.cells !== undefined,
    log: () =>
      kinesisEventLog(
        kinesisClient(config(file.endpoints?.kinesis)),
        named(file.stream, `the event stream (${env.eventsStream})`),
      ),
    changes: () =>
      sqsChangeQueue(
        sqsClient(config(file.endpoints?.sqs)),
        named(file.queues.cellsChanged, `the change queue (${env.changesQueueUrl})`),
      ),
  };
}

function cloudOfLaptop(variables: Terminal['env']): CloudLocation {
  const country = variables[cloudEnv.localCountry];
  return country === undefined || country === '' ? LOCAL_CLOUD : { isLocal: true, country };
}

/** Returns the error for an unknown store id. */
export const unknownStore = (storeId: string): UserError =>
  new UserError(`store ${storeId} not found; see: aisle stores list`);

/** Returns the store of that id. Throws a UserError where the chain has none. */
export async function requireStore({ chain }: Pick<Cloud, 'chain'>, storeId: string): Promise<Store> {
  const store = await chain().store(storeId as StoreId);
  if (store === undefined) throw unknownStore(storeId);
  return store;
}

function findCloud({ data, outputs }: CloudOptions, { cwd, env: variables }: Terminal): CloudFile {
  if (outputs !== undefined) return fromOutputs(resolve(cwd, outputs), variables);
  if (data !== undefined) return readCloudFile(join(resolve(cwd, data), 'cloud.json'));
  if (variables[env.chainTable] || variables[env.devicesTable]) return fromEnvironment(variables);
  const file = join(cwd, '.aisle', 'cloud.json');
  if (existsSync(file)) return readCloudFile(file);
  throw new UserError(
    'no cloud configured: start a local one here with "npm start", or pass --data or --outputs (see --help)',
  );
}

/** Reads the file in which a local cloud describes itself. Throws a UserError where it is missing or of another form. */
export function readCloudFile(path: string): CloudFile {
  const parsed = v.safeParse(CloudFile, readJson(path));
  if (parsed.success) return parsed.output;
  throw new UserError(`${path} does not describe a local cloud: ${v.summarize(parsed.issues)}`);
}

/** Returns the parsed JSON of a file. Throws a UserError where it is missing or not JSON. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(code === 'ENOENT' ? `file not found: ${path}` : `cannot read ${path}: ${message}`);
  }
}

type Variables = Terminal['env'];

const regionOf = (variables: Variables): string | undefined =>
  variables['AWS_REGION'] ?? variables['AWS_DEFAULT_REGION'];

/** An address without a server, so that a local cloud without Rekognition never reaches the one on AWS. */
const UNREACHABLE_URL = 'http://127.0.0.1:9';

function fromEnvironment(variables: Variables): CloudFile {
  const dynamodb = variables['AWS_ENDPOINT_URL_DYNAMODB'];
  const kinesis = variables['AWS_ENDPOINT_URL_KINESIS'];
  const sqs = variables['AWS_ENDPOINT_URL_SQS'];
  const rekognition = variables['AWS_ENDPOINT_URL_REKOGNITION'];
  return v.parse(CloudFile, {
    url: variables['AISLE_URL'],
    region: regionOf(variables),
    ...(dynamodb && kinesis && sqs
      ? { endpoints: { dynamodb, kinesis, sqs, rekognition: rekognition ?? UNREACHABLE_URL } }
      : {}),
    tables: {
      chain: variables[env.chainTable],
      devices: variables[env.devicesTable],
      deadLetters: variables[env.deadLettersTable],
      facts: variables[env.factsTable],
      cells: variables[env.cellsTable],
      faces: variables[env.facesTable],
      people: variables[env.peopleTable],
    },
    queues: {
      cellsChanged: variables[env.changesQueueUrl],
      productsChanged: variables[env.productChangesQueueUrl],
    },
    stream: variables[env.eventsStream],
    collection: variables[env.collectionId],
  });
}

const Outputs = v.record(v.string(), v.record(v.string(), v.string()));

/** Reads the outputs of all stacks; the output names are set in lib/. */
function fromOutputs(path: string, variables: Variables): CloudFile {
  const parsed = v.safeParse(Outputs, readJson(path));
  if (!parsed.success) throw new UserError(`${path} was not written by "cdk deploy --outputs-file"`);
  const all = Object.assign({}, ...Object.values(parsed.output)) as Record<string, string>;
  const file = v.parse(CloudFile, {
    url: all['ApiUrl'],
    region: regionOf(variables),
    tables: {
      chain: all['ChainTable'],
      devices: all['DevicesTable'],
      deadLetters: all['DeadLettersTable'],
      facts: all['FactsTable'],
      cells: all['CellsTable'],
      faces: all['FacesTable'],
      people: all['PeopleTable'],
    },
    queues: { cellsChanged: all['CellsChangedUrl'], productsChanged: all['ProductsChangedUrl'] },
    stream: all['EventsStream'],
    collection: all['FacesCollection'],
  });
  if (file.tables.chain === undefined) throw new UserError(`${path} has no output ChainTable`);
  return file;
}
