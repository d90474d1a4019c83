/**
 * What a phone says for its owner. It speaks for nobody else: whose it is follows from its credential, and a push it was not
 * sent is none that it could have opened.
 */

import type { DeviceTracker } from '#application/ports/device-tracker.ts';
import type { PersonStore } from '#application/ports/person-store.ts';
import type { PhoneStore } from '#application/ports/phone-store.ts';
import type { PushDecisionStore } from '#application/ports/push-decision-store.ts';
import type { ConsentsRequest } from '#contracts/http/phones.ts';
import type { DeviceId } from '#domain/chain/ids.ts';

export interface RecordConsentsPorts {
  readonly people: Pick<PersonStore, 'addConsent'>;
  readonly phones: Pick<PhoneStore, 'get'>;
  readonly moments: Pick<PushDecisionStore, 'byToken' | 'opened'>;
  readonly tracker: Pick<DeviceTracker, 'forget'>;
  readonly nowMs: () => number;
}

export type RecordOutcome = 'heeded' | 'unknown';

/**
 * Writes down what its owner agrees to from now on. When it was said is what the phone says, but never a time to come: a
 * consent from tomorrow would outlive a withdrawal of today. Where being followed is withdrawn, the way so far goes at once.
 */
export async function recordConsents(
  { people, phones, tracker, nowMs }: RecordConsentsPorts,
  deviceId: DeviceId,
  consents: ConsentsRequest['consents'],
): Promise<RecordOutcome> {
  const phone = await phones.get(deviceId);
  if (phone === undefined) return 'unknown';
  for (const { purpose, granted, proof, at } of consents) {
    const atMs = Math.min(at, nowMs());
    await people.addConsent(phone.personId, { purpose, isGranted: granted, proof, source: 'phone', atMs });
    if (purpose === 'location' && !granted) await tracker.forget([deviceId]);
  }
  return 'heeded';
}

export async function recordPushOpen(
  { moments, phones, nowMs }: RecordConsentsPorts,
  deviceId: DeviceId,
  push: string,
): Promise<RecordOutcome> {
  const [phone, decision] = await Promise.all([phones.get(deviceId), moments.byToken(push)]);
  if (phone === undefined || decision?.personId !== phone.personId) return 'unknown';
  await moments.opened(decision, nowMs());
  return 'heeded';
}
