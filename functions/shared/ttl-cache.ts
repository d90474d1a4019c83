/**
 * A look-up cached for a while within one warm function. An absent value is not cached, so a store that has just been
 * set up is found at once.
 */

/** More keys than any chain has stores and sensors; at this size the cache is cleared. */
const KEYS_MAX = 20_000;

/** Returns a look-up that reuses a found value for `ttlMs`. */
export function cachedFor<Key extends string, Value>(
  find: (key: Key) => Promise<Value | undefined>,
  ttlMs: number,
  nowMs: () => number,
): (key: Key) => Promise<Value | undefined> {
  const cache = new Map<Key, { readonly value: Value; readonly expiresAtMs: number }>();
  return async (key) => {
    const cached = cache.get(key);
    if (cached !== undefined && cached.expiresAtMs > nowMs()) return cached.value;
    const value = await find(key);
    if (cache.size >= KEYS_MAX) cache.clear();
    if (value === undefined) cache.delete(key);
    else cache.set(key, { value, expiresAtMs: nowMs() + ttlMs });
    return value;
  };
}
