import { CreateStreamCommand, DescribeStreamSummaryCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cut, kinesisClient, kinesisEventLog, kinesisLogReader } from '#adapters/kinesis/event-log.ts';
import { padSequence } from '#application/ports/event-log.ts';
import { type KinesisOptions, startKinesis } from '#local/servers/kinesis/server.ts';
import { readShard } from '../../local/kinesis/kinesis-client.ts';
import { manualClock } from '../../local/wire/manual-clock.ts';
import { describeEventLog, entryOf, ROOM } from '../../support/describe-event-log.ts';
import { memoryLog } from '../../support/memory-log.ts';

const SHARD = 'shardId-000000000000';

async function wireStream(options: KinesisOptions) {
  const server = await startKinesis({ clock: manualClock(), ...options });
  const client = kinesisClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  await client.send(new CreateStreamCommand({ StreamName: 'events', ShardCount: 1 }));
  const summary = await client.send(new DescribeStreamSummaryCommand({ StreamName: 'events' }));
  return {
    log: kinesisEventLog(client, 'events'),
    reader: kinesisLogReader(client, summary.StreamDescriptionSummary?.StreamARN ?? ''),
    records: () => readShard(client, 'events', SHARD),
  };
}

describeEventLog('in memory', async () => {
  const log = memoryLog();
  log.takeOnly(ROOM);
  return {
    log,
    contents: async () => log.records.map(({ key, bytes }) => [key, Buffer.from(bytes).toString()]),
  };
});

describeEventLog('in Kinesis', async () => {
  const { log, records } = await wireStream({ throttle: { recordsPerSecond: ROOM, bytesPerSecond: 1e6 } });
  return {
    log,
    contents: async () =>
      (await records()).map(({ PartitionKey, Data }) => [
        PartitionKey ?? '',
        Buffer.from(Data ?? []).toString(),
      ]),
  };
});

describe('a request to Kinesis', () => {
  it('is cut at 500 records and at 5 MB, and leaves no entry out', () => {
    const small = Array.from({ length: 1_201 }, (_, index) => entryOf(`${index}`));
    expect(cut(small).map((request) => request.length)).toEqual([500, 500, 201]);
    expect(cut(small).flat()).toEqual(small);
    const large = Array.from({ length: 12 }, () => entryOf('x'.repeat(999_000), 'k'.repeat(500)));
    expect(cut(large).map((request) => request.length)).toEqual([5, 5, 2]);
    expect(cut([])).toEqual([]);
  });

  it('is split as needed: 1,200 receipts of one store are all stored, in order', async () => {
    const { log, records } = await wireStream({ throttle: 'off' });
    const texts = Array.from({ length: 1_200 }, (_, index) => `${index}`);
    const outcomes = await log.tryAppend(texts.map((text) => entryOf(text)));
    expect(outcomes.filter(({ kind }) => kind === 'durable')).toHaveLength(1_200);
    expect((await records()).map(({ Data }) => Buffer.from(Data ?? []).toString())).toEqual(texts);
  });
});

describe('a reader of the log', () => {
  it('reads a range again, both ends inclusive', async () => {
    const { log, reader, records } = await wireStream({ throttle: 'off' });
    await log.tryAppend(['a', 'b', 'c', 'd'].map((text) => entryOf(text)));
    const sequences = (await records()).map(({ SequenceNumber }) => SequenceNumber ?? '');
    const found = await reader.read(SHARD, sequences[1] ?? '', sequences[2] ?? '');
    expect(found.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['b', 'c']);
    expect(found).toMatchObject([
      { key: 'sz01', sequence: padSequence(sequences[1] ?? '') },
      { key: 'sz01', sequence: padSequence(sequences[2] ?? '') },
    ]);
    expect(found[0]?.arrivedAtMs).toBeGreaterThan(0);
    expect(await reader.read(SHARD, sequences[3] ?? '', sequences[3] ?? '')).toHaveLength(1);
  });

  it('collects a range over several responses, and ends at the end of the shard', async () => {
    const { log, reader, records } = await wireStream({ throttle: 'off' });
    await log.tryAppend(Array.from({ length: 14 }, (_, index) => entryOf(`${index}`.padEnd(900_000))));
    const [first] = await records();
    const found = await reader.read(SHARD, first?.SequenceNumber ?? '', '9'.repeat(56));
    expect(found.map(({ bytes }) => Number(Buffer.from(bytes)))).toEqual([...Array(14).keys()]);
  });
});

describe('a sequence number', () => {
  it('is padded to one length, so that texts sort like numbers', () => {
    const numbers = [1n, 9n, 10n, 2n ** 63n, 10n ** 55n, 10n ** 63n];
    const padded = numbers.map((one) => padSequence(String(one)));
    expect([...padded].sort()).toEqual(padded);
    expect(new Set(padded.map(({ length }) => length)).size).toBe(1);
    expect(padSequence(padSequence('7'))).toBe(padSequence('7'));
  });

  it.each(['', 'LATEST', '-1', '1.5', '1'.repeat(65)])('is not %j', (text) => {
    expect(() => padSequence(text)).toThrow();
  });
});
