/**
 * Deletes a person's data by their identifiers. Access first: phones cannot post any more, cameras recognise no face. Then
 * the rows; and last those of the person, because they lead to all others.
 *
 * Every step reads what is left and can be repeated.
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
  readonly pushDecisions: Pick<PushDecisionStore, 'ofPerson' | 'remove'>;
  readonly devices: Pick<DeviceStore, 'remove'>;
  readonly push: Pick<PhonePush, 'forget'>;
  readonly tracker: Pick<DeviceTracker, 'forget'>;
  readonly faces: Pick<FaceStore, 'users' | 'forget'>;
  readonly index: Pick<FaceIndex, 'facesOfUser' | 'deleteUser' | 'deleteFaces'>;
  readonly visits: Pick<VisitStore, 'ofVisitor'>;
  readonly aliases: Pick<AliasStore, 'intoOf' | 'release'>;
  readonly rows: RowWriter;
}

/** Revokes access, so that no position, no push and no recognised face creates new rows. */
export async function revokeAccess(ports: RemovePorts, identifiers: PersonalIdentifiers): Promise<void> {
  for (const keyId of identifiers.key) await ports.devices.remove(keyId);
  for (const endpointArn of identifiers.endpoint) await ports.push.forget(endpointArn);
  for (const key of phoneKeys(identifiers)) await ports.pushDecisions.remove(key);
  await deletePositions(ports, identifiers);
  for (const userId of identifiers.user) await deleteFaceUser(ports, userId);
  if (identifiers.face.length > 0) await ports.index.deleteFaces(identifiers.face);
}

async function deletePositions({ tracker }: RemovePorts, { device }: PersonalIdentifiers): Promise<void> {
  if (device.length > 0) await tracker.forget(device);
}

async function deleteFaceUser({ index, faces }: RemovePorts, userId: string): Promise<void> {
  const [row] = await faces.users([userId]);
  const faceIds = [...new Set([...(row?.faceIds ?? []), ...(await index.facesOfUser(userId))])];
  await index.deleteUser(userId);
  if (faceIds.length > 0) await index.deleteFaces(faceIds);
  // The row last: after a crash it leads to what is left.
  await faces.forget(userId, faceIds);
}

/**
 * Returns whether all visits of the person are closed, published and counted. A visit whose end is never published would be
 * counted as open for ever.
 */
export async function areVisitsOver(ports: RemovePorts, context: ErasureContext): Promise<boolean> {
  for await (const stored of visitorDaysOf(ports, context.identifiers)) {
    const { visitorDay, revision, pending, dueAtMs } = stored;
    if (pending !== undefined || dueAtMs !== undefined) return false;
    if (revision > 0 && !(await isCounted(ports, revisionKeys(visitorDay, revision, context)))) return false;
  }
  return true;
}

async function isCounted({ rows }: RemovePorts, keys: readonly ItemKey[]): Promise<boolean> {
  for (const key of keys) if ((await rows.read('Facts', key)) !== undefined) return true;
  return false;
}

async function* visitorDaysOf(
  { visits }: RemovePorts,
  { visitor }: PersonalIdentifiers,
): AsyncIterable<StoredVisitorDay> {
  for (const visitorId of visitor) yield* visits.ofVisitor(visitorId as VisitorId);
}

/** Deletes or pseudonymises the rows that the identifiers lead to. */
export async function removeRows(ports: RemovePorts, context: ErasureContext): Promise<void> {
  const { identifiers } = context;
  const people = identifiers.person as readonly PersonId[];
  // Positions that were in flight when access was revoked.
  await deletePositions(ports, identifiers);
  for (const personId of people) {
    for await (const key of ports.pushDecisions.ofPerson(personId))
      await applyAction(ports, 'Campaigns', key, context);
    const person = await ports.people.load(personId);
    for (const { receipt } of person?.purchases ?? [])
      await applyAction(ports, 'Facts', receiptKey(receipt), context);
  }
  await removeVisits(ports, context);
  for (const personId of people) await ports.people.remove(personId);
}

/** Applies to one row the action of its kind. */
async function applyAction(
  { rows }: RemovePorts,
  table: TableName,
  key: ItemKey,
  context: ErasureContext,
): Promise<void> {
  const row = await rows.read(table, key);
  if (row === undefined || context.findTraces(row).size === 0) return;
  await rows.apply(table, row, actionFor(table, row, context));
}

async function removeVisits(ports: RemovePorts, context: ErasureContext): Promise<void> {
  const { rows, aliases } = ports;
  const { identifiers } = context;
  for await (const { visitorDay, revision } of visitorDaysOf(ports, identifiers)) {
    for (let number = 1; number <= revision; number++) {
      await applyAction(ports, 'Facts', revisionKeys(visitorDay, number, context)[0], context);
    }
    // The visitor day after its revisions, since it holds their number.
    await rows.apply('Visits', rowKey(visitorDay), { kind: 'remove' });
  }
  const targets = await aliases.intoOf(identifiers.visitor as readonly VisitorId[]);
  for (const [visitorId, into] of targets) await aliases.release(visitorId, into);
}
