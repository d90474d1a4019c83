/**
 * A look-up that remembers what it found for a while, within one warm function. Absence is not remembered, so a
 * store that has just been set up is found at once.
 */

/** More keys than this are a chain larger than any; the memory is then begun anew. */
const KEYS_MAX = 20_000;

export function cachedFor<Key extends string, Found>(
  find: (key: Key) => Promise<Found | undefined>,
  forMs: number,
  nowMs: () => number,
): (key: Key) => Promise<Found | undefined> {
  const known = new Map<Key, { readonly found: Found; readonly untilMs: number }>();
  return async (key) => {
    const kept = known.get(key);
    if (kept !== undefined && kept.untilMs > nowMs()) return kept.found;
    const found = await find(key);
    if (known.size >= KEYS_MAX) known.clear();
    if (found === undefined) known.delete(key);
    else known.set(key, { found, untilMs: nowMs() + forMs });
    return found;
  };
}
