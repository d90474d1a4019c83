/**
 * What a consumer of the log gave up → letters with their bytes.
 *
 * The service's notice says only where in the log the records lie; it keeps no bytes, and the log forgets after its
 * retention. So the bytes are fetched at once and kept until a person has looked.
 */

import * as v from 'valibot';
import type { DeadLetterStore } from '#application/ports/dead-letter-store.ts';
import { type LogReader, padSequence } from '#application/ports/event-log.ts';

/** The notice that an event source mapping sends for a batch of a stream; only what is used of it. */
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
  readonly letters: DeadLetterStore;
  readonly readerOf: (streamArn: string) => LogReader;
  readonly nowMs: () => number;
}

/** Keeps the records of a batch that was given up; returns how many. Throws when they cannot be read: the notice then comes again. */
export async function storeDeadLetters(
  ports: StoreDeadLettersPorts,
  { requestContext, KinesisBatchInfo: batch }: DiscardedBatch,
): Promise<number> {
  const records = await ports
    .readerOf(batch.streamArn)
    .read(batch.shardId, batch.startSequenceNumber, batch.endSequenceNumber);
  if (records.length === 0)
    throw new Error(`nothing to read at ${batch.startSequenceNumber} of ${batch.shardId}`);
  for (const record of records) {
    await ports.letters.keep({
      sequence: record.sequence,
      why: 'exhausted',
      reason: `${requestContext.condition} after ${requestContext.approximateInvokeCount} tries`,
      storeId: record.key,
      bytes: record.bytes,
      arrivedAtMs: record.arrivedAtMs,
      keptAtMs: ports.nowMs(),
    });
  }
  // What could be read is kept; the notice comes again for the rest.
  if (records.at(-1)?.sequence !== padSequence(batch.endSequenceNumber)) {
    throw new Error(`${batch.shardId} could not be read up to ${batch.endSequenceNumber}`);
  }
  return records.length;
}
