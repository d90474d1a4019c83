/** Makes the key of a device. Whoever calls this holds the only copy of the secret there will ever be. */
import { createHash, randomInt } from 'node:crypto';
import type { DeviceStore } from '#adapters/dynamodb/device-store.ts';
import { formatKey, KEY_ALPHABET, KEY_ID_LENGTH, SECRET_LENGTH } from '#contracts/device-key.ts';
import type { DeviceKey } from '#domain/chain/device-key.ts';

const randomText = (length: number): string =>
  Array.from({ length }, () => KEY_ALPHABET[randomInt(KEY_ALPHABET.length)]).join('');

/** Makes a key and keeps its hash; the key as it is shown to people, this once. */
export async function issueKey(
  devices: Pick<DeviceStore, 'put'>,
  { deviceId, storeId, kinds }: Pick<DeviceKey, 'deviceId' | 'storeId' | 'kinds'>,
  nowMs: number,
): Promise<string> {
  const key = { keyId: randomText(KEY_ID_LENGTH), secret: randomText(SECRET_LENGTH) };
  await devices.put({
    keyId: key.keyId,
    deviceId,
    storeId,
    kinds,
    secretHash: createHash('sha256').update(key.secret).digest('hex'),
    createdAtMs: nowMs,
  });
  return formatKey(key);
}
