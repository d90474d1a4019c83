/**
 * The hourly purge of the retention: deletes visitors that were not seen within their store's retention, the faces of members
 * and staff that were not seen within theirs, entries of watch-lists and proofs of consents whose time is over, faces whose
 * consent was withdrawn and which were not deleted at once, and vectors without an owner.
 */
import { removeUser, removeVectors } from '#application/faces/move-faces.ts';
import type { FaceIndex, ListedFace } from '#application/ports/face-index.ts';
import type { FaceStore } from '#application/ports/face-store.ts';
import { DAY_MS } from '#domain/chain/duration.ts';
import type { Store } from '#domain/chain/store.ts';
import { dayAt } from '#domain/chain/store-clock.ts';
import type { CloudLocation } from '#domain/law/countries.ts';
import { type Retention, retentionOf, WITHOUT_LAW } from '#domain/law/retention.ts';
import { type FaceUser, isConsentValid } from '#domain/people/faces/face-user.ts';

export interface PurgeVisitorsPorts {
  readonly index: FaceIndex;
  readonly store: FaceStore;
  readonly stores: () => Promise<readonly Store[]>;
  /** Where the collection is: a law may bar faces from it. */
  readonly cloud: CloudLocation;
  readonly nowMs: () => number;
  /** Returns whether more may begin; the rest is left to the next run. */
  readonly isTimeLeft: () => boolean;
}

export interface PurgedVisitors {
  readonly visitors: number;
  /** Members and staff whose faces were deleted because they were not seen for the retention period. */
  readonly members: number;
  readonly watchEntries: number;
  /** Rows of ended consents, kept as proof until now. */
  readonly proofs: number;
  readonly withdrawn: number;
  /** Vectors without an owner. */
  readonly orphans: number;
  /** False where time ran out: some users may be kept for longer than their retention, until the next run. */
  readonly isComplete: boolean;
}

/** DynamoDB's limit of a batch read. */
const ROWS_PER_READ = 100;

/** Purges until everything is checked or time runs out. */
export async function purgeVisitors(ports: PurgeVisitorsPorts): Promise<PurgedVisitors> {
  const { store, nowMs, isTimeLeft, cloud } = ports;
  const retentions = new Map(
    (await ports.stores()).map((one) => [one.storeId, retentionOf(one, cloud, dayAt(nowMs(), one))]),
  );
  const counts = { visitors: 0, members: 0, watchEntries: 0, proofs: 0, withdrawn: 0 };
  let isComplete = true;
  for await (const user of store.allUsers()) {
    if (!isTimeLeft()) {
      isComplete = false;
      break;
    }
    const due = dueOf(user, retentions.get(user.storeId) ?? WITHOUT_LAW, nowMs());
    if (due === undefined) continue;
    counts[due]++;
    // The row of a member stays without vectors, as proof of the consent.
    await (due === 'members' || due === 'withdrawn' ? removeVectors : removeUser)(ports, user);
  }
  const orphans = await removeOrphans(ports);
  return { ...counts, orphans, isComplete: isComplete && isTimeLeft() };
}

type Due = 'visitors' | 'members' | 'watchEntries' | 'proofs' | 'withdrawn';

/** Returns what is due of a user, if anything. */
function dueOf(user: FaceUser, retention: Retention, nowMs: number): Due | undefined {
  const isOver = (fromMs: number, days: number): boolean => days === 0 || fromMs < nowMs - days * DAY_MS;
  switch (user.kind) {
    case 'visitor':
      return isOver(user.lastSeenAtMs, retention.visitorDays) ? 'visitors' : undefined;
    case 'watch':
      return isOver(user.enrolledAtMs, retention.watchDays) ? 'watchEntries' : undefined;
    case 'member':
    case 'staff':
      return dueOfConsent(user, retention, isOver);
  }
}

/** Returns what is due of a user with consent: the vectors, or the proof of a consent that ended long ago. */
function dueOfConsent(
  { kind, consent, lastSeenAtMs, faceIds }: FaceUser,
  { memberDays, staffDays, proofDays }: Retention,
  isOver: (fromMs: number, days: number) => boolean,
): Due | undefined {
  const days = kind === 'staff' ? staffDays : memberDays;
  // A consent that was renewed is an interaction like a visit.
  const sinceMs = Math.max(lastSeenAtMs, consent?.grantedAtMs ?? 0);
  const isExpired = days !== undefined && isOver(sinceMs, days);
  const withdrawnAtMs = consent?.withdrawnAtMs;
  if (faceIds.length > 0) {
    if (withdrawnAtMs !== undefined) return 'withdrawn';
    return isExpired ? 'members' : undefined;
  }
  const endedAtMs = withdrawnAtMs ?? (isExpired ? sinceMs + days * DAY_MS : undefined);
  if (endedAtMs === undefined || proofDays === undefined) return undefined;
  return isOver(endedAtMs, proofDays) ? 'proofs' : undefined;
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
