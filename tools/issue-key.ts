/** Issues device keys. The caller receives the only copy of the secret. */
import { createHash, randomInt } from 'node:crypto';
import type { DeviceStore } from '#application/ports/device-store.ts';
import { formatKey, newKey } from '#contracts/device-key.ts';
import type { DeviceKey } from '#domain/chain/device-key.ts';

/** Creates a key, stores the hash of its secret and returns the key as text (`aisle_…`). */
export async function issueKey(
  devices: Pick<DeviceStore, 'put'>,
  device: Pick<DeviceKey, 'deviceId' | 'storeId' | 'kinds'>,
  nowMs: number,
): Promise<string> {
  const { keyId, secret } = newKey((end) => randomInt(end));
  await devices.put({
    ...device,
    keyId,
    secretHash: createHash('sha256').update(secret).digest('hex'),
    createdAtMs: nowMs,
  });
  return formatKey({ keyId, secret });
}
