/** Makes the key of a device. Whoever calls this holds the only copy of the secret there will ever be. */
import { createHash, randomInt } from 'node:crypto';
import type { DeviceStore } from '#adapters/dynamodb/device-store.ts';
import { formatKey, newKey } from '#contracts/device-key.ts';
import type { DeviceKey } from '#domain/chain/device-key.ts';

/** Makes a key and keeps its hash; the key as it is shown to people, this once. */
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
