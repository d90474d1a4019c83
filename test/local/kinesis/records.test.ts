/** Records put and read: their shard, their order, their limits, and the start of a read. */
import { createHash } from 'node:crypto';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorInput,
  type KinesisClient,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../wire/manual-clock.ts';
import {
  bytes,
  createStream,
  putOne,
  readShard,
  shardsOf,
  startWithClient,
  textOf,
} from './kinesis-client.ts';

const FIRST_SHARD = 'shardId-000000000000';

function put(client: KinesisClient, StreamName: string, texts: readonly string[], PartitionKey = 'sz01') {
  const Records = texts.map((text) => ({ PartitionKey, Data: bytes(text) }));
  return client.send(new PutRecordsCommand({ StreamName, Records }));
}

async function iterator(
  client: KinesisClient,
  start: Omit<GetShardIteratorInput, 'ShardId'>,
): Promise<string> {
  const response = await client.send(new GetShardIteratorCommand({ ShardId: FIRST_SHARD, ...start }));
  return response.ShardIterator ?? '';
}

async function textsFrom(
  client: KinesisClient,
  start: Omit<GetShardIteratorInput, 'ShardId'>,
): Promise<string[]> {
  const ShardIterator = await iterator(client, start);
  const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
  return Records.map(textOf);
}

describe('a record', () => {
  it('is stored in the shard whose range holds the MD5 of its partition key', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client, 4);
    const shards = await shardsOf(client, StreamName);
    for (const PartitionKey of ['sz01', 'sz02', 'bj07', '店']) {
      const hash = BigInt(`0x${createHash('md5').update(PartitionKey).digest('hex')}`);
      const expected = shards.find(
        ({ HashKeyRange: range }) =>
          BigInt(range?.StartingHashKey ?? 0) <= hash && hash <= BigInt(range?.EndingHashKey ?? 0),
      );
      const { ShardId } = await putOne(client, StreamName, { PartitionKey, Data: bytes('x') });
      expect(ShardId).toBe(expected?.ShardId);
    }
  });

  it('is stored in the shard of its explicit hash key instead', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client, 4);
    for (const { ShardId, HashKeyRange } of await shardsOf(client, StreamName)) {
      for (const ExplicitHashKey of [HashKeyRange?.StartingHashKey, HashKeyRange?.EndingHashKey]) {
        const record = { PartitionKey: 'sz01', ExplicitHashKey, Data: bytes('x') };
        expect((await putOne(client, StreamName, record)).ShardId).toBe(ShardId);
      }
    }
    const ExplicitHashKey = (2n ** 128n).toString();
    const beyond = { PartitionKey: 'sz01', ExplicitHashKey, Data: bytes('x') };
    await expect(putOne(client, StreamName, beyond)).rejects.toMatchObject({
      name: 'InvalidArgumentException',
    });
  });

  it('is read back byte for byte, with its key and its arrival time', async () => {
    const clock = manualClock();
    const { client } = await startWithClient({ clock });
    const StreamName = await createStream(client);
    const Data = Uint8Array.from({ length: 256 }, (_, n) => n);
    const { SequenceNumber } = await putOne(client, StreamName, { PartitionKey: '店 1', Data });
    const [record] = await readShard(client, StreamName, FIRST_SHARD);
    expect(record).toMatchObject({ PartitionKey: '店 1', SequenceNumber });
    expect([...(record?.Data ?? [])]).toEqual([...Data]);
    expect(record?.ApproximateArrivalTimestamp?.getTime()).toBe(clock.nowMs());
  });
});

