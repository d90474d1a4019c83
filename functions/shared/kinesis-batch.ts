/**
 * A batch of the stream as its consumers read it, and how they answer for the part of it that failed.
 *
 * Inside, a place in the log is padded to one length, so that the order of texts is the order of the log; the service is
 * answered with the number as it wrote it.
 */
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { type LogRecord, padSequence } from '#application/ports/event-log.ts';

export interface KinesisBatch {
  readonly records: readonly LogRecord[];
  /** The answer that has the batch begun again at each of these places, one per store that failed. */
  answer(failures: ReadonlyArray<{ readonly sequence: string }>): KinesisStreamBatchResponse;
}

export function kinesisBatch(event: KinesisStreamEvent): KinesisBatch {
  const plain = new Map<string, string>();
  const records = event.Records.map(({ kinesis }) => {
    const sequence = padSequence(kinesis.sequenceNumber);
    plain.set(sequence, kinesis.sequenceNumber);
    return {
      key: kinesis.partitionKey,
      sequence,
      bytes: Buffer.from(kinesis.data, 'base64'),
      arrivedAtMs: Math.round(kinesis.approximateArrivalTimestamp * 1000),
    };
  });
  return {
    records,
    answer: (failures) => ({
      batchItemFailures: failures.map(({ sequence }) => ({ itemIdentifier: plain.get(sequence) ?? '' })),
    }),
  };
}
