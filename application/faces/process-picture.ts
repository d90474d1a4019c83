/**
 * A picture is looked at once: claimed, indexed, decided on, carried out, told, and done for good.
 *
 * Between the call that makes vectors of all faces and the one that deletes those that may not stay, a function may die.
 * So a notice is put off before the first call, whoever gets it sweeps what was left, and nothing of this rests on the
 * function that died. A picture that is sent again is answered from its claim, and enrols nobody a second time.
 */

import type { Permissions } from '#domain/law/permissions.ts';
import { isEnough, pairOf } from '#domain/people/faces/merge-evidence.ts';
import { type FaceIndex, FaceIndexBusy } from '../ports/face-index.ts';
import type { FaceStore } from '../ports/face-store.ts';
import type { FrameTicket } from '../ports/frame-store.ts';
import type { NoticeQueue } from '../ports/queues.ts';
import { applyFacePlan, undoFacePlan } from './apply-face-plan.ts';
import { BUDGET_EXHAUSTED } from './call-budget.ts';
import { type FacePlan, type PictureResult, type PlannedFace, readPlan, readResult } from './face-plan.ts';
import { type Budget, type Picture, planFaces } from './plan-faces.ts';

export interface ProcessPicturePorts {
  readonly index: FaceIndex;
  readonly store: FaceStore;
  readonly notices: NoticeQueue;
  readonly nowMs: () => number;
}

export type PictureOutcome =
  | { readonly kind: 'seen'; readonly faces: readonly PlannedFace[]; readonly countedOnly?: string }
  /** The service can make no picture of the bytes. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  /** Nothing is left of it; send it again. */
  | { readonly kind: 'busy'; readonly retryAfterSeconds: number };

/** Tells the log what was seen; false where the log could not take it now. */
export type Tell = (faces: readonly PlannedFace[]) => Promise<boolean>;

/** Longer than a function that looks at frames may run, short enough that all is swept within a minute. */
export const FRAME_RECHECK_SECONDS = 20;
/** Two users are joined once the frame that proved it is over. */
const MERGE_DELAY_SECONDS = 5;

const BUSY_SECONDS = 2;
const HELD_SECONDS = 10;
const SWEPT_SECONDS = 30;

/** Looks at a picture as far as permissions go, which have to let faces be looked at at all. */
export async function processPicture(
  ports: ProcessPicturePorts,
  picture: Picture,
  permissions: Permissions,
  budget: Budget,
  tell: Tell,
): Promise<PictureOutcome> {
  if (permissions.face === 'off') throw new Error('a picture was looked at where faces are off');
  try {
    return await lookOnce(ports, picture, permissions, budget, tell);
  } catch (error) {
    // Too busy even to take back what was begun: it is swept, and the picture may come again after that.
    if (error instanceof FaceIndexBusy) return { kind: 'busy', retryAfterSeconds: SWEPT_SECONDS };
    throw error;
  }
}

async function lookOnce(
  ports: ProcessPicturePorts,
  picture: Picture,
  permissions: Permissions,
  budget: Budget,
  tell: Tell,
): Promise<PictureOutcome> {
  const { store } = ports;
  const claim = await store.claimFrame(picture.frameId, ports.nowMs());
  if (claim.kind === 'held') return { kind: 'busy', retryAfterSeconds: HELD_SECONDS };
  if (claim.kind === 'done') return readResult(claim.result);
  const { ticket } = claim;

  const made =
    claim.plan === undefined
      ? await planned(ports, picture, permissions, budget, ticket)
      : { kind: 'plan' as const, plan: readPlan(claim.plan) };
  if (made.kind === 'busy') return { kind: 'busy', retryAfterSeconds: BUSY_SECONDS };
  if (made.kind === 'end') return ended(store, ticket, made.result);

  const faces = await carriedOut(ports, made.plan, picture, ticket);
  if (faces === undefined) return { kind: 'busy', retryAfterSeconds: BUSY_SECONDS };
  await noteEvidence(ports, made.plan, picture);
  if (!(await tell(faces))) {
    // All is settled but the telling, so whoever sends the picture again pays for nothing.
    await store.release(ticket, true);
    return { kind: 'busy', retryAfterSeconds: BUSY_SECONDS };
  }
  const { countedOnly } = made.plan;
  return ended(store, ticket, { kind: 'seen', faces, ...(countedOnly === undefined ? {} : { countedOnly }) });
}

type Made =
  | { readonly kind: 'plan'; readonly plan: FacePlan }
  | { readonly kind: 'end'; readonly result: PictureResult }
  | { readonly kind: 'busy' };

/** Indexes the picture and writes down what is to be done; on any failure all that was indexed goes at once. */
async function planned(
  { index, store, notices }: ProcessPicturePorts,
  picture: Picture,
  permissions: Permissions,
  budget: Budget,
  ticket: FrameTicket,
): Promise<Made> {
  let faceIds: string[] | undefined = [];
  try {
    if (!(await store.spend(picture.storeId, budget.day, 1, budget.callsMax))) {
      return { kind: 'end', result: { kind: 'seen', faces: [], countedOnly: BUDGET_EXHAUSTED } };
    }
    await notices.send(
      { kind: 'look', frame: ticket.frameId, attempt: ticket.attempt },
      FRAME_RECHECK_SECONDS,
    );
    faceIds = undefined;
    const indexed = await index.index(picture.bytes, picture.frameId, picture.facesMax);
    if (indexed.kind === 'unreadable') return { kind: 'end', result: indexed };
    faceIds = indexed.faces.map(({ faceId }) => faceId);
    const plan = await planFaces({ index, store }, picture, permissions, budget, indexed.faces);
    const whole: FacePlan = { ...plan, faces: [...plan.faces, ...indexed.unindexed.map(poor)] };
    if (await store.keepPlan(ticket, JSON.stringify(whole))) return { kind: 'plan', plan: whole };
    // Slower than the clock allows: the frame is another's, who has indexed the same faces and answers for them.
    return { kind: 'busy' };
  } catch (error) {
    // Where the indexing itself failed nobody knows what it made, unless it was refused; the sweep will see.
    if (faceIds !== undefined && faceIds.length > 0) await index.deleteFaces(faceIds);
    if (faceIds !== undefined || error instanceof FaceIndexBusy) await store.release(ticket, false);
    if (error instanceof FaceIndexBusy) return { kind: 'busy' };
    throw error;
  }
}

const poor = ({ box, reasons }: { readonly box: PlannedFace['box']; readonly reasons: readonly string[] }) =>
  ({ box, act: 'leave', outcome: 'low-quality', reasons }) as const;

/** The faces of a plan, carried out; undefined where the service was too busy and all was taken back. */
async function carriedOut(
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

async function noteEvidence(
  { store, notices, nowMs }: ProcessPicturePorts,
  { pairs }: FacePlan,
  { frameId, storeId }: Picture,
): Promise<void> {
  for (const { from, into } of pairs) {
    const frames = await store.addEvidence(pairOf(from, into), frameId, nowMs());
    if (!isEnough(frames)) continue;
    await notices.send({ kind: 'merge', store: storeId, from, into }, MERGE_DELAY_SECONDS);
  }
}

async function ended(store: FaceStore, ticket: FrameTicket, result: PictureResult): Promise<PictureOutcome> {
  const isEnded = await store.finish(ticket, JSON.stringify(result));
  return isEnded ? result : { kind: 'busy', retryAfterSeconds: BUSY_SECONDS };
}
