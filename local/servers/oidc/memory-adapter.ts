/**
 * Storage of oidc-provider in memory: sessions, codes, grants and refresh tokens. A restart signs everyone
 * out of the issuer, while access tokens stay valid until they expire.
 *
 * @see https://github.com/panva/node-oidc-provider/blob/main/example/my_adapter.js for the methods of an
 * adapter
 */

type Payload = Record<string, unknown> & { readonly uid?: string; readonly grantId?: string };

interface Entry {
  readonly payload: Payload;
  readonly expiresAtMs: number;
}

/** Bounds the memory: above this number the oldest entry is dropped. */
const ENTRIES_MAX = 10_000;

/** Returns a factory of adapters, one per model of the provider, all over one store. */
export function memoryAdapter(): (model: string) => object {
  const entries = new Map<string, Entry>();

  const find = (key: string): Payload | undefined => {
    const entry = entries.get(key);
    return entry && entry.expiresAtMs > Date.now() ? entry.payload : undefined;
  };

  return (model) => ({
    async upsert(id: string, payload: Payload, expiresInSeconds?: number) {
      const key = `${model}:${id}`;
      entries.delete(key);
      const lifeMs = (expiresInSeconds ?? Number.POSITIVE_INFINITY) * 1000;
      entries.set(key, { payload, expiresAtMs: Date.now() + lifeMs });
      const [oldest] = entries.keys();
      if (entries.size > ENTRIES_MAX && oldest !== undefined) entries.delete(oldest);
    },
    find: async (id: string) => find(`${model}:${id}`),
    async findByUid(uid: string) {
      for (const [key, { payload }] of entries) {
        if (key.startsWith(`${model}:`) && payload.uid === uid) return find(key);
      }
      return undefined;
    },
    async consume(id: string) {
      const payload = find(`${model}:${id}`);
      if (payload) payload['consumed'] = Math.floor(Date.now() / 1000);
    },
    destroy: async (id: string) => void entries.delete(`${model}:${id}`),
    async revokeByGrantId(grantId: string) {
      for (const [key, { payload }] of entries) {
        if (payload.grantId === grantId) entries.delete(key);
      }
    },
  });
}
