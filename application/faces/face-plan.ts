/**
 * The plan for each face of a picture, stored before its first step is applied. After a crash the plan is resumed or
 * undone, never decided again: a second decision would differ, because half of the first is already applied.
 */

import type { UserKind } from '#domain/people/faces/face-user.ts';
import type { FaceBox } from '../ports/face-index.ts';

/**
 * `discard`: delete the vector. `enrol`: create a user with it. `improve`: add it to a user.
 * `leave`: it already belongs to the user, or was never indexed.
 */
export type FaceAct = 'discard' | 'enrol' | 'improve' | 'leave';

export interface PlannedFace {
  readonly box: FaceBox;
  readonly faceId?: string;
  readonly act: FaceAct;
  readonly outcome: 'known' | 'enrolled' | 'not-retained' | 'low-quality';
  /** The user that the face belongs or is added to. */
  readonly userId?: string;
  readonly userKind?: UserKind;
  /** Whether the user has not been seen in this store today before. */
  readonly isFirstToday?: boolean;
  /** Whether a user with consent was last seen a day ago or more, so that the retention of the face begins again. */
  readonly isSeenAgain?: boolean;
  readonly reasons?: readonly string[];
}

export interface FacePlan {
  readonly faces: readonly PlannedFace[];
  /** Pairs of users that match the same face, older first. */
  readonly pairs: ReadonlyArray<{ readonly from: string; readonly into: string }>;
  /** Why faces were counted without being searched for. */
  readonly countedOnly?: string;
}

/** The final result of a picture, stored as the frame's answer. */
export type PictureResult =
  | { readonly kind: 'seen'; readonly faces: readonly PlannedFace[]; readonly countedOnly?: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

// Both texts are only written by this application, so they are not validated again.
/** Reads a stored plan. */
export const readPlan = (text: string): FacePlan => JSON.parse(text) as FacePlan;
/** Reads a stored result. */
export const readResult = (text: string): PictureResult => JSON.parse(text) as PictureResult;
