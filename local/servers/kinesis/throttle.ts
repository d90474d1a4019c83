/**
 * The rate of a shard: one bucket of records and one of bytes, each holding one second's worth.
 *
 * A record as large as a whole second's bytes passes when the bucket is full and leaves it in debt;
 * otherwise the largest record that AWS allows could never be written.
 */
import type { Clock } from '../wire/clock.ts';
import { byKey, createTokenBucket } from '../wire/token-bucket.ts';

export interface ThrottleRate {
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
}

export interface Throttle {
  /** Returns whether the shard accepts a record of so many bytes now; if it does, its room is used up. */
  admits(shardRowId: number, bytes: number): boolean;
}

export const NO_THROTTLE: Throttle = { admits: () => true };

/** Returns a throttle under which each shard has the rate to itself, as on AWS. */
export function createThrottle(clock: Clock, { recordsPerSecond, bytesPerSecond }: ThrottleRate): Throttle {
  const bucketOf = (perSecond: number) =>
    createTokenBucket({ ratePerSecond: perSecond, burst: perSecond }, () => clock.nowMs());
  const bucketsOf = byKey((_shardRowId: number) => ({
    records: bucketOf(recordsPerSecond),
    bytes: bucketOf(bytesPerSecond),
  }));
  return {
    admits(shardRowId, bytes) {
      const buckets = bucketsOf(shardRowId);
      if (!buckets.records.has(1) || !buckets.bytes.has(Math.min(bytes, bytesPerSecond))) return false;
      buckets.records.spend(1);
      buckets.bytes.spend(bytes);
      return true;
    },
  };
}
