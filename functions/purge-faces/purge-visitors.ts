/**
 * What the hour brings: visitors who stayed away for longer than their store may keep them are forgotten, faces of those
 * who withdrew are removed where that was not done at once, and vectors that are nobody's go.
 */

import { removeUser, removeVectors } from '#application/faces/move-faces.ts';
import type { FaceIndex, ListedFace } from '#application/ports/face-index.ts';
import type { FaceStore } from '#application/ports/face-store.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { dayAt } from '#domain/chain/store-clock.ts';
import { permissionsOf } from '#domain/law/compile.ts';
import { type FaceUser, isConsentValid } from '#domain/people/faces/face-user.ts';

export interface PurgeVisitorsPorts {
  readonly index: FaceIndex;
  readonly store: FaceStore;
  readonly stores: () => Promise<readonly Store[]>;
  readonly nowMs: () => number;
  /** What there is no time for is left to the next hour. */
  readonly isTimeLeft: () => boolean;
}

export interface PurgedVisitors {
  readonly visitors: number;
  readonly withdrawn: number;
  readonly strays: number;
}

const DAY_MS = 86_400_000;
/** DynamoDB reads so many rows at once. */
const ROWS_AT_ONCE = 100;

export async function purgeVisitors(ports: PurgeVisitorsPorts): Promise<PurgedVisitors> {
  const { store, nowMs, isTimeLeft } = ports;
  const retention = retentionOf(await ports.stores(), nowMs());
  let visitors = 0;
  let withdrawn = 0;
  for await (const user of store.allUsers()) {
    if (!isTimeLeft()) break;
    if (isDue(user, retention, nowMs())) {
      await removeUser(ports, user);
      visitors++;
    } else if (user.consent?.withdrawnAtMs !== undefined && user.faceIds.length > 0) {
      await removeVectors(ports, user);
      withdrawn++;
    }
  }
  return { visitors, withdrawn, strays: await removeStrays(ports) };
}

/** How many days each store may keep a visitor, by the law that holds today. */
function retentionOf(stores: readonly Store[], nowMs: number): Map<StoreId, number> {
  return new Map(
    stores.map((store) => [
      store.storeId,
      permissionsOf(store.law, dayAt(nowMs, store)).visitorRetentionDays,
    ]),
  );
}

/** A visitor of a store that is gone, or that may keep nobody any more, is due at once. */
function isDue(user: FaceUser, retention: ReadonlyMap<StoreId, number>, nowMs: number): boolean {
  if (user.kind !== 'visitor') return false;
  const days = retention.get(user.storeId) ?? 0;
  return days === 0 || user.lastSeenAtMs < nowMs - days * DAY_MS;
}

/** Deletes vectors that no user has and no frame is at work on, and users that nobody has a row of. */
async function removeStrays(ports: PurgeVisitorsPorts): Promise<number> {
  let strays = 0;
  let batch: ListedFace[] = [];
  for await (const face of ports.index.allFaces()) {
    if (!ports.isTimeLeft()) return strays;
    batch.push(face);
    if (batch.length < ROWS_AT_ONCE) continue;
    strays += await removeStraysOf(ports, batch);
    batch = [];
  }
  return strays + (await removeStraysOf(ports, batch));
}

async function removeStraysOf(
  { index, store, nowMs }: PurgeVisitorsPorts,
  faces: readonly ListedFace[],
): Promise<number> {
  const lone = faces.filter(({ userId }) => userId === undefined).map(({ faceId }) => faceId);
  const owners = lone.length === 0 ? new Map<string, string>() : await store.usersOfFaces(lone);
  const userIds = [...faces.flatMap(({ userId }) => userId ?? []), ...owners.values()];
  const rows = userIds.length === 0 ? [] : await store.users(userIds);
  const known = new Map(rows.map((user) => [user.userId, user]));
  const strays: string[] = [];
  for (const { faceId, pictureId, userId } of faces) {
    if (userId !== undefined) {
      if (known.has(userId)) continue;
      await index.deleteUser(userId);
      strays.push(faceId);
      continue;
    }
    const owner = known.get(owners.get(faceId) ?? '');
    // On its way from one user to another, or into its first.
    if (owner !== undefined && isConsentValid(owner)) continue;
    if (pictureId !== undefined && (await store.isHeld(pictureId, nowMs()))) continue;
    strays.push(faceId);
  }
  if (strays.length > 0) await index.deleteFaces(strays);
  return strays.length;
}
