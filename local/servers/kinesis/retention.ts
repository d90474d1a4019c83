/**
 * Deletes records that are older than their stream's retention, every ten minutes. Readers skip a record as
 * soon as it expires, so they cannot see whether it has been deleted yet.
 */
import { horizonOf, type Kinesis } from './kinesis.ts';

const TRIM_EVERY_MS = 10 * 60_000;

/** Starts the deletions and returns a function that stops them. */
export function startTrimming(kinesis: Kinesis): () => void {
  const { clock, streams, log } = kinesis;
  let cancel = clock.at(clock.nowMs() + TRIM_EVERY_MS, trim);
  function trim() {
    for (const stream of streams.all()) {
      for (const shard of stream.shards) log.trim(shard.rowId, horizonOf(kinesis, stream));
    }
    cancel = clock.at(clock.nowMs() + TRIM_EVERY_MS, trim);
  }
  return () => cancel();
}
