import type { KinesisStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { kinesisBatch } from '#functions/shared/kinesis-batch.ts';

const record = (sequenceNumber: string, text: string) =>
  ({
    kinesis: {
      partitionKey: 'sz01',
      sequenceNumber,
      data: Buffer.from(text).toString('base64'),
      approximateArrivalTimestamp: 1_700_000_000.123,
      kinesisSchemaVersion: '1.0',
    },
  }) as KinesisStreamEvent['Records'][number];

describe('a Kinesis batch', () => {
  const batch = kinesisBatch({ Records: [record('9', 'first'), record('10', 'second')] });

  it('keeps the order of the log where sequence numbers gain a digit', () => {
    const [first, second] = batch.records;
    expect((first?.sequence ?? '') < (second?.sequence ?? '')).toBe(true);
    expect(batch.records.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['first', 'second']);
    expect(first).toMatchObject({ key: 'sz01', arrivedAtMs: 1_700_000_000_123 });
  });

  it('reports failed records by their original sequence numbers', () => {
    const failed = batch.records[1];
    expect(batch.response(failed === undefined ? [] : [failed])).toEqual({
      batchItemFailures: [{ itemIdentifier: '10' }],
    });
    expect(batch.response([])).toEqual({ batchItemFailures: [] });
  });
});