describe('a batch of records', () => {
  it('keeps its order, under sequence numbers of 56 digits that grow as numbers and as strings', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client);
    const texts = Array.from({ length: 500 }, (_, n) => `${n}`);
    const { Records: results = [], FailedRecordCount } = await put(client, StreamName, texts);
    expect(FailedRecordCount).toBe(0);
    const read = await readShard(client, StreamName, FIRST_SHARD);
    expect(read.map(textOf)).toEqual(texts);
    const numbers = read.map((record) => record.SequenceNumber ?? '');
    expect(numbers).toEqual(results.map((result) => result.SequenceNumber));
    expect(numbers.every((number) => /^[1-9]\d{55}$/.test(number))).toBe(true);
    expect([...numbers].sort()).toEqual(numbers);
    expect(new Set(numbers).size).toBe(500);
  });

  it('is rejected as a whole above 500 records, 5 MB, 1 MB a record or 256 characters a key', async () => {
    const { client } = await startWithClient({ throttle: 'off' });
    const StreamName = await createStream(client);
    const rejected = async (records: { key?: string; size?: number }[], name: string) => {
      const Records = records.map(({ key = 'k', size = 1 }) => ({
        PartitionKey: key,
        Data: new Uint8Array(size),
      }));
      await expect(client.send(new PutRecordsCommand({ StreamName, Records }))).rejects.toMatchObject({
        name,
      });
    };
    await rejected(
      Array.from({ length: 501 }, () => ({})),
      'ValidationException',
    );
    await rejected(
      Array.from({ length: 6 }, () => ({ size: 1_000_000 })),
      'InvalidArgumentException',
    );
    await rejected([{}, { size: 1024 * 1024 + 1 }], 'ValidationException');
    await rejected([{}, { key: 'k'.repeat(257) }], 'ValidationException');
    await rejected([], 'ValidationException');
    expect(await readShard(client, StreamName, FIRST_SHARD)).toEqual([]);
  });

  it('is rejected with the name of the wrong member', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client);
    await expect(put(client, StreamName, ['x'], '')).rejects.toThrow(
      "Value '' at 'records.1.member.partitionKey' failed to satisfy constraint: " +
        'Member must have length greater than or equal to 1',
    );
  });

  it('is rejected by an unknown stream', async () => {
    const { client } = await startWithClient();
    await expect(put(client, 'nowhere', ['x'])).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('reading', () => {
  it('starts at the iterator’s position', async () => {
    const clock = manualClock();
    const { client } = await startWithClient({ clock });
    const StreamName = await createStream(client);
    const { Records: [, second] = [] } = await put(client, StreamName, ['1', '2']);
    clock.advance(1000);
    const laterAt = new Date(clock.nowMs());
    const latest = await iterator(client, { StreamName, ShardIteratorType: 'LATEST' });
    await put(client, StreamName, ['3']);

    const StartingSequenceNumber = second?.SequenceNumber;
    const from = (start: Partial<GetShardIteratorInput>) =>
      textsFrom(client, { StreamName, ShardIteratorType: 'TRIM_HORIZON', ...start });
    expect(await from({})).toEqual(['1', '2', '3']);
    expect(await from({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber })).toEqual([
      '2',
      '3',
    ]);
    expect(await from({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber })).toEqual(['3']);
    expect(await from({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: laterAt })).toEqual(['3']);
    expect(await from({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(0) })).toEqual([
      '1',
      '2',
      '3',
    ]);
    const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator: latest }));
    expect(Records.map(textOf)).toEqual(['3']);
  });

  it('rejects a contradictory, unknown or future start', async () => {
    const { client } = await startWithClient();
    const StreamName = await createStream(client, 2);
    const record = { PartitionKey: 'sz01', Data: bytes('x') };
    const { ShardId, SequenceNumber } = await putOne(client, StreamName, record);
    const otherShard = (await shardsOf(client, StreamName)).find(
      (shard) => shard.ShardId !== ShardId,
    )?.ShardId;
    const starts: Partial<GetShardIteratorInput>[] = [
      { ShardIteratorType: 'TRIM_HORIZON', StartingSequenceNumber: SequenceNumber },
      { ShardIteratorType: 'AT_SEQUENCE_NUMBER' },
      { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: '7' },
      {
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        StartingSequenceNumber: SequenceNumber,
        ShardId: otherShard,
      },
      { ShardIteratorType: 'AT_TIMESTAMP' },
      { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(Date.now() + 3_600_000) },
    ];
    for (const start of starts) {
      const input = { StreamName, ShardId, ShardIteratorType: 'LATEST', ...start } as const;
      await expect(client.send(new GetShardIteratorCommand(input))).rejects.toMatchObject({
        name: 'InvalidArgumentException',
      });
    }
    const unknown = new GetShardIteratorCommand({
      StreamName,
      ShardId: 'shardId-9',
      ShardIteratorType: 'LATEST',
    });
    await expect(client.send(unknown)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('returns the lag behind the shard’s end, and zero at the end', async () => {
    const clock = manualClock();
    const { client } = await startWithClient({ clock });
    const StreamName = await createStream(client);
    await put(client, StreamName, ['1', '2']);
    clock.advance(5000);
    const ShardIterator = await iterator(client, { StreamName, ShardIteratorType: 'TRIM_HORIZON' });
    const first = await client.send(new GetRecordsCommand({ ShardIterator, Limit: 1 }));
    expect(first.MillisBehindLatest).toBe(5000);
    const second = await client.send(new GetRecordsCommand({ ShardIterator: first.NextShardIterator }));
    expect(second.Records?.map(textOf)).toEqual(['2']);
    expect(second.MillisBehindLatest).toBe(0);
    const idle = await client.send(new GetRecordsCommand({ ShardIterator: second.NextShardIterator }));
    expect(idle).toMatchObject({ Records: [], MillisBehindLatest: 0 });
  });

  it('stops at 10 MiB and resumes there', async () => {
    const { client } = await startWithClient({ throttle: 'off' });
    const StreamName = await createStream(client);
    const Records = Array.from({ length: 4 }, () => ({
      PartitionKey: 'k',
      Data: new Uint8Array(1024 * 1024),
    }));
    for (let n = 0; n < 3; n++) await client.send(new PutRecordsCommand({ StreamName, Records }));
    const ShardIterator = await iterator(client, { StreamName, ShardIteratorType: 'TRIM_HORIZON' });
    const first = await client.send(new GetRecordsCommand({ ShardIterator }));
    expect(first.Records).toHaveLength(9);
    const second = await client.send(new GetRecordsCommand({ ShardIterator: first.NextShardIterator }));
    expect(second.Records).toHaveLength(3);
  });

  it('rejects an iterator after five minutes', async () => {
    const clock = manualClock();
    const { client } = await startWithClient({ clock });
    const StreamName = await createStream(client);
    const ShardIterator = await iterator(client, { StreamName, ShardIteratorType: 'LATEST' });
    clock.advance(300_000);
    await client.send(new GetRecordsCommand({ ShardIterator }));
    clock.advance(1);
    await expect(client.send(new GetRecordsCommand({ ShardIterator }))).rejects.toMatchObject({
      name: 'ExpiredIteratorException',
    });
  });

  it('returns no record older than the retention', async () => {
    const clock = manualClock();
    const { client } = await startWithClient({ clock });
    const StreamName = await createStream(client);
    await put(client, StreamName, ['old']);
    clock.advance(23 * 3_600_000);
    await put(client, StreamName, ['new']);
    expect((await readShard(client, StreamName, FIRST_SHARD)).map(textOf)).toEqual(['old', 'new']);
    clock.advance(2 * 3_600_000);
    expect((await readShard(client, StreamName, FIRST_SHARD)).map(textOf)).toEqual(['new']);
  });
});
