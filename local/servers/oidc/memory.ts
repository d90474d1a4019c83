/**
 * What the provider remembers (sessions, codes, refresh tokens), in memory: a restart signs people out of the
 * issuer, while the access tokens they hold stay good. The methods are those oidc-provider asks an adapter for.
 */

type Payload = Record<string, unknown> & { readonly uid?: string; readonly grantId?: string };

interface Kept {
  readonly payload: Payload;
  readonly expiresAtMs: number;
}

/** So that a script in a loop cannot fill the memory; the oldest entries go first. */
const ENTRIES_MAX = 10_000;

/** An adapter for each of the provider's models, all over one memory. */
export function providerMemory(): (model: string) => object {
  const kept = new Map<string, Kept>();

  const live = (key: string): Payload | undefined => {
    const entry = kept.get(key);
    return entry && entry.expiresAtMs > Date.now() ? entry.payload : undefined;
  };

  return (model) => ({
    async upsert(id: string, payload: Payload, expiresInSeconds?: number) {
      const key = `${model}:${id}`;
      kept.delete(key);
      const lifeMs = (expiresInSeconds ?? Number.POSITIVE_INFINITY) * 1000;
      kept.set(key, { payload, expiresAtMs: Date.now() + lifeMs });
      const [oldest] = kept.keys();
      if (kept.size > ENTRIES_MAX && oldest !== undefined) kept.delete(oldest);
    },
    find: async (id: string) => live(`${model}:${id}`),
    async findByUid(uid: string) {
      for (const [key, { payload }] of kept) {
        if (key.startsWith(`${model}:`) && payload.uid === uid) return live(key);
      }
      return undefined;
    },
    async consume(id: string) {
      const payload = live(`${model}:${id}`);
      if (payload) payload['consumed'] = Math.floor(Date.now() / 1000);
    },
    destroy: async (id: string) => void kept.delete(`${model}:${id}`),
    async revokeByGrantId(grantId: string) {
      for (const [key, { payload }] of kept) {
        if (payload.grantId === grantId) kept.delete(key);
      }
    },
  });
}
