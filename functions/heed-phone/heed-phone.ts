/**
 * What a phone says for its owner. It speaks for nobody else: whose it is follows from its credential, and a push it was not
 * sent is none that it could have opened.
 */
import type { MomentStore } from '#adapters/dynamodb/moment-store.ts';
import type { PersonStore } from '#adapters/dynamodb/person-store.ts';
import type { PhoneStore } from '#adapters/dynamodb/phone-store.ts';
import type { LocationTracker } from '#adapters/location/tracker.ts';
import type { ConsentsBody } from '#contracts/phones.ts';
import type { DeviceId } from '#domain/chain/ids.ts';

export interface HeedPhonePorts {
  readonly people: Pick<PersonStore, 'addConsent'>;
  readonly phones: Pick<PhoneStore, 'get'>;
  readonly moments: Pick<MomentStore, 'byToken' | 'opened'>;
  readonly tracker: Pick<LocationTracker, 'forget'>;
  readonly nowMs: () => number;
}

export type Heeded = 'heeded' | 'unknown';

/**
 * Writes down what its owner agrees to from now on. When it was said is what the phone says, but never a time to come: a
 * consent from tomorrow would outlive a withdrawal of today. Where being followed is withdrawn, the way so far goes at once.
 */
export async function heedConsents(
  { people, phones, tracker, nowMs }: HeedPhonePorts,
  deviceId: DeviceId,
  consents: ConsentsBody['consents'],
): Promise<Heeded> {
  const phone = await phones.get(deviceId);
  if (phone === undefined) return 'unknown';
  for (const { purpose, granted, proof, at } of consents) {
    const atMs = Math.min(at, nowMs());
    await people.addConsent(phone.personId, { purpose, isGranted: granted, proof, source: 'phone', atMs });
    if (purpose === 'location' && !granted) await tracker.forget([deviceId]);
  }
  return 'heeded';
}

export async function heedOpening(
  { moments, phones, nowMs }: HeedPhonePorts,
  deviceId: DeviceId,
  push: string,
): Promise<Heeded> {
  const [phone, decision] = await Promise.all([phones.get(deviceId), moments.byToken(push)]);
  if (phone === undefined || decision?.personId !== phone.personId) return 'unknown';
  await moments.opened(decision, nowMs());
  return 'heeded';
}
