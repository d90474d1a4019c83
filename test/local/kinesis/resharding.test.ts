/** Shards split, merged and scaled, as a consumer that must keep each key's order sees it. */
import {
  CreateStreamCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  type Shard,
  type ShardFilter,
  SplitShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../wire/manual-clock.ts';
import { bytes, createStream, readShard, shardsOf, startWithClient, textOf } from './kinesis-client.ts';

const HALF = (2n ** 127n).toString();
const KEYS = ['sz01', 'sz02', 'bj07', 'gz03', 'sh11'];

/** Splits shard 0 in the middle. */
function split(client: KinesisClient, StreamName: string, ShardToSplit = 'shardId-000000000000') {
  return client.send(new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey: HALF }));
}

function isOpen({ SequenceNumberRange: range }: Shard): boolean {
  return range?.EndingSequenceNumber === undefined;
}

describe('a partition key’s sequence numbers', () => {
  it('grow across split, merge and scaling even while the clock stands still', async () => {
    const { client } = await startWithClient({ clock: manualClock(), throttle: 'off' });
    const StreamName = await createStream(client);
    const seen = new Map<string, string[]>(KEYS.map((key) => [key, []]));
    const putRound = async () => {
      const Records = KEYS.map((PartitionKey) => ({ PartitionKey, Data: bytes('x') }));
      const answer = await client.send(new PutRecordsCommand({ StreamName, Records }));
      answer.Records?.forEach(({ SequenceNumber = '' }, n) => {
        seen.get(KEYS[n] ?? '')?.push(SequenceNumber);
      });
    };
    await putRound();
    await split(client, StreamName);
    await putRound();
    const [ShardToMerge, AdjacentShardToMerge] = ['shardId-000000000001', 'shardId-000000000002'];
    await client.send(new MergeShardsCommand({ StreamName, ShardToMerge, AdjacentShardToMerge }));
    await putRound();
    await client.send(
      new UpdateShardCountCommand({ StreamName, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' }),
    );
    await putRound();
    for (const numbers of seen.values()) {
      expect(numbers).toHaveLength(4);
      expect([...numbers].sort()).toEqual(numbers);
      expect(new Set(numbers).size).toBe(4);
    }
  });

  it('start in a child above everything its parents can hold', async () => {
    const { client } = await startWithClient({ clock: manualClock() });
    const StreamName = await createStream(client);
    await split(client, StreamName);
    const [parent, ...children] = await shardsOf(client, StreamName);
    for (const child of children) {
      expect(BigInt(child.SequenceNumberRange?.StartingSequenceNumber ?? 0)).toBeGreaterThan(
        BigInt(parent?.SequenceNumberRange?.EndingSequenceNumber ?? 0),
      );
    }
  });
});

describe('a split', () => {
  it('closes the parent, which ends in its children', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client);
    await client.send(
      new PutRecordsCommand({ StreamName, Records: [{ PartitionKey: 'sz01', Data: bytes('1') }] }),
    );
    await split(client, StreamName);
    const ShardId = 'shardId-000000000000';
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    const end = await client.send(new GetRecordsCommand({ ShardIterator }));
    expect(end.Records?.map(textOf)).toEqual(['1']);
    expect(end.NextShardIterator).toBeUndefined();
    expect(end.ChildShards).toMatchObject([
      { ShardId: 'shardId-000000000001', ParentShards: [ShardId], HashKeyRange: { StartingHashKey: '0' } },
      { ShardId: 'shardId-000000000002', ParentShards: [ShardId], HashKeyRange: { StartingHashKey: HALF } },
    ]);
  });

  it('does not end the parent before its last record has been read', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client);
    const Records = ['1', '2'].map((text) => ({ PartitionKey: 'sz01', Data: bytes(text) }));
    await client.send(new PutRecordsCommand({ StreamName, Records }));
    await split(client, StreamName);
    const ShardId = 'shardId-000000000000';
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    const first = await client.send(new GetRecordsCommand({ ShardIterator, Limit: 1 }));
    expect(first.NextShardIterator).toBeDefined();
    expect(first.ChildShards).toBeUndefined();
    const last = await client.send(new GetRecordsCommand({ ShardIterator: first.NextShardIterator }));
    expect(last.NextShardIterator).toBeUndefined();
    expect(last.ChildShards).toHaveLength(2);
  });

  it('is refused outside the shard’s range, of a closed shard, and of an unknown one', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client);
    const at = (NewStartingHashKey: string, ShardToSplit = 'shardId-000000000000') =>
      client.send(new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey }));
    await expect(at('0')).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    await expect(at((2n ** 128n - 1n).toString())).rejects.toMatchObject({
      name: 'InvalidArgumentException',
    });
    await expect(at(HALF, 'shardId-7')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await at(HALF);
    await expect(at(HALF)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });
});

