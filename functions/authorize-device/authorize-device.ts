/**
 * Authenticates a device by its key. A refusal is passed on as a reason in the context and not as a denial, because the
 * gateway would turn a denial into a 403 without a body (see functions/shared/device-auth.ts).
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

/** Returns the device of an Authorization header and what it may post, or the reason of the refusal. */
export async function authorizeDevice(
  { devices, nowMs }: AuthorizeDevicePorts,
  header: string | undefined,
): Promise<Admission> {
  const presented = keyOfHeader(header);
  if (presented === undefined) return { kind: 'refused', why: 'unknown' };
  const key = await devices.find(presented.keyId);
  return admit(key, key !== undefined && isSecretOf(key.secretHash, presented.secret), nowMs());
}

function isSecretOf(secretHash: string, secret: string): boolean {
  const expected = Buffer.from(secretHash, 'hex');
  const presented = createHash('sha256').update(secret).digest();
  return expected.length === presented.length && timingSafeEqual(expected, presented);
}

/** Returns an admission as the string values that an authorizer's context may hold. */
export function contextOf(admission: Admission): DeviceContext {
  if (admission.kind === 'refused') return { refusal: admission.why };
  const { deviceId, storeId, kinds } = admission;
  // The key of a phone is for positions alone.
  const isPhone = kinds.every((kind) => kind === 'positions');
  return {
    deviceId,
    ...(!isPhone && { loggedDeviceId: deviceId }),
    kinds: kinds.join(','),
    ...(storeId !== undefined && { storeId }),
  };
}
