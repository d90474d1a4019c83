/**
 * How many calls a second each operation takes: a bucket per operation, refilled evenly, that holds one second's worth. On AWS
 * it is 50 for what concerns positions and fences and 10 for the rest; here as many as come, unless somebody wants to see what
 * too many do.
 */
import type { Clock } from '../wire/clock.ts';
import { tooManyCalls } from './refusals.ts';

interface Bucket {
  calls: number;
  filledAtMs: number;
}

/** Lets a call in or throws. */
export function createThrottle(clock: Clock, callsPerSecondMax: number): (operationName: string) => void {
  if (callsPerSecondMax === Number.POSITIVE_INFINITY) return () => {};
  const buckets = new Map<string, Bucket>();
  return (operationName) => {
    const nowMs = clock.nowMs();
    const bucket = buckets.get(operationName) ?? { calls: callsPerSecondMax, filledAtMs: nowMs };
    buckets.set(operationName, bucket);
    const elapsedS = Math.max(0, nowMs - bucket.filledAtMs) / 1000;
    bucket.calls = Math.min(callsPerSecondMax, bucket.calls + elapsedS * callsPerSecondMax);
    bucket.filledAtMs = nowMs;
    if (bucket.calls < 1) throw tooManyCalls();
    bucket.calls -= 1;
  };
}
