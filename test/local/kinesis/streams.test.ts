/** Streams as a whole: made, described, listed, kept longer, deleted. */
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  IncreaseStreamRetentionPeriodCommand,
  ListShardsCommand,
  ListStreamsCommand,
  PutRecordCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../wire/manual-clock.ts';
import { bytes, createStream, shardsOf, startWithClient } from './kinesis-client.ts';

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

  it('is found by name and by ARN, and satisfies the SDK waiter', async () => {
    const clock = manualClock();
    const { client } = await startWithClient({ clock });
    const StreamName = await createStream(client);
    const byArn = await client.send(new DescribeStreamCommand({ StreamARN: ARN }));
    expect(byArn.StreamDescription).toMatchObject({ StreamName, StreamARN: ARN, RetentionPeriodHours: 24 });
    expect(byArn.StreamDescription?.StreamCreationTimestamp?.getTime()).toBe(clock.nowMs());
    const waited = await waitUntilStreamExists({ client, maxWaitTime: 20 }, { StreamName });
    expect(waited.state).toBe('SUCCESS');
  });

  it('is refused when its name is taken, not a name, or its shards are not said', async () => {
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

describe('the list of streams', () => {
  it('comes by name, a page at a time', async () => {
    const { client } = await startWithClient();
    for (const name of ['c', 'a', 'b']) await createStream(client, 1, name);
    const first = await client.send(new ListStreamsCommand({ Limit: 2 }));
    expect(first).toMatchObject({ StreamNames: ['a', 'b'], HasMoreStreams: true });
    const second = await client.send(new ListStreamsCommand({ Limit: 2, NextToken: first.NextToken }));
    expect(second).toMatchObject({ StreamNames: ['c'], HasMoreStreams: false });
  });
});

describe('the list of shards', () => {
  it('comes a page at a time, by tokens that expire', async () => {
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
});

describe('a stream’s retention', () => {
  it('grows but never shrinks, and stays under a year', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client);
    const retain = (RetentionPeriodHours: number) =>
      client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
    await retain(168);
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
    expect(StreamDescription?.RetentionPeriodHours).toBe(168);
    await expect(retain(48)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    await expect(retain(8761)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });
});

describe('a deleted stream', () => {
  it('is unknown, and its name is free', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client);
    await client.send(new DeleteStreamCommand({ StreamName }));
    await expect(client.send(new DescribeStreamCommand({ StreamName }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Stream events under account 000000000000 not found.',
    });
    await createStream(client);
  });

  it('leaves no sequence number that its namesake could give out again', async () => {
    const { client } = await startWithClient({ clock: manualClock() });
    const put = (StreamName: string) =>
      client.send(new PutRecordCommand({ StreamName, PartitionKey: 'sz01', Data: bytes('x') }));
    const StreamName = await createStream(client);
    const before = await put(StreamName);
    await client.send(new DeleteStreamCommand({ StreamName }));
    await createStream(client);
    const after = await put(StreamName);
    expect(BigInt(after.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(before.SequenceNumber ?? 0));
  });
});
