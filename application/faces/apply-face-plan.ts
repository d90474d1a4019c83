/**
 * Applies a face plan to the index and the table. A crashed attempt may already have made each step, so every step is
 * idempotent. Vectors that must not be retained are deleted first, so that they exist as briefly as possible.
 */

import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import { IMPROVE_MATCH_MIN } from '#domain/people/faces/recognise.ts';
import { type FaceIndex, FaceIndexBusy } from '../ports/face-index.ts';
import type { FaceStore } from '../ports/face-store.ts';
import { mapConcurrent } from '../support/concurrency.ts';
import { defined } from '../support/defined.ts';
import type { FacePlan, PlannedFace } from './face-plan.ts';

export interface PlanPorts {
  readonly index: FaceIndex;
  readonly store: FaceStore;
}

/** Where and when the picture was taken. */
export interface PictureOrigin {
  readonly storeId: StoreId;
  readonly day: BusinessDay;
  readonly atMs: number;
}

const CHANGES_AT_ONCE_MAX = 5;

/**
 * Applies a plan and returns the result of each face, which is less than planned if a face was purged meanwhile.
 *
 * @throws Error if a call of the index or the table fails
 */
export async function applyFacePlan(
  { index, store }: PlanPorts,
  plan: FacePlan,
  origin: PictureOrigin,
): Promise<PlannedFace[]> {
  await deleteDiscarded(index, plan);
  return mapConcurrent(plan.faces, CHANGES_AT_ONCE_MAX, async (face) => {
    const { faceId, userId, act } = face;
    if (faceId === undefined || userId === undefined) return face;
    if (act === 'enrol' && !(await enrol(faceId, userId))) return notRetained(face);
    if (act === 'improve') await improve(faceId, userId);
    if (face.isSeenAgain) await store.seenAt(userId, origin.atMs);
    if (face.isFirstToday && face.userKind === 'visitor') await store.seen(userId, origin, origin.atMs);
    return face;
  });

  async function enrol(faceId: string, userId: string): Promise<boolean> {
    const { storeId, day, atMs } = origin;
    await store.enrol({
      userId,
      kind: 'visitor',
      storeId,
      enrolledAtMs: atMs,
      lastSeenAtMs: atMs,
      faceIds: [faceId],
      seenOn: [{ storeId, day }],
    });
    await index.createUser(userId);
    // The first face of a user has no other face that it could be unlike.
    if (await index.associate(userId, faceId, IMPROVE_MATCH_MIN)) return true;
    await index.deleteFaces([faceId]);
    await index.deleteUser(userId);
    await store.forget(userId, [faceId]);
    return false;
  }

  /** False also while the user is being modified: the user is recognised anyway, and this shot is one of many. */
  async function tryAssociate(userId: string, faceId: string): Promise<boolean> {
    try {
      return await index.associate(userId, faceId, IMPROVE_MATCH_MIN);
    } catch (error) {
      if (error instanceof FaceIndexBusy) return false;
      throw error;
    }
  }

  async function improve(faceId: string, userId: string): Promise<void> {
    await store.addFace(userId, faceId);
    if (await tryAssociate(userId, faceId)) return;
    await index.deleteFaces([faceId]);
    await store.dropFace(userId, faceId);
  }
}

/**
 * Undoes a plan that may have been partly applied: keeps a face that already belongs to a permitted user, deletes every
 * other, and deletes a user that was created for a face and has none.
 */
export async function undoFacePlan({ index, store }: PlanPorts, plan: FacePlan): Promise<void> {
  await deleteDiscarded(index, plan);
  await mapConcurrent(plan.faces, CHANGES_AT_ONCE_MAX, async ({ faceId, userId, act }) => {
    if (faceId === undefined || userId === undefined || (act !== 'enrol' && act !== 'improve')) return;
    const faces = await index.facesOfUser(userId);
    const [user] = await store.users([userId]);
    if (faces.includes(faceId) && user !== undefined) return;
    if (faces.includes(faceId)) await index.disassociate(userId, [faceId]);
    await index.deleteFaces([faceId]);
    const isEmpty = faces.every((one) => one === faceId);
    if (act === 'enrol' && isEmpty) {
      await index.deleteUser(userId);
      await store.forget(userId, [faceId]);
    } else await store.dropFace(userId, faceId);
  });
}

async function deleteDiscarded(index: FaceIndex, plan: FacePlan): Promise<void> {
  const faceIds = plan.faces.flatMap(({ act, faceId }) =>
    act === 'discard' && faceId !== undefined ? [faceId] : [],
  );
  if (faceIds.length > 0) await index.deleteFaces(faceIds);
}

const notRetained = ({ box, faceId }: PlannedFace): PlannedFace => ({
  box,
  ...defined({ faceId }),
  act: 'leave',
  outcome: 'not-retained',
});
