/** Streams as a whole: created, described, their shards listed, their retention increased. */
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  IncreaseStreamRetentionPeriodCommand,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../wire/manual-clock.ts';
import { createStream, shardsOf, startWithClient } from './kinesis-client.ts';

const ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/events';
const LAST_HASH_KEY = (2n ** 128n - 1n).toString();

describe('a new stream', () => {
  it('divides the whole hash space among its shards', async () => {
    const { client } = await startWithClient();
    const shards = await shardsOf(client, await createStream(client, 3));
    const ranges = shards.map(({ HashKeyRange: range }) => range);
    expect(ranges[0]?.StartingHashKey).toBe('0');
    expect(BigInt(ranges[1]?.StartingHashKey ?? 0)).toBe(BigInt(ranges[0]?.EndingHashKey ?? 0) + 1n);
    expect(BigInt(ranges[2]?.StartingHashKey ?? 0)).toBe(BigInt(ranges[1]?.EndingHashKey ?? 0) + 1n);
    expect(ranges[2]?.EndingHashKey).toBe(LAST_HASH_KEY);
  });

  it('has four shards when it is on demand', async () => {
    const { client } = await startWithClient();
    const StreamModeDetails = { StreamMode: 'ON_DEMAND' } as const;
    await client.send(new CreateStreamCommand({ StreamName: 'events', StreamModeDetails }));
    const { StreamDescriptionSummary: summary } = await client.send(
      new DescribeStreamSummaryCommand({ StreamName: 'events' }),
    );
    expect(summary).toMatchObject({
      OpenShardCount: 4,
      StreamModeDetails,
      StreamStatus: 'ACTIVE',
      StreamARN: ARN,
    });
  });

  it('is described by its name and by its ARN', async () => {
    const clock = manualClock();
    const { client } = await startWithClient({ clock });
    const StreamName = await createStream(client);
    for (const reference of [{ StreamName }, { StreamARN: ARN }]) {
      const { StreamDescriptionSummary: summary } = await client.send(
        new DescribeStreamSummaryCommand(reference),
      );
      expect(summary).toMatchObject({ StreamName, StreamARN: ARN, RetentionPeriodHours: 24 });
      expect(summary?.StreamCreationTimestamp?.getTime()).toBe(clock.nowMs());
    }
  });

  it('is rejected when its name is taken or malformed, or when its shard count is missing', async () => {
    const { client } = await startWithClient();
    await createStream(client);
    await expect(createStream(client)).rejects.toMatchObject({ name: 'ResourceInUseException' });
    await expect(createStream(client, 1, 'no spaces')).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        "1 validation error detected: Value 'no spaces' at 'streamName' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+',
    });
    const unsized = client.send(new CreateStreamCommand({ StreamName: 'unsized' }));
    await expect(unsized).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('an unknown stream', () => {
  it('is rejected with its name and the account', async () => {
    const { client } = await startWithClient();
    const described = client.send(new DescribeStreamSummaryCommand({ StreamName: 'events' }));
    await expect(described).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Stream events under account 000000000000 not found.',
    });
  });
});

describe('ListShards', () => {
  it('returns one page at a time, under tokens that expire after five minutes', async () => {
    const clock = manualClock();
    const { client } = await startWithClient({ clock });
    const StreamName = await createStream(client, 3);
    const first = await client.send(new ListShardsCommand({ StreamName, MaxResults: 2 }));
    expect(first.Shards?.map((shard) => shard.ShardId)).toEqual([
      'shardId-000000000000',
      'shardId-000000000001',
    ]);
    const next = new ListShardsCommand({ NextToken: first.NextToken });
    const second = await client.send(next);
    expect(second.Shards?.map((shard) => shard.ShardId)).toEqual(['shardId-000000000002']);
    expect(second.NextToken).toBeUndefined();
    clock.advance(300_001);
    await expect(client.send(new ListShardsCommand({ NextToken: first.NextToken }))).rejects.toMatchObject({
      name: 'ExpiredNextTokenException',
    });
  });

  it('rejects a token beside a stream name, and a token of another service', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client, 2);
    const { NextToken } = await client.send(new ListShardsCommand({ StreamName, MaxResults: 1 }));
    for (const input of [{ StreamName, NextToken }, { NextToken: 'bm90IG9uZQ==' }]) {
      await expect(client.send(new ListShardsCommand(input))).rejects.toMatchObject({
        name: 'InvalidArgumentException',
      });
    }
  });
});

describe('a stream’s retention', () => {
  it('increases up to a year and never decreases', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client);
    const retain = (RetentionPeriodHours: number) =>
      client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
    await retain(168);
    const { StreamDescriptionSummary: summary } = await client.send(
      new DescribeStreamSummaryCommand({ StreamName }),
    );
    expect(summary?.RetentionPeriodHours).toBe(168);
    await expect(retain(48)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    await expect(retain(8761)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });
});
