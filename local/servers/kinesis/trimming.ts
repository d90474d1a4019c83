/**
 * What is older than its stream's retention is deleted now and then. Readers skip it from the moment it
 * expires, so nobody sees whether it has been deleted yet.
 */
import { horizonOf, type Kinesis } from './kinesis.ts';

const TRIM_EVERY_MS = 10 * 60_000;

/** Answers how to stop it. */
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
