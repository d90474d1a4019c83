/**
 * What is going to be done with each face of a picture, written down before the first of it is done. Whoever comes after a
 * crash carries the plan on, or undoes it, and decides nothing anew: the decision would be another one, because half of
 * the first is already done.
 */

import type { UserKind } from '#domain/people/faces/face-user.ts';
import type { FaceBox } from '../ports/face-index.ts';

/**
 * `discard`: the vector is deleted. `enrol`: it becomes the first of a new user. `improve`: one more of a user's.
 * `leave`: it is the user's already, or was never indexed.
 */
export type FaceAct = 'discard' | 'enrol' | 'improve' | 'leave';

export interface PlannedFace {
  readonly box: FaceBox;
  readonly faceId?: string;
  readonly act: FaceAct;
  readonly outcome: 'known' | 'enrolled' | 'not-retained' | 'low-quality';
  /** Who it is, or becomes. */
  readonly userId?: string;
  readonly userKind?: UserKind;
  /** Whether this is the user's first frame of the day in this store. */
  readonly isFirstToday?: boolean;
  readonly reasons?: readonly string[];
}

export interface FacePlan {
  readonly faces: readonly PlannedFace[];
  /** Users that a face shows to be one, older first. */
  readonly pairs: ReadonlyArray<{ readonly from: string; readonly into: string }>;
  /** Why nobody was looked for. */
  readonly countedOnly?: string;
}

/** What became of a picture, kept as the frame's answer. */
export type PictureResult =
  | { readonly kind: 'seen'; readonly faces: readonly PlannedFace[]; readonly countedOnly?: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

// Both are written and read by the functions alone, so what is read is what was written.
export const readPlan = (text: string): FacePlan => JSON.parse(text) as FacePlan;
export const readResult = (text: string): PictureResult => JSON.parse(text) as PictureResult;
