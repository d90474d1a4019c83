/** Starts the wire-level servers of the AWS services that the functions use. */
import { startDynamoDb } from '../servers/dynamodb/server.ts';
import { startKinesis } from '../servers/kinesis/server.ts';
import { startLocation } from '../servers/location/server.ts';
import { startRekognition } from '../servers/rekognition/server.ts';
import { type SnsServer, startSns } from '../servers/sns/server.ts';
import { startSqs } from '../servers/sqs/server.ts';
import type { Endpoints } from './clients.ts';
import { createLazyFaceEngine } from './lazy-face-engine.ts';
import { settleAll } from './settle-all.ts';

export interface ServersSetup {
  /** Folder of the servers' state; in memory where undefined. */
  readonly dataDir: string | undefined;
  /** Lifts the limits of the stream's shards. */
  readonly isUnthrottled: boolean;
  /** Receives the events that services publish to EventBridge. */
  readonly onEvent: (event: unknown) => void;
}

export interface Servers {
  readonly endpoints: Endpoints;
  readonly sns: SnsServer;
}

/** Starts the servers and adds them to `stack`, which closes them; rejects where one of them cannot start. */
export async function startServers(
  { dataDir, isUnthrottled, onEvent }: ServersSetup,
  stack: AsyncDisposableStack,
): Promise<Servers> {
  const faces = createLazyFaceEngine();
  stack.defer(() => faces.close());
  const [dynamodb, kinesis, sqs, rekognition, location, sns] = await settleAll([
    adopt(startDynamoDb({ dataDir }), stack),
    adopt(startKinesis({ dataDir, ...(isUnthrottled && { throttle: 'off' }) }), stack),
    adopt(startSqs({ dataDir }), stack),
    adopt(startRekognition({ dataDir, faces }), stack),
    adopt(startLocation({ dataDir, onEvent }), stack),
    adopt(startSns({ dataDir }), stack),
  ]);
  const endpoints = {
    dynamodb: dynamodb.url,
    kinesis: kinesis.url,
    sqs: sqs.url,
    rekognition: rekognition.url,
    location: location.url,
    sns: sns.url,
  };
  return { endpoints, sns };
}

/** Returns the started server and adds it to the stack, which closes it. */
export async function adopt<Server extends { close(): Promise<void> }>(
  starting: Promise<Server>,
  stack: AsyncDisposableStack,
): Promise<Server> {
  return stack.adopt(await starting, (server) => server.close());
}
