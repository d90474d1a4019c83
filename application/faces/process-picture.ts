/**
 * Processes a picture once, in two steps: `examinePicture` claims it, indexes its faces, decides and applies the plan; the
 * caller publishes the result; `finishPicture` stores it as the final answer.
 *
 * A function may crash between the call that creates vectors of all faces and the one that deletes those that must not be
 * retained. Therefore a delayed notice is sent before the first call; its receiver purges the remains, and nothing depends
 * on the crashed function. A picture that is sent again is answered from its claim and enrols no visitor twice.
 */

import type { Permissions } from '#domain/law/face-permissions.ts';
import { isEnoughEvidence, toUserPair } from '#domain/people/faces/merge-evidence.ts';
import { type FaceIndex, FaceIndexBusy } from '../ports/face-index.ts';
import type { FaceStore } from '../ports/face-store.ts';
import type { FrameTicket } from '../ports/frame-store.ts';
import type { NoticeQueue } from '../ports/queues.ts';
import { defined } from '../support/defined.ts';
import { applyFacePlan, undoFacePlan } from './apply-face-plan.ts';
import { BUDGET_EXHAUSTED, type CallBudget, spendCalls } from './call-budget.ts';
import { type FacePlan, type PictureResult, type PlannedFace, readPlan, readResult } from './face-plan.ts';
import { type Picture, planFaces } from './plan-faces.ts';

export interface ProcessPicturePorts {
  readonly index: FaceIndex;
  readonly store: FaceStore;
  readonly notices: NoticeQueue;
  readonly nowMs: () => number;
}

export type PictureOutcome =
  | { readonly kind: 'seen'; readonly faces: readonly PlannedFace[]; readonly countedOnly?: string }
  /** The service cannot decode the bytes. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  /** The picture was not processed; send it again. */
  | { readonly kind: 'busy'; readonly retryAfterSeconds: number };

/** A picture whose plan has been applied, to be published and then finished or postponed. */
export interface ExaminedPicture {
  readonly kind: 'examined';
  readonly ticket: FrameTicket;
  readonly faces: readonly PlannedFace[];
  readonly countedOnly?: string;
}

/** Longer than a function that processes frames may run, and short enough that its remains are purged within a minute. */
export const FRAME_RECHECK_SECONDS = 20;
/** Two users are merged once the frame that proved them one is over. */
const MERGE_DELAY_SECONDS = 5;

const BUSY_SECONDS = 2;
const HELD_SECONDS = 10;
const PURGED_SECONDS = 30;

const BUSY: PictureOutcome = { kind: 'busy', retryAfterSeconds: BUSY_SECONDS };

/**
 * Examines a picture as far as the permissions allow and applies the plan for its faces. Returns `examined` where the
 * result is still to be published; any other outcome is final for this attempt.
 *
 * @throws Error if the permissions do not allow faces to be processed at all, or if the index or the table fails
 */
export async function examinePicture(
  ports: ProcessPicturePorts,
  picture: Picture,
  permissions: Permissions,
  budget: CallBudget,
): Promise<ExaminedPicture | PictureOutcome> {
  if (permissions.face === 'off') throw new Error('a picture was processed although faces are off');
  try {
    return await examineOnce(ports, picture, permissions, budget);
  } catch (error) {
    // Even the undo was throttled: the notice purges the remains, and the picture may be sent again after that.
    if (error instanceof FaceIndexBusy) return { kind: 'busy', retryAfterSeconds: PURGED_SECONDS };
    throw error;
  }
}

/** Stores the published result as the picture's final answer and returns it; `busy` if a later attempt holds the picture. */
export const finishPicture = (
  store: FaceStore,
  { ticket, faces, countedOnly }: ExaminedPicture,
): Promise<PictureOutcome> => end(store, ticket, { kind: 'seen', faces, ...defined({ countedOnly }) });

/** Releases a picture whose result could not be published; the plan is kept, so a retry makes no paid call. */
export async function postponePicture(
  store: FaceStore,
  { ticket }: ExaminedPicture,
): Promise<PictureOutcome> {
  await store.release(ticket, true);
  return BUSY;
}

