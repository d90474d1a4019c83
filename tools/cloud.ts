/**
 * Which cloud a command talks to, and how. The same tables, queues and stream exist on AWS and on a laptop;
 * only their names and addresses differ, and a command always says whose it took before it changes anything.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { type ChainStore, dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { type DeviceStore, dynamoDeviceStore } from '#adapters/dynamodb/device-store.ts';
import { dynamoFaceStore, type FaceStore } from '#adapters/dynamodb/face-store.ts';
import { dynamoLetterStore, type LetterStore } from '#adapters/dynamodb/letter-store.ts';
import { dynamoPersonStore, type PersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoSensorStore, type SensorStore } from '#adapters/dynamodb/sensor-store.ts';
import { dynamoStockStore, type StockStore } from '#adapters/dynamodb/stock-store.ts';
import { type EventLog, kinesisClient, kinesisEventLog } from '#adapters/kinesis/event-log.ts';
import { rekognitionClient } from '#adapters/rekognition/client.ts';
import { type FaceIndex, rekognitionFaceIndex } from '#adapters/rekognition/face-index.ts';
import { type ChangeQueue, sqsChangeQueue, sqsClient } from '#adapters/sqs/change-queue.ts';
import { CloudFile } from '#contracts/cloud-file.ts';
import { env } from '#contracts/env.ts';
import { type Terminal, UserError } from './command.ts';

/** Options of every command that talks to a cloud. */
export const CLOUD_OPTIONS = {
  data: { type: 'string' },
  outputs: { type: 'string' },
} as const;

export interface CloudOptions {
  readonly data?: string | undefined;
  readonly outputs?: string | undefined;
}

export const CLOUD_HELP = `Which cloud:
  --data DIR       the local cloud that was started with --data DIR
  --outputs FILE   a deployment on AWS, by the file of "cdk deploy --outputs-file FILE"
  (neither)        the names in CHAIN_TABLE, DEVICES_TABLE, LETTERS_TABLE, FACES_TABLE, PEOPLE_TABLE,
                   COLLECTION_ID, EVENTS_STREAM, CHANGES_QUEUE_URL where they are set, and otherwise the
                   local cloud that was started last from this folder (.aisle/cloud.json)`;

/** Local secrets are accepted whatever they are; the SDK only wants to have some. */
const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

export interface Cloud {
  readonly file: CloudFile;
  readonly isLocal: boolean;
  /** Who it is, for people. */
  readonly title: string;
  chain(): ChainStore;
  sensors(): SensorStore;
  stock(): StockStore;
  devices(): DeviceStore;
  faces(): FaceStore;
  faceIndex(): FaceIndex;
  people(): PersonStore;
  letters(): LetterStore;
  log(): EventLog;
  changes(): ChangeQueue;
}

/** Finds the cloud and says which it is. */
export function openCloud(options: CloudOptions, terminal: Terminal): Cloud {
  const file = findCloud(options, terminal);
  const isLocal = file.endpoints !== undefined;
  const title = isLocal ? `the local cloud at ${file.url}` : `AWS, ${file.region}, ${file.tables.chain}`;
  terminal.err(`Talking to ${title}.\n`);
  const config = (endpoint: string | undefined) => ({
    region: file.region,
    ...(endpoint === undefined ? {} : { endpoint, credentials: LOCAL_CREDENTIALS }),
  });
  const dynamoDb = documentClient(config(file.endpoints?.dynamodb));
  const named = (name: string | undefined, what: string): string => {
    if (name !== undefined) return name;
    throw new UserError(`the name of ${what} is not known; see --help, "Which cloud"`);
  };
  return {
    file,
    isLocal,
    title,
    chain: () =>
      dynamoChainStore(dynamoDb, named(file.tables.chain, `the chain's table (${env.chainTable})`)),
    sensors: () =>
      dynamoSensorStore(dynamoDb, named(file.tables.chain, `the chain's table (${env.chainTable})`)),
    stock: () =>
      dynamoStockStore(dynamoDb, named(file.tables.chain, `the chain's table (${env.chainTable})`)),
    devices: () =>
      dynamoDeviceStore(dynamoDb, named(file.tables.devices, `the devices' table (${env.devicesTable})`)),
    faces: () =>
      dynamoFaceStore(dynamoDb, named(file.tables.faces, `the table of faces (${env.facesTable})`)),
    faceIndex: () =>
      rekognitionFaceIndex(
        rekognitionClient(config(file.endpoints?.rekognition)),
        named(file.collection, `the collection of faces (${env.collectionId})`),
      ),
    people: () =>
      dynamoPersonStore(dynamoDb, named(file.tables.people, `the table of people (${env.peopleTable})`)),
    letters: () =>
      dynamoLetterStore(dynamoDb, named(file.tables.letters, `the letters' table (${env.lettersTable})`)),
    log: () =>
      kinesisEventLog(
        kinesisClient(config(file.endpoints?.kinesis)),
        named(file.stream, `the stream of events (${env.eventsStream})`),
      ),
    changes: () =>
      sqsChangeQueue(
        sqsClient(config(file.endpoints?.sqs)),
        named(file.queues.cellsChanged, `the queue of changes (${env.changesQueueUrl})`),
      ),
  };
}

