/** Records the consents of a phone's owner. The owner follows from the phone's credential, never from the body. */
import type { DeviceTracker } from '#application/ports/device-tracker.ts';
import type { PersonStore } from '#application/ports/person-store.ts';
import type { PhoneStore } from '#application/ports/phone-store.ts';
import type { ConsentsRequest } from '#contracts/http/phones.ts';
import type { DeviceId } from '#domain/chain/ids.ts';
import { statedConsent } from '#domain/people/customers/consent.ts';

export interface RecordConsentsPorts {
  readonly people: Pick<PersonStore, 'addConsent'>;
  readonly phones: Pick<PhoneStore, 'get'>;
  readonly tracker: Pick<DeviceTracker, 'forget'>;
  readonly nowMs: () => number;
}

/**
 * Records consents and withdrawals, with the phone's time and ours. A withdrawal of the location consent deletes the phone's position history at once.
 *
 * @returns `not linked` where the phone has no owner
 */
export async function recordConsents(
  { people, phones, tracker, nowMs }: RecordConsentsPorts,
  deviceId: DeviceId,
  consents: ConsentsRequest['consents'],
): Promise<'recorded' | 'not linked'> {
  const phone = await phones.get(deviceId);
  if (phone === undefined) return 'not linked';
  for (const { purpose, granted, proof, at } of consents) {
    const decision = { purpose, isGranted: granted, proof, source: 'phone' };
    const times = { clock: deviceId, statedAtMs: at, receivedAtMs: nowMs() };
    await people.addConsent(phone.personId, statedConsent(decision, times));
    if (purpose === 'location' && !granted) await tracker.forget([deviceId]);
  }
  return 'recorded';
}
