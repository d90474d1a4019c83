/** A split shard, from the view of a consumer that must keep each key's order. */
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../wire/manual-clock.ts';
import { bytes, createStream, readShard, shardsOf, startWithClient, textOf } from './kinesis-client.ts';

const HALF = (2n ** 127n).toString();
const QUARTER = (2n ** 126n).toString();
const FIRST_SHARD = 'shardId-000000000000';
const KEYS = ['sz01', 'sz02', 'bj07', 'gz03', 'sh11'];

/** Splits a shard, shard 0 by default, at a hash key, the middle of the space by default. */
function split(client: KinesisClient, StreamName: string, at: { shard?: string; hashKey?: string } = {}) {
  const { shard: ShardToSplit = FIRST_SHARD, hashKey: NewStartingHashKey = HALF } = at;
  return client.send(new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey }));
}

async function iteratorOf(client: KinesisClient, StreamName: string, ShardId: string) {
  const start = new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
  return (await client.send(start)).ShardIterator;
}

describe('a partition key’s sequence numbers', () => {
  it('grow across two splits even while the clock stands still', async () => {
    const { client } = await startWithClient({ clock: manualClock(), throttle: 'off' });
    const StreamName = await createStream(client);
    const numbersOf = new Map<string, string[]>(KEYS.map((key) => [key, []]));
    const putRound = async () => {
      const Records = KEYS.map((PartitionKey) => ({ PartitionKey, Data: bytes('x') }));
      const { Records: results } = await client.send(new PutRecordsCommand({ StreamName, Records }));
      results?.forEach(({ SequenceNumber = '' }, n) => {
        numbersOf.get(KEYS[n] ?? '')?.push(SequenceNumber);
      });
    };
    await putRound();
    await split(client, StreamName);
    await putRound();
    await split(client, StreamName, { shard: 'shardId-000000000001', hashKey: QUARTER });
    await putRound();
    for (const numbers of numbersOf.values()) {
      expect(numbers).toHaveLength(3);
      expect([...numbers].sort()).toEqual(numbers);
      expect(new Set(numbers).size).toBe(3);
    }
  });

  it('start in a child above every number that its parent can hold', async () => {
    const { client } = await startWithClient({ clock: manualClock() });
    const StreamName = await createStream(client);
    await split(client, StreamName);
    const [parent, ...children] = await shardsOf(client, StreamName);
    expect(children).toHaveLength(2);
    for (const child of children) {
      expect(BigInt(child.SequenceNumberRange?.StartingSequenceNumber ?? 0)).toBeGreaterThan(
        BigInt(parent?.SequenceNumberRange?.EndingSequenceNumber ?? 0),
      );
    }
  });
});

describe('SplitShard', () => {
  it('closes the parent, whose last read names its children', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client);
    await client.send(
      new PutRecordsCommand({ StreamName, Records: [{ PartitionKey: 'sz01', Data: bytes('1') }] }),
    );
    await split(client, StreamName);
    const ShardIterator = await iteratorOf(client, StreamName, FIRST_SHARD);
    const end = await client.send(new GetRecordsCommand({ ShardIterator }));
    expect(end.Records?.map(textOf)).toEqual(['1']);
    expect(end.NextShardIterator).toBeUndefined();
    expect(end.ChildShards).toMatchObject([
      {
        ShardId: 'shardId-000000000001',
        ParentShards: [FIRST_SHARD],
        HashKeyRange: { StartingHashKey: '0' },
      },
      {
        ShardId: 'shardId-000000000002',
        ParentShards: [FIRST_SHARD],
        HashKeyRange: { StartingHashKey: HALF },
      },
    ]);
  });

  it('keeps the parent readable until its last record has been read', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client);
    const Records = ['1', '2'].map((text) => ({ PartitionKey: 'sz01', Data: bytes(text) }));
    await client.send(new PutRecordsCommand({ StreamName, Records }));
    await split(client, StreamName);
    const ShardIterator = await iteratorOf(client, StreamName, FIRST_SHARD);
    const first = await client.send(new GetRecordsCommand({ ShardIterator, Limit: 1 }));
    expect(first.NextShardIterator).toBeDefined();
    expect(first.ChildShards).toBeUndefined();
    const last = await client.send(new GetRecordsCommand({ ShardIterator: first.NextShardIterator }));
    expect(last.NextShardIterator).toBeUndefined();
    expect(last.ChildShards).toHaveLength(2);
  });

  it('rejects a hash key outside the shard, a closed shard, an unknown shard and a stream on demand', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client);
    const invalid = { name: 'InvalidArgumentException' };
    await expect(split(client, StreamName, { hashKey: '0' })).rejects.toMatchObject(invalid);
    const last = (2n ** 128n - 1n).toString();
    await expect(split(client, StreamName, { hashKey: last })).rejects.toMatchObject(invalid);
    await expect(split(client, StreamName, { shard: 'shardId-7' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await split(client, StreamName);
    await expect(split(client, StreamName)).rejects.toMatchObject(invalid);
    const onDemand = { StreamName: 'free', StreamModeDetails: { StreamMode: 'ON_DEMAND' } } as const;
    await client.send(new CreateStreamCommand(onDemand));
    await expect(split(client, 'free')).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('ListShards after a split', () => {
  it('lists the closed parent until its last record has passed the retention', async () => {
    const clock = manualClock();
    const { client } = await startWithClient({ clock });
    const StreamName = await createStream(client);
    clock.advance(60_000);
    await split(client, StreamName);
    const idsOf = async () =>
      (await shardsOf(client, StreamName)).map((shard) => Number(shard.ShardId?.slice(-12)));
    expect(await idsOf()).toEqual([0, 1, 2]);
    clock.advance(25 * 3_600_000);
    expect(await idsOf()).toEqual([1, 2]);
    expect(await readShard(client, StreamName, FIRST_SHARD)).toEqual([]);
  });

  it('rejects a shard filter, which it would otherwise ignore', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client);
    const filtered = new ListShardsCommand({ StreamName, ShardFilter: { Type: 'AT_LATEST' } });
    await expect(client.send(filtered)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });
});