async function examineOnce(
  ports: ProcessPicturePorts,
  picture: Picture,
  permissions: Permissions,
  budget: CallBudget,
): Promise<ExaminedPicture | PictureOutcome> {
  const { store } = ports;
  const claim = await store.claimFrame(picture.frameId, ports.nowMs());
  if (claim.kind === 'held') return { kind: 'busy', retryAfterSeconds: HELD_SECONDS };
  if (claim.kind === 'done') return readResult(claim.result);
  const { ticket } = claim;

  const planning =
    claim.plan === undefined
      ? await createPlan(ports, picture, permissions, budget, ticket)
      : { kind: 'planned' as const, plan: readPlan(claim.plan) };
  if (planning.kind === 'busy') return BUSY;
  if (planning.kind === 'ended') return end(store, ticket, planning.result);

  const { plan } = planning;
  const faces = await applyOrUndo(ports, plan, picture, ticket);
  if (faces === undefined) return BUSY;
  await recordEvidence(ports, plan, picture);
  return { kind: 'examined', ticket, faces, ...defined({ countedOnly: plan.countedOnly }) };
}

type Planning =
  | { readonly kind: 'planned'; readonly plan: FacePlan }
  | { readonly kind: 'ended'; readonly result: PictureResult }
  | { readonly kind: 'busy' };

/** Indexes the picture and stores its plan; on any failure all indexed faces are deleted at once. */
async function createPlan(
  { index, store, notices }: ProcessPicturePorts,
  picture: Picture,
  permissions: Permissions,
  budget: CallBudget,
  ticket: FrameTicket,
): Promise<Planning> {
  let faceIds: string[] | undefined = [];
  try {
    if (!(await spendCalls(store, picture.storeId, budget, 1))) {
      return { kind: 'ended', result: { kind: 'seen', faces: [], countedOnly: BUDGET_EXHAUSTED } };
    }
    await notices.send(
      { kind: 'look', frame: ticket.frameId, attempt: ticket.attempt },
      FRAME_RECHECK_SECONDS,
    );
    faceIds = undefined;
    const indexed = await index.index(picture.bytes, picture.frameId, picture.facesMax);
    if (indexed.kind === 'unreadable') return { kind: 'ended', result: indexed };
    faceIds = indexed.faces.map(({ faceId }) => faceId);
    const plan = await planFaces({ index, store }, picture, permissions, budget, indexed.faces);
    const whole: FacePlan = { ...plan, faces: [...plan.faces, ...indexed.unindexed.map(toLowQuality)] };
    if (await store.keepPlan(ticket, JSON.stringify(whole))) return { kind: 'planned', plan: whole };
    // This attempt took too long: a later one holds the frame, has indexed the same faces and answers for them.
    return { kind: 'busy' };
  } catch (error) {
    // If the indexing itself failed, the faces it created are unknown unless it was throttled; the purge finds them.
    if (faceIds !== undefined && faceIds.length > 0) await index.deleteFaces(faceIds);
    if (faceIds !== undefined || error instanceof FaceIndexBusy) await store.release(ticket, false);
    if (error instanceof FaceIndexBusy) return { kind: 'busy' };
    throw error;
  }
}

const toLowQuality = ({
  box,
  reasons,
}: {
  readonly box: PlannedFace['box'];
  readonly reasons: readonly string[];
}) => ({ box, act: 'leave', outcome: 'low-quality', reasons }) as const;

/** Applies a plan and returns its faces; undefined if the service was too busy and the plan was undone. */
async function applyOrUndo(
  { index, store }: ProcessPicturePorts,
  plan: FacePlan,
  picture: Picture,
  ticket: FrameTicket,
): Promise<PlannedFace[] | undefined> {
  try {
    return await applyFacePlan({ index, store }, plan, picture);
  } catch (error) {
    await undoFacePlan({ index, store }, plan);
    await store.release(ticket, false);
    if (error instanceof FaceIndexBusy) return undefined;
    throw error;
  }
}

async function recordEvidence(
  { store, notices, nowMs }: ProcessPicturePorts,
  { pairs }: FacePlan,
  { frameId, storeId }: Picture,
): Promise<void> {
  for (const { from, into } of pairs) {
    const frames = await store.addEvidence(toUserPair(from, into), frameId, nowMs());
    if (!isEnoughEvidence(frames)) continue;
    await notices.send({ kind: 'merge', store: storeId, from, into }, MERGE_DELAY_SECONDS);
  }
}

async function end(store: FaceStore, ticket: FrameTicket, result: PictureResult): Promise<PictureOutcome> {
  const isEnded = await store.finish(ticket, JSON.stringify(result));
  return isEnded ? result : BUSY;
}
