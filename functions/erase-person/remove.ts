/**
 * Taking away what is known of a person, by what points at it. First the doors: what a phone could still tell, what a camera
 * could still know. Then the rows; and last those of the person themselves, because they are what leads to all others.
 *
 * Every step finds out anew what is left and may be done again.
 */

import type { AliasStore } from '#application/ports/alias-store.ts';
import type { DeviceStore } from '#application/ports/device-store.ts';
import type { DeviceTracker } from '#application/ports/device-tracker.ts';
import type { FaceIndex } from '#application/ports/face-index.ts';
import type { FaceStore } from '#application/ports/face-store.ts';
import type { PersonStore } from '#application/ports/person-store.ts';
import type { PhonePush } from '#application/ports/phone-push.ts';
import type { PushDecisionStore } from '#application/ports/push-decision-store.ts';
import type { RowWriter } from '#application/ports/row-writer.ts';
import type { StoredVisitorDay, VisitStore } from '#application/ports/visit-store.ts';
import type { PersonId, VisitorId } from '#domain/chain/ids.ts';
import type { PersonalIdentifiers } from '#domain/people/erasure/personal-identifiers.ts';
import {
  actionFor,
  type ErasureContext,
  phoneKeys,
  receiptKey,
  revisionKeys,
  type TableName,
} from '#domain/people/erasure/row-policy.ts';
import type { ItemKey } from '#domain/people/erasure/table-row.ts';
import { rowKey } from '#domain/place/visits/visitor-day-key.ts';

export interface RemovePorts {
  readonly people: Pick<PersonStore, 'load' | 'remove'>;
  readonly moments: Pick<PushDecisionStore, 'ofPerson' | 'remove'>;
  readonly devices: Pick<DeviceStore, 'remove'>;
  readonly push: Pick<PhonePush, 'forget'>;
  readonly tracker: Pick<DeviceTracker, 'forget'>;
  readonly faces: Pick<FaceStore, 'users' | 'forget'>;
  readonly index: Pick<FaceIndex, 'facesOfUser' | 'deleteUser' | 'deleteFaces'>;
  readonly visits: Pick<VisitStore, 'ofVisitor'>;
  readonly aliases: Pick<AliasStore, 'intoOf' | 'release'>;
  readonly rows: RowWriter;
}

/** Lets nothing new come in by what is known: no position, no push, no face that is known. */
export async function revokeAccess(ports: RemovePorts, known: PersonalIdentifiers): Promise<void> {
  for (const keyId of known.key) await ports.devices.remove(keyId);
  for (const endpointArn of known.endpoint) await ports.push.forget(endpointArn);
  for (const key of phoneKeys(known)) await ports.moments.remove(key);
  await forgetPlaces(ports, known);
  for (const userId of known.user) await forgetFace(ports, userId);
  if (known.face.length > 0) await ports.index.deleteFaces(known.face);
}

async function forgetPlaces({ tracker }: RemovePorts, { device }: PersonalIdentifiers): Promise<void> {
  if (device.length > 0) await tracker.forget(device);
}

async function forgetFace({ index, faces }: RemovePorts, userId: string): Promise<void> {
  const [row] = await faces.users([userId]);
  const faceIds = [...new Set([...(row?.faceIds ?? []), ...(await index.facesOfUser(userId))])];
  await index.deleteUser(userId);
  if (faceIds.length > 0) await index.deleteFaces(faceIds);
  // The row last: by it whatever a crash leaves is found again.
  await faces.forget(userId, faceIds);
}

/**
 * Whether all visits of theirs are over, the log was told so, and what it was told has been counted. A visit whose end nobody
 * ever tells would be counted as going on for ever.
 */
export async function areVisitsOver(ports: RemovePorts, forgetting: ErasureContext): Promise<boolean> {
  for await (const stored of staysOf(ports, forgetting.identifiers)) {
    const { visitorDay, revision, pending, dueAtMs } = stored;
    if (pending !== undefined || dueAtMs !== undefined) return false;
    if (revision > 0 && !(await isCounted(ports, revisionKeys(visitorDay, revision, forgetting))))
      return false;
  }
  return true;
}

async function isCounted({ rows }: RemovePorts, keys: readonly ItemKey[]): Promise<boolean> {
  for (const key of keys) if ((await rows.read('Facts', key)) !== undefined) return true;
  return false;
}

async function* staysOf(
  { visits }: RemovePorts,
  { visitor }: PersonalIdentifiers,
): AsyncIterable<StoredVisitorDay> {
  for (const visitorId of visitor) yield* visits.ofVisitor(visitorId as VisitorId);
}

export async function removeRows(ports: RemovePorts, forgetting: ErasureContext): Promise<void> {
  const { identifiers } = forgetting;
  const people = identifiers.person as readonly PersonId[];
  // What was on its way when the doors were closed.
  await forgetPlaces(ports, identifiers);
  for (const personId of people) {
    for await (const key of ports.moments.ofPerson(personId)) await mend(ports, 'Campaigns', key, forgetting);
    const person = await ports.people.load(personId);
    for (const { receipt } of person?.purchases ?? [])
      await mend(ports, 'Facts', receiptKey(receipt), forgetting);
  }
  await removeVisits(ports, forgetting);
  for (const personId of people) await ports.people.remove(personId);
}

/** Does to one row what is done to rows of its kind. */
async function mend(
  { rows }: RemovePorts,
  table: TableName,
  key: ItemKey,
  forgetting: ErasureContext,
): Promise<void> {
  const row = await rows.read(table, key);
  if (row === undefined || forgetting.findTraces(row).size === 0) return;
  await rows.apply(table, row, actionFor(table, row, forgetting));
}

async function removeVisits(ports: RemovePorts, forgetting: ErasureContext): Promise<void> {
  const { rows, aliases } = ports;
  const { identifiers } = forgetting;
  for await (const { visitorDay, revision } of staysOf(ports, identifiers)) {
    for (let told = 1; told <= revision; told++) {
      await mend(ports, 'Facts', revisionKeys(visitorDay, told, forgetting)[0], forgetting);
    }
    // The stay after its tellings: it says how many there are.
    await rows.apply('Visits', rowKey(visitorDay), { kind: 'remove' });
  }
  const pointers = await aliases.intoOf(identifiers.visitor as readonly VisitorId[]);
  for (const [visitorId, into] of pointers) await aliases.release(visitorId, into);
}
