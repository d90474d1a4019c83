/** One port for every client: the SDK's Kinesis client with HTTP/2, and all others with HTTP/1.1. */
import { GetRecordsCommand, type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bytes, clientOf, createStream, readShard, startWithClient, textOf } from './kinesis-client.ts';

async function roundTrip(client: KinesisClient): Promise<string[]> {
  const StreamName = await createStream(client);
  // Larger than the protocol's default window, so that flow control applies.
  const Records = Array.from({ length: 20 }, (_, n) => ({
    PartitionKey: 'sz01',
    Data: bytes(`${n}`.padEnd(30_000, '.')),
  }));
  await client.send(new PutRecordsCommand({ StreamName, Records }));
  const read = await readShard(client, StreamName, 'shardId-000000000000');
  return read.map((record) => textOf(record).replaceAll('.', ''));
}

const IN_ORDER = Array.from({ length: 20 }, (_, n) => `${n}`);

describe('the Kinesis endpoint', () => {
  it('serves the unmodified SDK over HTTP/2', async () => {
    const { client } = await startWithClient();
    expect(await roundTrip(client)).toEqual(IN_ORDER);
  });

  it('serves HTTP/1.1 on the same port', async () => {
    const { server } = await startWithClient();
    // The default handler of nearly every other SDK client.
    const { requestHandler } = new SQSClient({ region: 'us-east-1' }).config;
    const client = clientOf(server.url, { requestHandler });
    onTestFinished(() => client.destroy());
    expect(await roundTrip(client)).toEqual(IN_ORDER);
  });

  it('serves many requests at once on one HTTP/2 connection', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client);
    const puts = Array.from({ length: 50 }, (_, n) =>
      client.send(
        new PutRecordsCommand({ StreamName, Records: [{ PartitionKey: 'sz01', Data: bytes(`${n}`) }] }),
      ),
    );
    await Promise.all(puts);
    const read = await readShard(client, StreamName, 'shardId-000000000000');
    expect(new Set(read.map(textOf)).size).toBe(50);
  });

  it.each(['DeleteStream', 'UpdateShardCount', 'Fly', 'toString'])(
    'rejects %s, which it does not serve, as an UnknownOperationException',
    async (name) => {
      const { server } = await startWithClient();
      const response = await fetch(server.url, {
        method: 'POST',
        headers: { 'x-amz-target': `Kinesis_20131202.${name}`, 'content-type': 'application/x-amz-json-1.1' },
        body: '{}',
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ __type: 'UnknownOperationException' });
    },
  );

  it('rejects a body that is not JSON and a member of the wrong type', async () => {
    const { server } = await startWithClient();
    for (const body of ['{', '{"MaxResults":"ten"}']) {
      const headers = { 'x-amz-target': 'Kinesis_20131202.ListShards' };
      const response = await fetch(server.url, { method: 'POST', headers, body });
      expect(await response.json()).toMatchObject({ __type: 'SerializationException' });
    }
  });

  it('cuts its connections and frees its port when it closes', async () => {
    const { server, client } = await startWithClient();
    await createStream(client);
    await server.close();
    await expect(createStream(client, 1, 'another')).rejects.toThrow('ECONNREFUSED');
  });

  it('rejects an iterator that it never issued', async () => {
    const { client } = await startWithClient();
    const read = client.send(new GetRecordsCommand({ ShardIterator: 'bm90IG9uZQ==' }));
    await expect(read).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });
});
