/**
 * Token buckets, the throttle of every AWS API: `burst` tokens may be taken at once, and `ratePerSecond` of
 * them grow back, evenly.
 */
export interface BucketRate {
  readonly ratePerSecond: number;
  /** The bucket's size, in tokens. */
  readonly burst: number;
}

export interface TokenBucket {
  /** Returns whether so many tokens are there now. */
  has(tokens: number): boolean;
  /** Takes tokens, whether or not they are there: the bucket may be left in debt. */
  spend(tokens: number): void;
  /** Takes one token where there is one, and returns whether there was. */
  take(): boolean;
}

/** Returns a full bucket. A clock that is set back refills nothing. */
export function createTokenBucket({ ratePerSecond, burst }: BucketRate, nowMs: () => number): TokenBucket {
  let tokens = burst;
  let filledAtMs = nowMs();

  function refill(): void {
    const atMs = nowMs();
    tokens = Math.min(burst, tokens + (Math.max(0, atMs - filledAtMs) / 1000) * ratePerSecond);
    filledAtMs = atMs;
  }

  function has(count: number): boolean {
    refill();
    return tokens >= count;
  }

  return {
    has,
    spend(count) {
      refill();
      tokens -= count;
    },
    take() {
      if (!has(1)) return false;
      tokens -= 1;
      return true;
    },
  };
}

/** Returns a function from a key to its own value, which `create` makes at the key's first use. */
export function byKey<Key, Value>(create: (key: Key) => Value): (key: Key) => Value {
  const values = new Map<Key, Value>();
  return (key) => {
    const existing = values.get(key);
    if (existing !== undefined) return existing;
    const created = create(key);
    values.set(key, created);
    return created;
  };
}
