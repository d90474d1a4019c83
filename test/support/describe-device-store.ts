/** Contract of every device store. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { DeviceStore } from '#application/ports/device-store.ts';
import type { DeviceKey } from '#domain/chain/device-key.ts';
import type { DeviceId, StoreId } from '#domain/chain/ids.ts';

const KEY: DeviceKey = {
  keyId: 'k1',
  deviceId: 'till-1' as DeviceId,
  storeId: 'sz01' as StoreId,
  kinds: ['receipts', 'frames'],
  secretHash: 'ab'.repeat(32),
  createdAtMs: 1_764_000_000_000,
};

export function describeDeviceStore(name: string, create: () => Promise<DeviceStore>): void {
  describe(`a device store: ${name}`, () => {
    let store: DeviceStore;
    beforeEach(async () => {
      store = await create();
    });

    it('returns a key as it was put, and nothing if there is none', async () => {
      await store.put(KEY);
      expect(await store.find('k1')).toEqual(KEY);
      expect(await store.find('k2')).toBeUndefined();
    });

    it('never overwrites an existing key', async () => {
      await store.put(KEY);
      await expect(store.put({ ...KEY, storeId: 'sh01' as StoreId })).rejects.toThrow();
      expect(await store.find('k1')).toEqual(KEY);
    });

    it('stores keys without a store, and deletes a key completely', async () => {
      const { storeId: _, ...storeless } = KEY;
      await store.put({ ...storeless, kinds: ['positions'] });
      expect(await store.find('k1')).toEqual({ ...storeless, kinds: ['positions'] });
      await store.remove('k1');
      await store.remove('k1');
      expect(await store.find('k1')).toBeUndefined();
      expect(await store.list()).toEqual([]);
    });

    it('lists every key', async () => {
      const keys = Array.from({ length: 30 }, (_, index) => ({ ...KEY, keyId: `k${index + 10}` }));
      for (const key of keys) await store.put(key);
      const listed = await store.list();
      expect(listed.map((key) => key.keyId).sort()).toEqual(keys.map((key) => key.keyId));
    });

    it('expires a key, earlier on request, later never', async () => {
      await store.put(KEY);
      expect(await store.expire('k1', 2_000)).toEqual({ kind: 'ended' });
      expect(await store.expire('k1', 3_000)).toEqual({ kind: 'unchanged' });
      expect((await store.find('k1'))?.goodUntilMs).toBe(2_000);
      expect(await store.expire('k1', 1_000)).toEqual({ kind: 'ended' });
      expect((await store.find('k1'))?.goodUntilMs).toBe(1_000);
    });

    it('revokes a key once, and keeps the time', async () => {
      await store.put(KEY);
      expect(await store.revoke('k1', 5_000)).toEqual({ kind: 'ended' });
      expect(await store.revoke('k1', 6_000)).toEqual({ kind: 'unchanged' });
      expect(await store.find('k1')).toEqual({ ...KEY, revokedAtMs: 5_000 });
    });

    it('creates no key by expiring a missing one', async () => {
      expect(await store.expire('k9', 1)).toEqual({ kind: 'unknown' });
      expect(await store.revoke('k9', 1)).toEqual({ kind: 'unknown' });
      expect(await store.find('k9')).toBeUndefined();
    });
  });
}
