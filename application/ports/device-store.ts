/** Port: device keys. */
import type { DeviceKey } from '#domain/chain/device-key.ts';

/** `unchanged`: the key already ends at this time or earlier. */
export type EndOutcome = { readonly kind: 'ended' | 'unchanged' | 'unknown' };

export interface DeviceStore {
  find(keyId: string): Promise<DeviceKey | undefined>;
  /** Stores a new key; throws if the key id exists, which random ids rule out. */
  put(key: DeviceKey): Promise<void>;
  /** Returns every key, in no particular order. */
  list(): Promise<DeviceKey[]>;
  /** Sets the end of a key. An end is only ever moved earlier, so an expiring key never lives longer. */
  expire(keyId: string, goodUntilMs: number): Promise<EndOutcome>;
  /** Revokes a key at once and permanently; the time of the first revocation is kept. */
  revoke(keyId: string, revokedAtMs: number): Promise<EndOutcome>;
  /** Deletes a key and its history. Keys of tills are kept for audit; a phone's key is deleted with its customer. */
  remove(keyId: string): Promise<void>;
}