function findCloud({ data, outputs }: CloudOptions, { cwd, env: variables }: Terminal): CloudFile {
  if (outputs !== undefined) return fromOutputs(resolve(cwd, outputs), variables);
  if (data !== undefined) return readCloudFile(join(resolve(cwd, data), 'cloud.json'));
  if (variables[env.chainTable] || variables[env.devicesTable]) return fromEnvironment(variables);
  const file = join(cwd, '.aisle', 'cloud.json');
  if (existsSync(file)) return readCloudFile(file);
  throw new UserError(
    'no cloud to talk to: start one here with "npm start", or say where it is (--data, --outputs; see --help)',
  );
}

/** The local cloud's own note of itself. */
export function readCloudFile(path: string): CloudFile {
  const parsed = v.safeParse(CloudFile, readJson(path));
  if (parsed.success) return parsed.output;
  throw new UserError(`${path} is not the note of a local cloud: ${v.summarize(parsed.issues)}`);
}

export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(code === 'ENOENT' ? `there is no file ${path}` : `cannot read ${path}: ${message}`);
  }
}

type Variables = Terminal['env'];

const regionOf = (variables: Variables): string | undefined =>
  variables['AWS_REGION'] ?? variables['AWS_DEFAULT_REGION'];

/** An address at which nobody answers: a local cloud without faces must not lead to those on AWS. */
const NOWHERE = 'http://127.0.0.1:9';

function fromEnvironment(variables: Variables): CloudFile {
  const dynamodb = variables['AWS_ENDPOINT_URL_DYNAMODB'];
  const kinesis = variables['AWS_ENDPOINT_URL_KINESIS'];
  const sqs = variables['AWS_ENDPOINT_URL_SQS'];
  const rekognition = variables['AWS_ENDPOINT_URL_REKOGNITION'];
  return v.parse(CloudFile, {
    url: variables['AISLE_URL'],
    region: regionOf(variables),
    ...(dynamodb && kinesis && sqs
      ? { endpoints: { dynamodb, kinesis, sqs, rekognition: rekognition ?? NOWHERE } }
      : {}),
    tables: {
      chain: variables[env.chainTable],
      devices: variables[env.devicesTable],
      letters: variables[env.lettersTable],
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

/** The outputs of all stacks in one; the names are those that lib/ gives them. */
function fromOutputs(path: string, variables: Variables): CloudFile {
  const parsed = v.safeParse(Outputs, readJson(path));
  if (!parsed.success) throw new UserError(`${path} is not a file of "cdk deploy --outputs-file"`);
  const all = Object.assign({}, ...Object.values(parsed.output)) as Record<string, string>;
  const file = v.parse(CloudFile, {
    url: all['ApiUrl'],
    region: regionOf(variables),
    tables: {
      chain: all['ChainTable'],
      devices: all['DevicesTable'],
      letters: all['LettersTable'],
      faces: all['FacesTable'],
      people: all['PeopleTable'],
    },
    queues: { cellsChanged: all['CellsChangedUrl'], productsChanged: all['ProductsChangedUrl'] },
    stream: all['EventsStream'],
    collection: all['FacesCollection'],
  });
  if (file.tables.chain === undefined) throw new UserError(`${path} does not tell the name of ChainTable`);
  return file;
}
