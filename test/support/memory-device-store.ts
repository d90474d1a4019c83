/** A device store in memory that fulfils the contract suite and nothing more. */
import type { DeviceStore, EndOutcome } from '#application/ports/device-store.ts';
import type { DeviceKey } from '#domain/chain/device-key.ts';

export function memoryDeviceStore(): DeviceStore {
  const keys = new Map<string, DeviceKey>();

  const end = (keyId: string, name: 'goodUntilMs' | 'revokedAtMs', atMs: number): EndOutcome => {
    const key = keys.get(keyId);
    if (key === undefined) return { kind: 'unknown' };
    if ((key[name] ?? Number.POSITIVE_INFINITY) <= atMs) return { kind: 'unchanged' };
    keys.set(keyId, { ...key, [name]: atMs });
    return { kind: 'ended' };
  };

  return {
    find: async (keyId) => keys.get(keyId),
    async put(key) {
      if (keys.has(key.keyId)) throw new Error(`key ${key.keyId} is taken`);
      keys.set(key.keyId, key);
    },
    list: async () => [...keys.values()],
    expire: async (keyId, atMs) => end(keyId, 'goodUntilMs', atMs),
    remove: async (keyId) => void keys.delete(keyId),
    revoke: async (keyId, atMs) => end(keyId, 'revokedAtMs', atMs),
  };
}
