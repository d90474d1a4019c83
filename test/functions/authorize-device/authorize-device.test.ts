import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatKey, KEY_ALPHABET, type KeyText, SECRET_LENGTH } from '#contracts/device-key.ts';
import type { DeviceKind } from '#domain/chain/device-key.ts';
import type { DeviceId, StoreId } from '#domain/chain/ids.ts';
import { authorizeDevice, contextOf } from '#functions/authorize-device/authorize-device.ts';
import { memoryDeviceStore } from '../../support/memory-device-store.ts';

const NOW_MS = 1_764_000_000_000;
const KEY: KeyText = { keyId: 'Ab3Ab3Ab3Ab3', secret: 'z'.repeat(SECRET_LENGTH) };

async function doorWith(ends: { goodUntilMs?: number; revokedAtMs?: number; kinds?: DeviceKind[] } = {}) {
  const devices = memoryDeviceStore();
  await devices.put({
    keyId: KEY.keyId,
    deviceId: 'till-1' as DeviceId,
    storeId: 'sz01' as StoreId,
    kinds: ['receipts', 'frames'],
    secretHash: createHash('sha256').update(KEY.secret).digest('hex'),
    createdAtMs: 0,
    ...ends,
  });
  return async (header: string | undefined) =>
    contextOf(await authorizeDevice({ devices, nowMs: () => NOW_MS }, header));
}

describe('the authorizer of devices', () => {
  it('admits a valid key, bound to its store and to the kinds that it may post', async () => {
    const show = await doorWith();
    const context = {
      deviceId: 'till-1',
      storeId: 'sz01',
      kinds: 'receipts,frames',
      loggedDeviceId: 'till-1',
    };
    expect(await show(`Bearer ${formatKey(KEY)}`)).toEqual(context);
    expect(await show(`bearer ${formatKey(KEY)}`)).toEqual(context);
  });

  it('gives the access log no id of a customer’s phone (P13)', async () => {
    const show = await doorWith({ kinds: ['positions'] });
    const context = await show(`Bearer ${formatKey(KEY)}`);
    expect(context).toMatchObject({ deviceId: 'till-1', kinds: 'positions' });
    expect(context).not.toHaveProperty('loggedDeviceId');
  });

  it('gives the same reason for a wrong secret as for an unknown key', async () => {
    const show = await doorWith();
    const last = KEY_ALPHABET[0];
    const wrong = formatKey({ ...KEY, secret: `${KEY.secret.slice(0, -1)}${last}` });
    const never = formatKey({ ...KEY, keyId: 'Zz3Zz3Zz3Zz3' });
    expect(await show(`Bearer ${wrong}`)).toEqual({ refusal: 'unknown' });
    expect(await show(`Bearer ${never}`)).toEqual({ refusal: 'unknown' });
  });

  it('rejects a header that holds no key', async () => {
    const show = await doorWith();
    const key = formatKey(KEY);
    for (const header of [undefined, '', key, `Basic ${key}`, 'Bearer', 'Bearer x', `Bearer ${key}x`]) {
      expect(await show(header)).toEqual({ refusal: 'unknown' });
    }
  });

  it('rejects a revoked key, whatever its validity', async () => {
    const show = await doorWith({ revokedAtMs: NOW_MS, goodUntilMs: NOW_MS + 1 });
    expect(await show(`Bearer ${formatKey(KEY)}`)).toEqual({ refusal: 'revoked' });
  });

  it('admits a rotated key until the end of its overlap, and not a millisecond longer', async () => {
    const before = await doorWith({ goodUntilMs: NOW_MS + 1 });
    const after = await doorWith({ goodUntilMs: NOW_MS });
    expect(await before(`Bearer ${formatKey(KEY)}`)).toMatchObject({ deviceId: 'till-1' });
    expect(await after(`Bearer ${formatKey(KEY)}`)).toEqual({ refusal: 'expired' });
  });

  it('reports that a key was revoked only to a caller with its secret', async () => {
    const show = await doorWith({ revokedAtMs: 0 });
    const wrong = formatKey({ ...KEY, secret: 'a'.repeat(SECRET_LENGTH) });
    expect(await show(`Bearer ${wrong}`)).toEqual({ refusal: 'unknown' });
  });
});
