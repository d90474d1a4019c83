/** Records that a push was opened. A phone can open only what was sent to its owner. */
import type { PhoneStore } from '#application/ports/phone-store.ts';
import type { PushDecisionStore } from '#application/ports/push-decision-store.ts';
import type { DeviceId } from '#domain/chain/ids.ts';

export interface RecordPushOpenPorts {
  readonly phones: Pick<PhoneStore, 'get'>;
  readonly pushDecisions: Pick<PushDecisionStore, 'byToken' | 'opened'>;
  readonly nowMs: () => number;
}

/**
 * Records the first opening of a push.
 *
 * @param push the token of the push
 * @returns `unknown` where no such push was sent to the phone's owner
 */
export async function recordPushOpen(
  { phones, pushDecisions, nowMs }: RecordPushOpenPorts,
  deviceId: DeviceId,
  push: string,
): Promise<'recorded' | 'unknown'> {
  const [phone, decision] = await Promise.all([phones.get(deviceId), pushDecisions.byToken(push)]);
  if (phone === undefined || decision?.personId !== phone.personId) return 'unknown';
  await pushDecisions.opened(decision, nowMs());
  return 'recorded';
}
