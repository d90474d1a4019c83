/**
 * A device's key: the credential of a till or a camera. It is bound to one store and to the kinds of data that it may
 * post, so a stolen till key can post neither another store's receipts nor frames. Two kinds belong to no store: a
 * shopper's phone passes many stores, and the chain's own app server acts for all of them.
 *
 * The secret has 256 random bits, so a fast hash at rest is enough: there is no password to guess.
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

/** Kinds of devices outside stores: phones post positions, the app server links phones to customers. */
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
  /** Set when the key was rotated: the old secret is valid until then, which leaves time to change it on the till. */
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

/** Decides whether a device is admitted. A wrong secret and an unknown key id are refused alike, so neither can be probed. */
export function admit(key: DeviceKey | undefined, secretMatches: boolean, nowMs: number): Admission {
  if (key === undefined || !secretMatches) return { kind: 'refused', why: 'unknown' };
  if (key.revokedAtMs !== undefined && key.revokedAtMs <= nowMs) return { kind: 'refused', why: 'revoked' };
  if (key.goodUntilMs !== undefined && key.goodUntilMs <= nowMs) return { kind: 'refused', why: 'expired' };
  const { deviceId, storeId, kinds } = key;
  return { kind: 'admitted', deviceId, kinds, ...(storeId !== undefined && { storeId }) };
}
