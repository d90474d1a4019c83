/**
 * What a shard lets through: a bucket of records and one of bytes, each refilled evenly, each holding one
 * second's worth.
 *
 * A record as large as a whole second's bytes passes when the bucket is full and leaves it in debt;
 * otherwise the largest record AWS allows could never be written.
 */
import type { Clock } from '../wire/clock.ts';

export interface ThrottleRate {
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
}

export interface Throttle {
  /** Whether the shard may take a record of so many bytes now; if so, that room is used up. */
  admits(shardRowId: number, bytes: number): boolean;
}

interface Bucket {
  records: number;
  bytes: number;
  filledAtMs: number;
}

export const NO_THROTTLE: Throttle = { admits: () => true };

export function startThrottle(clock: Clock, { recordsPerSecond, bytesPerSecond }: ThrottleRate): Throttle {
  const buckets = new Map<number, Bucket>();

  function bucketOf(shardRowId: number, nowMs: number): Bucket {
    const bucket = buckets.get(shardRowId);
    if (bucket !== undefined) return bucket;
    const full = { records: recordsPerSecond, bytes: bytesPerSecond, filledAtMs: nowMs };
    buckets.set(shardRowId, full);
    return full;
  }

  return {
    admits(shardRowId, bytes) {
      const nowMs = clock.nowMs();
      const bucket = bucketOf(shardRowId, nowMs);
      const elapsedS = Math.max(0, nowMs - bucket.filledAtMs) / 1000;
      bucket.records = Math.min(recordsPerSecond, bucket.records + elapsedS * recordsPerSecond);
      bucket.bytes = Math.min(bytesPerSecond, bucket.bytes + elapsedS * bytesPerSecond);
      bucket.filledAtMs = nowMs;
      if (bucket.records < 1 || bucket.bytes < Math.min(bytes, bytesPerSecond)) return false;
      bucket.records -= 1;
      bucket.bytes -= bytes;
      return true;
    },
  };
}
