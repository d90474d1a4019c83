/**
 * A device's key: what a till or a camera shows to be let in. It is bound to one store and a set of
 * kinds of things it may post, so a stolen till key cannot post another store's receipts nor frames.
 * Two kinds belong to no store: a shopper's phone walks past many, and the chain's own app server speaks for all.
 *
 * The key is 256 random bits, so a fast hash at rest is enough; there is nothing to guess.
 */
import type { DeviceId, StoreId } from './ids.ts';

export const DEVICE_KINDS = [
  'receipts',
  'frames',
  'sightings',
  'interactions',
  'positions',
  'people',
] as const;
export type DeviceKind = (typeof DEVICE_KINDS)[number];

/** A phone tells where it is; the app server binds phones to people. Neither stands in a store. */
export const STORELESS_KINDS: readonly DeviceKind[] = ['positions', 'people'];

export interface DeviceKey {
  readonly keyId: string;
  readonly deviceId: DeviceId;
  /** Absent where all its kinds are storeless. */
  readonly storeId?: StoreId;
  readonly kinds: readonly DeviceKind[];
  /** SHA-256 of the secret, hex. */
  readonly secretHash: string;
  readonly createdAtMs: number;
  /** Set when the key was rotated: the old one is good until then, so that a till can be changed at leisure. */
  readonly goodUntilMs?: number;
  readonly revokedAtMs?: number;
}

export type Admission =
  | {
      readonly kind: 'admitted';
      readonly deviceId: DeviceId;
      readonly storeId?: StoreId;
      readonly kinds: readonly DeviceKind[];
    }
  | { readonly kind: 'refused'; readonly why: 'unknown' | 'revoked' | 'expired' };

/** Whether a presented secret opens the door now; a wrong secret for a known key id tells no more than an unknown key. */
export function admit(key: DeviceKey | undefined, secretMatches: boolean, nowMs: number): Admission {
  if (key === undefined || !secretMatches) return { kind: 'refused', why: 'unknown' };
  if (key.revokedAtMs !== undefined && key.revokedAtMs <= nowMs) return { kind: 'refused', why: 'revoked' };
  if (key.goodUntilMs !== undefined && key.goodUntilMs <= nowMs) return { kind: 'refused', why: 'expired' };
  const { deviceId, storeId, kinds } = key;
  return { kind: 'admitted', deviceId, kinds, ...(storeId !== undefined && { storeId }) };
}
