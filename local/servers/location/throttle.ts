/**
 * The rate of each operation: a token bucket per operation that holds one second's calls. AWS allows 50 calls
 * per second to the operations on positions and geofences and 10 to the others; here the rate is unlimited
 * unless a test sets one.
 */
import type { Clock } from '../wire/clock.ts';
import { byKey, createTokenBucket } from '../wire/token-bucket.ts';
import { tooManyCalls } from './errors.ts';

/** Returns a check to run before each call of an operation. @throws ThrottlingException */
export function createThrottle(clock: Clock, callsPerSecondMax: number): (operationName: string) => void {
  if (callsPerSecondMax === Number.POSITIVE_INFINITY) return () => {};
  const rate = { ratePerSecond: callsPerSecondMax, burst: callsPerSecondMax };
  const bucketOf = byKey((_operationName: string) => createTokenBucket(rate, () => clock.nowMs()));
  return (operationName) => {
    if (!bucketOf(operationName).take()) throw tooManyCalls();
  };
}
