/** Records beyond a shard's rate: rejected one by one, never with their whole batch. */
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../wire/manual-clock.ts';
import { bytes, createStream, putOne, readShard, startWithClient, textOf } from './kinesis-client.ts';

const FIRST_SHARD = 'shardId-000000000000';

function records(count: number, size = 1) {
  return Array.from({ length: count }, () => ({ PartitionKey: 'sz01', Data: new Uint8Array(size) }));
}

describe('a shard', () => {
  it('accepts 1000 records a second and rejects the rest one by one', async () => {
    const clock = manualClock();
    const { client } = await startWithClient({ clock });
    const StreamName = await createStream(client);
    const put = async (count: number) =>
      client.send(new PutRecordsCommand({ StreamName, Records: records(count) }));
    expect((await put(500)).FailedRecordCount).toBe(0);
    expect((await put(499)).FailedRecordCount).toBe(0);
    const over = await put(3);
    expect(over.FailedRecordCount).toBe(2);
    expect(over.Records?.[0]?.SequenceNumber).toBeDefined();
    expect(over.Records?.[1]).toEqual({
      ErrorCode: 'ProvisionedThroughputExceededException',
      ErrorMessage: `Rate exceeded for shard ${FIRST_SHARD} in stream events under account 000000000000.`,
    });
    clock.advance(500);
    expect((await put(500)).FailedRecordCount).toBe(0);
    expect((await put(1)).FailedRecordCount).toBe(1);
    expect(await readShard(client, StreamName, FIRST_SHARD)).toHaveLength(1500);
  });

  it('accepts 1 MiB a second, or one record of the largest size', async () => {
    const clock = manualClock();
    const { client } = await startWithClient({ clock });
    const StreamName = await createStream(client);
    const put = (count: number, size: number) =>
      client.send(new PutRecordsCommand({ StreamName, Records: records(count, size) }));
    expect((await put(4, 300_000)).FailedRecordCount).toBe(1);
    clock.advance(1000);
    expect((await put(1, 1024 * 1024)).FailedRecordCount).toBe(0);
    expect((await put(1, 1)).FailedRecordCount).toBe(1);
  });

  it('rejects its own records only, not those of another shard', async () => {
    const { client } = await startWithClient({
      clock: manualClock(),
      throttle: { recordsPerSecond: 1, bytesPerSecond: 1000 },
    });
    const StreamName = await createStream(client, 2);
    const [low, high] = ['0', (2n ** 127n).toString()];
    const Records = [low, low, high].map((ExplicitHashKey) => ({
      PartitionKey: 'k',
      Data: bytes('x'),
      ExplicitHashKey,
    }));
    const answer = await client.send(new PutRecordsCommand({ StreamName, Records }));
    expect(answer.Records?.map((record) => record.ErrorCode !== undefined)).toEqual([false, true, false]);
  });

  it('stores a record and rejects the one after it, which is not read back', async () => {
    const { client } = await startWithClient({
      clock: manualClock(),
      throttle: { recordsPerSecond: 1, bytesPerSecond: 1000 },
    });
    const StreamName = await createStream(client);
    const put = (text: string) => putOne(client, StreamName, { PartitionKey: 'sz01', Data: bytes(text) });
    expect((await put('kept')).ErrorCode).toBeUndefined();
    expect((await put('rejected')).ErrorCode).toBe('ProvisionedThroughputExceededException');
    expect((await readShard(client, StreamName, FIRST_SHARD)).map(textOf)).toEqual(['kept']);
  });

  it('accepts every record when throttling is off', async () => {
    const { client } = await startWithClient({ clock: manualClock(), throttle: 'off' });
    const StreamName = await createStream(client);
    for (let n = 0; n < 4; n++) {
      const answer = await client.send(new PutRecordsCommand({ StreamName, Records: records(500) }));
      expect(answer.FailedRecordCount).toBe(0);
    }
  });
});
