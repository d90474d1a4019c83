import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admit, type DeviceKey } from '#domain/chain/device-key.ts';
import type { DeviceId, StoreId } from '#domain/chain/ids.ts';

const KEY: DeviceKey = {
  keyId: 'k1',
  deviceId: 'till-1' as DeviceId,
  storeId: 'sz01' as StoreId,
  kinds: ['receipts'],
  secretHash: '',
  createdAtMs: 0,
};

const instant = fc.integer({ min: 0, max: 1_000 });
const end = fc.option(instant, { nil: undefined });

describe('the admission of a device', () => {
  it('requires the secret and ends when the key is replaced or revoked', () => {
    fc.assert(
      fc.property(end, end, fc.boolean(), instant, (goodUntilMs, revokedAtMs, secretMatches, nowMs) => {
        const key = {
          ...KEY,
          ...(goodUntilMs === undefined ? {} : { goodUntilMs }),
          ...(revokedAtMs === undefined ? {} : { revokedAtMs }),
        };
        const isOver = (at: number | undefined) => at !== undefined && at <= nowMs;
        const admission = admit(key, secretMatches, nowMs);
        expect(admission.kind === 'admitted').toBe(
          secretMatches && !isOver(goodUntilMs) && !isOver(revokedAtMs),
        );
        if (!secretMatches) expect(admission).toEqual(admit(undefined, false, nowMs));
      }),
    );
  });

  it('distinguishes a revoked key from an expired one, and revoked counts first', () => {
    expect(admit({ ...KEY, revokedAtMs: 1, goodUntilMs: 1 }, true, 2)).toEqual({
      kind: 'refused',
      why: 'revoked',
    });
    expect(admit({ ...KEY, goodUntilMs: 2 }, true, 2)).toEqual({ kind: 'refused', why: 'expired' });
  });

  it('returns the device, its store and what it may post', () => {
    expect(admit(KEY, true, 0)).toEqual({
      kind: 'admitted',
      deviceId: 'till-1',
      storeId: 'sz01',
      kinds: ['receipts'],
    });
  });
});
