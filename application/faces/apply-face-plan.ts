/**
 * What a plan says is done to each face, done. Each step may have been done before by somebody who died after it, so each
 * is made to be done again. What must not stay goes first: every moment it is there is one too many.
 */

import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import { IMPROVE_MATCH_MIN } from '#domain/people/faces/recognise.ts';
import { type FaceIndex, FaceIndexBusy } from '../ports/face-index.ts';
import type { FaceStore } from '../ports/face-store.ts';
import { mapConcurrent } from '../support/concurrency.ts';
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

/** Carries a plan out; what became of each face, which is less than planned where a face was swept meanwhile. */
export async function applyFacePlan(
  { index, store }: PlanPorts,
  plan: FacePlan,
  taken: PictureOrigin,
): Promise<PlannedFace[]> {
  const discarded = faceIdsOf(plan, 'discard');
  if (discarded.length > 0) await index.deleteFaces(discarded);
  return mapConcurrent(plan.faces, CHANGES_AT_ONCE_MAX, async (face) => {
    const { faceId, userId, act } = face;
    if (faceId === undefined || userId === undefined) return face;
    if (act === 'enrol' && !(await enrol(faceId, userId))) return notKept(face);
    if (act === 'improve') await improve(faceId, userId);
    if (face.isFirstToday && face.userKind === 'visitor') await store.seen(userId, taken, taken.atMs);
    return face;
  });

  async function enrol(faceId: string, userId: string): Promise<boolean> {
    const { storeId, day, atMs } = taken;
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
    // The first face of a user has nothing that it could be unlike.
    if (await index.associate(userId, faceId, IMPROVE_MATCH_MIN)) return true;
    await index.deleteFaces([faceId]);
    await index.deleteUser(userId);
    await store.forget(userId, [faceId]);
    return false;
  }

  /** A user who is just being changed is known all the same; the shot is one of many, and let go of. */
  async function associated(userId: string, faceId: string): Promise<boolean> {
    try {
      return await index.associate(userId, faceId, IMPROVE_MATCH_MIN);
    } catch (error) {
      if (error instanceof FaceIndexBusy) return false;
      throw error;
    }
  }

  async function improve(faceId: string, userId: string): Promise<void> {
    await store.addFace(userId, faceId);
    if (await associated(userId, faceId)) return;
    await index.deleteFaces([faceId]);
    await store.dropFace(userId, faceId);
  }
}

/**
 * Takes back what a plan may have begun: a face that has become a permitted user's stays, every other goes, and so does a
 * user that was made for a face and has none.
 */
export async function undoFacePlan({ index, store }: PlanPorts, plan: FacePlan): Promise<void> {
  const discarded = faceIdsOf(plan, 'discard');
  if (discarded.length > 0) await index.deleteFaces(discarded);
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

const faceIdsOf = (plan: FacePlan, act: PlannedFace['act']): string[] =>
  plan.faces.flatMap((face) => (face.act === act && face.faceId !== undefined ? [face.faceId] : []));

const notKept = ({ box, faceId }: PlannedFace): PlannedFace => ({
  box,
  ...(faceId === undefined ? {} : { faceId }),
  act: 'leave',
  outcome: 'not-retained',
});
