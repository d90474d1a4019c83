/**
 * The hourly purge: deletes visitors that were not seen within their store's retention, faces whose consent was withdrawn
 * and which were not deleted at once, and vectors without an owner.
 */
import { removeUser, removeVectors } from '#application/faces/move-faces.ts';
import type { FaceIndex, ListedFace } from '#application/ports/face-index.ts';
import type { FaceStore } from '#application/ports/face-store.ts';
import { DAY_MS } from '#domain/chain/duration.ts';
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
  /** Returns whether more may begin; the rest is left to the next run. */
  readonly isTimeLeft: () => boolean;
}

export interface PurgedVisitors {
  readonly visitors: number;
  readonly withdrawn: number;
  /** Vectors without an owner. */
  readonly orphans: number;
}

/** DynamoDB's limit of a batch read. */
const ROWS_PER_READ = 100;

/** Purges until everything is checked or time runs out. */
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
  return { visitors, withdrawn, orphans: await removeOrphans(ports) };
}

/** Returns the days for which each store may retain a visitor, by the law of today. */
function retentionOf(stores: readonly Store[], nowMs: number): Map<StoreId, number> {
  return new Map(
    stores.map((store) => [
      store.storeId,
      permissionsOf(store.law, dayAt(nowMs, store)).visitorRetentionDays,
    ]),
  );
}

/** Returns whether a visitor's retention has ended; at once where the store is gone or may retain no visitors any more. */
function isDue(user: FaceUser, retention: ReadonlyMap<StoreId, number>, nowMs: number): boolean {
  if (user.kind !== 'visitor') return false;
  const days = retention.get(user.storeId) ?? 0;
  return days === 0 || user.lastSeenAtMs < nowMs - days * DAY_MS;
}

/** Deletes vectors without a user or a frame in progress, and users without a row. */
async function removeOrphans(ports: PurgeVisitorsPorts): Promise<number> {
  let orphans = 0;
  let batch: ListedFace[] = [];
  for await (const face of ports.index.allFaces()) {
    if (!ports.isTimeLeft()) return orphans;
    batch.push(face);
    if (batch.length < ROWS_PER_READ) continue;
    orphans += await removeOrphansOf(ports, batch);
    batch = [];
  }
  return orphans + (await removeOrphansOf(ports, batch));
}

async function removeOrphansOf(
  { index, store, nowMs }: PurgeVisitorsPorts,
  faces: readonly ListedFace[],
): Promise<number> {
  const lone = faces.filter(({ userId }) => userId === undefined).map(({ faceId }) => faceId);
  const owners = lone.length === 0 ? new Map<string, string>() : await store.usersOfFaces(lone);
  const userIds = [...faces.flatMap(({ userId }) => userId ?? []), ...owners.values()];
  const rows = userIds.length === 0 ? [] : await store.users(userIds);
  const users = new Map(rows.map((user) => [user.userId, user]));
  const orphans: string[] = [];
  for (const { faceId, pictureId, userId } of faces) {
    if (userId !== undefined) {
      if (users.has(userId)) continue;
      await index.deleteUser(userId);
      orphans.push(faceId);
      continue;
    }
    const owner = users.get(owners.get(faceId) ?? '');
    // The vector is being moved from one user to another, or into its first.
    if (owner !== undefined && isConsentValid(owner)) continue;
    if (pictureId !== undefined && (await store.isHeld(pictureId, nowMs()))) continue;
    orphans.push(faceId);
  }
  if (orphans.length > 0) await index.deleteFaces(orphans);
  return orphans.length;
}
