/**
 * A batch of the Kinesis stream as records of the event log, and the response that names the records that failed.
 *
 * Sequence numbers are padded to one length, so that they sort as text in the order of the log; the response quotes them
 * as Kinesis wrote them.
 */
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { type LogRecord, padSequence } from '#application/ports/event-log.ts';

export interface KinesisBatch {
  readonly records: readonly LogRecord[];
  /** Returns the response that makes Lambda retry from each of these records, one per store that failed. */
  response(failures: ReadonlyArray<{ readonly sequence: string }>): KinesisStreamBatchResponse;
}

/** Reads the records of an invocation. */
export function kinesisBatch(event: KinesisStreamEvent): KinesisBatch {
  const originals = new Map<string, string>();
  const records = event.Records.map(({ kinesis }) => {
    const sequence = padSequence(kinesis.sequenceNumber);
    originals.set(sequence, kinesis.sequenceNumber);
    return {
      key: kinesis.partitionKey,
      sequence,
      bytes: Buffer.from(kinesis.data, 'base64'),
      arrivedAtMs: Math.round(kinesis.approximateArrivalTimestamp * 1000),
    };
  });
  return {
    records,
    response: (failures) => ({
      batchItemFailures: failures.map(({ sequence }) => ({ itemIdentifier: originals.get(sequence) ?? '' })),
    }),
  };
}
