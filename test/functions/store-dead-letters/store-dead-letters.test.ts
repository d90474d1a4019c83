import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { LogReader } from '#application/ports/event-log.ts';
import { DiscardedBatch, storeDeadLetters } from '#functions/store-dead-letters/store-dead-letters.ts';
import { entryOf } from '../../support/describe-event-log.ts';
import { gather } from '../../support/gather.ts';
import { memoryDeadLetterStore } from '../../support/memory-dead-letter-store.ts';
import { memoryLog } from '../../support/memory-log.ts';

/** Returns a notice as AWS documents it, with the fields that are not used. */
const notice = (start: number, end: number): DiscardedBatch =>
  v.parse(DiscardedBatch, {
    requestContext: {
      requestId: 'c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5',
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:CountEvents',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 9,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: '2026-11-22T00:38:06.021Z',
    KinesisBatchInfo: {
      shardId: 'shardId-000000000001',
      startSequenceNumber: `${start}`,
      endSequenceNumber: `${end}`,
      approximateArrivalOfFirstRecord: '2026-11-22T00:38:04.835Z',
      approximateArrivalOfLastRecord: '2026-11-22T00:38:05.580Z',
      batchSize: end - start + 1,
      streamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/events',
    },
  });

async function world() {
  const log = memoryLog();
  await log.tryAppend(['a', 'b', 'c', 'd'].map((text) => entryOf(text)));
  const letters = memoryDeadLetterStore();
  const asked: string[] = [];
  const readerOf = (streamArn: string): LogReader => {
    asked.push(streamArn);
    return log.reader;
  };
  return {
    ports: { deadLetters: letters, readerOf, nowMs: () => 7 },
    asked,
    kept: () => gather(letters.list()),
  };
}

describe('a discarded batch', () => {
  it('is stored with its bytes, its position and the reason', async () => {
    const { ports, asked, kept } = await world();
    expect(await storeDeadLetters(ports, notice(2, 3))).toBe(2);
    expect(asked).toEqual(['arn:aws:kinesis:us-east-1:000000000000:stream/events']);
    expect(await kept()).toMatchObject([
      {
        why: 'exhausted',
        reason: 'RetryAttemptsExhausted after 9 tries',
        storeId: 'sz01',
        bytes: Buffer.from('b'),
        arrivedAtMs: 2_000,
        keptAtMs: 7,
      },
      { bytes: Buffer.from('c') },
    ]);
  });

  it('is stored once, though its notice is delivered again', async () => {
    const { ports, kept } = await world();
    await storeDeadLetters(ports, notice(1, 4));
    await storeDeadLetters(ports, notice(1, 4));
    expect(await kept()).toHaveLength(4);
  });

  it('fails, so that its notice is retried, where none of it can be read', async () => {
    const { ports, kept } = await world();
    await expect(storeDeadLetters(ports, notice(8, 9))).rejects.toThrow(/no records/);
    expect(await kept()).toEqual([]);
  });

  it('is stored as far as it can be read, then fails so that its notice is retried', async () => {
    const { ports, kept } = await world();
    await expect(storeDeadLetters(ports, notice(3, 9))).rejects.toThrow(/could not be read up to 9/);
    expect(await kept()).toHaveLength(2);
  });
});

describe('the notice schema', () => {
  it('rejects any other payload', () => {
    expect(() => v.parse(DiscardedBatch, { Records: [] })).toThrow();
  });
});
