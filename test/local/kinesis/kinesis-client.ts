/** Helpers of the Kinesis tests: a server with the real SDK's client, and reads of whole shards. */
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  type KinesisClientConfig,
  type _Record as KinesisRecord,
  ListShardsCommand,
  PutRecordsCommand,
  type PutRecordsRequestEntry,
  type Shard,
} from '@aws-sdk/client-kinesis';
import { onTestFinished } from 'vitest';
import { type KinesisOptions, startKinesis } from '#local/servers/kinesis/server.ts';

/** Returns a client like that of production code, with another endpoint. */
export function clientOf(url: string, config: Partial<KinesisClientConfig> = {}): KinesisClient {
  return new KinesisClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    // Many tests expect an error, which retries would only delay.
    maxAttempts: 1,
    ...config,
  });
}

export async function startWithClient(options: KinesisOptions = {}) {
  const server = await startKinesis(options);
  const client = clientOf(server.url);
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  return { server, client };
}

/** Creates a stream of so many shards and returns its name. */
export async function createStream(
  client: KinesisClient,
  ShardCount = 1,
  StreamName = 'events',
): Promise<string> {
  await client.send(new CreateStreamCommand({ StreamName, ShardCount }));
  return StreamName;
}

export async function shardsOf(client: KinesisClient, StreamName: string): Promise<Shard[]> {
  return (await client.send(new ListShardsCommand({ StreamName }))).Shards ?? [];
}

/** Puts one record and returns where it is stored. */
export async function putOne(client: KinesisClient, StreamName: string, record: PutRecordsRequestEntry) {
  const { Records: [result] = [] } = await client.send(
    new PutRecordsCommand({ StreamName, Records: [record] }),
  );
  return { ...result };
}

const READS_MAX = 100;

/** Returns a shard's records, from its start to its present end. */
export async function readShard(
  client: KinesisClient,
  StreamName: string,
  ShardId: string,
): Promise<KinesisRecord[]> {
  const start = new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
  let iterator = (await client.send(start)).ShardIterator;
  const records: KinesisRecord[] = [];
  for (let reads = 0; reads < READS_MAX && iterator !== undefined; reads++) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
    records.push(...(page.Records ?? []));
    if (page.MillisBehindLatest === 0) break;
    iterator = page.NextShardIterator;
  }
  return records;
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(record: KinesisRecord): string {
  return new TextDecoder().decode(record.Data);
}
