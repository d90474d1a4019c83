/**
 * Who is at the door: finds the key a device shows and says what it may post. A refusal is a word in the
 * context and not a denial, because the gateway would make a mute 403 of one (see functions/device.ts).
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { DeviceStore } from '#application/ports/device-store.ts';
import { keyOfHeader } from '#contracts/device-key.ts';
import { type Admission, admit } from '#domain/chain/device-key.ts';
import type { DeviceContext } from '../shared/device-auth.ts';

export interface AuthorizeDevicePorts {
  readonly devices: Pick<DeviceStore, 'find'>;
  readonly nowMs: () => number;
}

/** What the Authorization header of a request opens. */
export async function authorizeDevice(
  { devices, nowMs }: AuthorizeDevicePorts,
  header: string | undefined,
): Promise<Admission> {
  const shown = keyOfHeader(header);
  if (shown === undefined) return { kind: 'refused', why: 'unknown' };
  const key = await devices.find(shown.keyId);
  return admit(key, key !== undefined && isSecretOf(key.secretHash, shown.secret), nowMs());
}

function isSecretOf(secretHash: string, secret: string): boolean {
  const kept = Buffer.from(secretHash, 'hex');
  const shown = createHash('sha256').update(secret).digest();
  return kept.length === shown.length && timingSafeEqual(kept, shown);
}

/** An admission in the texts that an authorizer's context may carry. */
export function contextOf(admission: Admission): DeviceContext {
  if (admission.kind === 'refused') return { refusal: admission.why };
  const { deviceId, storeId, kinds } = admission;
  return { deviceId, kinds: kinds.join(','), ...(storeId !== undefined && { storeId }) };
}
