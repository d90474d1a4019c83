/** The state of a killed server after a restart on the same folder. */
import { PutRecordsCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startChild, temporaryFolder } from '../wire/child-server.ts';
import {
  bytes,
  clientOf,
  createStream,
  putOne,
  readShard,
  shardsOf,
  startWithClient,
  textOf,
} from './kinesis-client.ts';

describe('a Kinesis server killed in the middle of its work', () => {
  it('still has every acknowledged record, in order, and its shards', async () => {
    const dataDir = await temporaryFolder();
    const start = `server.startKinesis({ dataDir: ${JSON.stringify(dataDir)}, throttle: 'off' })`;
    const child = await startChild('local/servers/kinesis/server.ts', start);
    const client = clientOf(child.url);
    onTestFinished(() => client.destroy());

    const StreamName = await createStream(client);
    const halves = { ShardToSplit: 'shardId-000000000000', NewStartingHashKey: (2n ** 127n).toString() };
    await client.send(new SplitShardCommand({ StreamName, ...halves }));
    const shardsBefore = await shardsOf(client, StreamName);
    const acknowledged: string[] = [];
    const KILL_AFTER = 2000;
    let killed: Promise<void> | undefined;
    // Four producers, each with its own key, until the server is killed.
    const producers = ['a', 'b', 'c', 'd'].map(async (PartitionKey) => {
      for (let n = 0; ; n += 50) {
        const texts = Array.from(
          { length: 50 },
          (_, i) => `${PartitionKey}:${String(n + i).padStart(9, '0')}`,
        );
        const Records = texts.map((text) => ({ PartitionKey, Data: bytes(text) }));
        await client.send(new PutRecordsCommand({ StreamName, Records }));
        acknowledged.push(...texts);
        if (acknowledged.length >= KILL_AFTER) killed ??= child.kill();
      }
    });
    const endings = await Promise.allSettled(producers);
    await killed;
    expect(endings.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
    expect(acknowledged.length).toBeGreaterThanOrEqual(KILL_AFTER);

    const again = await startWithClient({ dataDir });
    expect(await shardsOf(again.client, StreamName)).toEqual(shardsBefore);
    const kept = new Set<string>();
    for (const { ShardId = '' } of shardsBefore) {
      const texts = (await readShard(again.client, StreamName, ShardId)).map(textOf);
      for (const key of ['a', 'b', 'c', 'd']) {
        const ofKey = texts.filter((text) => text.startsWith(key));
        expect(ofKey).toEqual([...ofKey].sort());
      }
      for (const text of texts) kept.add(text);
    }
    expect(acknowledged.filter((text) => !kept.has(text))).toEqual([]);
  });

  it('continues with greater sequence numbers and new shard ids', async () => {
    const dataDir = await temporaryFolder();
    const first = await startWithClient({ dataDir });
    const StreamName = await createStream(first.client);
    const record = { PartitionKey: 'sz01', Data: bytes('x') };
    const before = await putOne(first.client, StreamName, record);
    await first.server.close();

    const second = await startWithClient({ dataDir });
    const after = await putOne(second.client, StreamName, record);
    expect(BigInt(after.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(before.SequenceNumber ?? 0));
    const halves = { ShardToSplit: 'shardId-000000000000', NewStartingHashKey: (2n ** 127n).toString() };
    await second.client.send(new SplitShardCommand({ StreamName, ...halves }));
    const ids = (await shardsOf(second.client, StreamName)).map((shard) => shard.ShardId?.slice(-1));
    expect(ids).toEqual(['0', '1', '2']);
  });
});