describe('a merge', () => {
  it('gives two parents one child over both their ranges', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client, 2);
    const [ShardToMerge, AdjacentShardToMerge] = ['shardId-000000000000', 'shardId-000000000001'];
    await client.send(new MergeShardsCommand({ StreamName, ShardToMerge, AdjacentShardToMerge }));
    const shards = await shardsOf(client, StreamName);
    expect(shards.filter(isOpen)).toMatchObject([
      {
        ShardId: 'shardId-000000000002',
        ParentShardId: ShardToMerge,
        AdjacentParentShardId: AdjacentShardToMerge,
        HashKeyRange: { StartingHashKey: '0', EndingHashKey: (2n ** 128n - 1n).toString() },
      },
    ]);
  });

  it('is refused of shards that do not touch', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client, 3);
    const apart = {
      StreamName,
      ShardToMerge: 'shardId-000000000000',
      AdjacentShardToMerge: 'shardId-000000000002',
    };
    await expect(client.send(new MergeShardsCommand(apart))).rejects.toMatchObject({
      name: 'InvalidArgumentException',
    });
  });
});

describe('scaling', () => {
  it('ends in even ranges over the whole space, whatever the counts, with at most two parents a shard', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client, 3);
    for (const TargetShardCount of [5, 4, 8, 7, 4, 2, 1]) {
      await client.send(
        new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType: 'UNIFORM_SCALING' }),
      );
      const open = (await shardsOf(client, StreamName)).filter(isOpen);
      const starts = open.map((shard) => BigInt(shard.HashKeyRange?.StartingHashKey ?? -1));
      starts.sort((a, b) => (a < b ? -1 : 1));
      const width = 2n ** 128n / BigInt(TargetShardCount);
      expect(starts).toEqual(Array.from({ length: TargetShardCount }, (_, n) => width * BigInt(n)));
      const covered = open.reduce(
        (sum, { HashKeyRange: range }) =>
          sum + BigInt(range?.EndingHashKey ?? 0) - BigInt(range?.StartingHashKey ?? 0) + 1n,
        0n,
      );
      expect(covered).toBe(2n ** 128n);
    }
  });

  it('is refused beyond double and below half, and of a stream on demand', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client, 4);
    const scale = (TargetShardCount: number, name = StreamName) =>
      client.send(
        new UpdateShardCountCommand({ StreamName: name, TargetShardCount, ScalingType: 'UNIFORM_SCALING' }),
      );
    await expect(scale(9)).rejects.toMatchObject({ name: 'LimitExceededException' });
    await expect(scale(1)).rejects.toMatchObject({ name: 'LimitExceededException' });
    const onDemand = { StreamName: 'free', StreamModeDetails: { StreamMode: 'ON_DEMAND' } } as const;
    await client.send(new CreateStreamCommand(onDemand));
    await expect(scale(8, 'free')).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(split(client, 'free')).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('the shards of a resharded stream', () => {
  it('are filtered by when they were open', async () => {
    const clock = manualClock();
    const { client } = await startWithClient({ clock });
    const StreamName = await createStream(client);
    clock.advance(60_000);
    const betweenAt = new Date(clock.nowMs());
    clock.advance(60_000);
    await split(client, StreamName);
    clock.advance(60_000);
    const ids = async (filter: ShardFilter | undefined) => {
      const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName, ShardFilter: filter }));
      return Shards.map((shard) => Number(shard.ShardId?.slice(-12)));
    };
    expect(await ids({ Type: 'AT_LATEST' })).toEqual([1, 2]);
    expect(await ids({ Type: 'AT_TRIM_HORIZON' })).toEqual([0]);
    expect(await ids({ Type: 'FROM_TRIM_HORIZON' })).toEqual([0, 1, 2]);
    expect(await ids({ Type: 'AT_TIMESTAMP', Timestamp: betweenAt })).toEqual([0]);
    expect(await ids({ Type: 'FROM_TIMESTAMP', Timestamp: new Date(clock.nowMs()) })).toEqual([1, 2]);
    expect(await ids({ Type: 'AFTER_SHARD_ID', ShardId: 'shardId-000000000000' })).toEqual([1, 2]);
    // A closed shard outlives its last record by nothing.
    clock.advance(25 * 3_600_000);
    expect(await ids(undefined)).toEqual([1, 2]);
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
    expect(StreamDescription?.Shards).toHaveLength(2);
    expect(await readShard(client, StreamName, 'shardId-000000000000')).toEqual([]);
  });
});
