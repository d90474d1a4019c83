/**
 * Throttling by token bucket: `burst` requests may come at once, and `ratePerSecond` of them grow back. The
 * stage's limits hold for each route by itself, as they do on AWS.
 */
import type { ThrottleDescription } from '../../template/description.ts';

export interface TokenBucket {
  /** Takes one token; false when none is left. */
  take(): boolean;
}

export function tokenBucket({ ratePerSecond, burst }: ThrottleDescription, nowMs: () => number): TokenBucket {
  let tokens = burst;
  let filledAtMs = nowMs();
  return {
    take() {
      const atMs = nowMs();
      tokens = Math.min(burst, tokens + ((atMs - filledAtMs) / 1000) * ratePerSecond);
      filledAtMs = atMs;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
