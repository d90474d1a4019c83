/**
 * The rate of each operation: a bucket per operation that holds one second's worth. On AWS it is 50 calls for what concerns
 * positions and geofences and 10 for the rest; here it is unlimited unless a test sets one.
 */
import type { Clock } from '../wire/clock.ts';
import { byKey, createTokenBucket } from '../wire/token-bucket.ts';
import { tooManyCalls } from './errors.ts';

/** Returns a check to run before each call of an operation. @throws the service's throttling error */
export function createThrottle(clock: Clock, callsPerSecondMax: number): (operationName: string) => void {
  if (callsPerSecondMax === Number.POSITIVE_INFINITY) return () => {};
  const rate = { ratePerSecond: callsPerSecondMax, burst: callsPerSecondMax };
  const bucketOf = byKey((_operationName: string) => createTokenBucket(rate, () => clock.nowMs()));
  return (operationName) => {
    if (!bucketOf(operationName).take()) throw tooManyCalls();
  };
}
