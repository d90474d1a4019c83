/** Port: device keys. */
import type { DeviceKey } from '#domain/chain/device-key.ts';

/** `unchanged`: the key had ended as early as that already. */
export type EndOutcome = { readonly kind: 'ended' | 'unchanged' | 'unknown' };

export interface DeviceStore {
  find(keyId: string): Promise<DeviceKey | undefined>;
  /** Keeps a new key; throws where the key id is taken, because ids are random and that cannot be. */
  put(key: DeviceKey): Promise<void>;
  /** Every key there is, in no order. */
  list(): Promise<DeviceKey[]>;
  /** Lets a key end at an instant. An end is only ever moved forward in time: never does a dying key live longer. */
  expire(keyId: string, goodUntilMs: number): Promise<EndOutcome>;
  /** Shuts a key at once and for ever; the first revocation's time stays. */
  revoke(keyId: string, revokedAtMs: number): Promise<EndOutcome>;
  /** Takes every trace of a key away. A till's keys leave a trail; a phone's go when its owner is forgotten. */
  remove(keyId: string): Promise<void>;
}
