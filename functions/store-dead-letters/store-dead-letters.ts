/**
 * Batches that a consumer of the stream gave up → dead letters with their bytes.
 *
 * Lambda's notice holds only the sequence numbers of the records, and the stream deletes records after its retention. So
 * the bytes are read at once and stored until an operator has looked at them.
 */
import * as v from 'valibot';
import type { DeadLetterStore } from '#application/ports/dead-letter-store.ts';
import { type LogReader, padSequence } from '#application/ports/event-log.ts';

/** The notice that an event source mapping sends for a discarded batch of a stream; only the fields in use. */
export const DiscardedBatch = v.object({
  requestContext: v.object({ condition: v.string(), approximateInvokeCount: v.number() }),
  KinesisBatchInfo: v.object({
    streamArn: v.string(),
    shardId: v.string(),
    startSequenceNumber: v.string(),
    endSequenceNumber: v.string(),
    batchSize: v.number(),
  }),
});

export type DiscardedBatch = v.InferOutput<typeof DiscardedBatch>;

export interface StoreDeadLettersPorts {
  readonly deadLetters: DeadLetterStore;
  readonly readerOf: (streamArn: string) => LogReader;
  readonly nowMs: () => number;
}

/**
 * Stores the records of a discarded batch as dead letters; returns how many.
 *
 * @throws Error where not all records could be read, so that the notice is delivered again
 */
export async function storeDeadLetters(
  ports: StoreDeadLettersPorts,
  { requestContext, KinesisBatchInfo: batch }: DiscardedBatch,
): Promise<number> {
  const records = await ports
    .readerOf(batch.streamArn)
    .read(batch.shardId, batch.startSequenceNumber, batch.endSequenceNumber);
  if (records.length === 0) throw new Error(`no records at ${batch.startSequenceNumber} of ${batch.shardId}`);
  for (const record of records) {
    await ports.deadLetters.keep({
      sequence: record.sequence,
      why: 'exhausted',
      reason: `${requestContext.condition} after ${requestContext.approximateInvokeCount} tries`,
      storeId: record.key,
      bytes: record.bytes,
      arrivedAtMs: record.arrivedAtMs,
      keptAtMs: ports.nowMs(),
    });
  }
  // The records read so far are stored; the notice is delivered again for the rest.
  if (records.at(-1)?.sequence !== padSequence(batch.endSequenceNumber)) {
    throw new Error(`${batch.shardId} could not be read up to ${batch.endSequenceNumber}`);
  }
  return records.length;
}
