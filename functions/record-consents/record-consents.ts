/** Records the consents of a phone's owner. The owner follows from the phone's credential, never from the body. */
import type { DeviceTracker } from '#application/ports/device-tracker.ts';
import type { PersonStore } from '#application/ports/person-store.ts';
import type { PhoneStore } from '#application/ports/phone-store.ts';
import type { ConsentsRequest } from '#contracts/http/phones.ts';
import type { DeviceId } from '#domain/chain/ids.ts';

export interface RecordConsentsPorts {
  readonly people: Pick<PersonStore, 'addConsent'>;
  readonly phones: Pick<PhoneStore, 'get'>;
  readonly tracker: Pick<DeviceTracker, 'forget'>;
  readonly nowMs: () => number;
}

/**
 * Records consents and withdrawals. The phone's time counts, but never a time in the future: a consent from tomorrow would
 * outlive a withdrawal of today. A withdrawal of the location consent deletes the phone's position history at once.
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
    const atMs = Math.min(at, nowMs());
    await people.addConsent(phone.personId, { purpose, isGranted: granted, proof, source: 'phone', atMs });
    if (purpose === 'location' && !granted) await tracker.forget([deviceId]);
  }
  return 'recorded';
}
