/**
 * Evidence that two users are the same person: enrolled by two cameras in the same second, or again after a poor first
 * picture.
 *
 * A good face that is very similar to both is evidence. One such face may be a coincidence, so several frames are needed.
 * Only a visitor is ever merged, into an older visitor or into a user with consent. Users with accounts are never merged by
 * a face: two sisters would share a purchase history, and no search could separate them again.
 */
import type { Permissions } from '../../law/face-permissions.ts';
import { type FaceShot, qualityFaults } from './face-quality.ts';
import type { FaceUser } from './face-user.ts';
import { type Candidate, permitted } from './recognise.ts';
import { MERGE_MATCH_MIN } from './thresholds.ts';

/** One picture may be similar to two people by coincidence, because of its light for example; a second one rarely is. */
export const EVIDENCE_FRAMES_MIN = 2;

/** Older evidence no longer counts. Frames of the same visit count, and most visitors return within weeks. */
export const EVIDENCE_DAYS_MAX = 90;

/** The ids of two users in ascending order, so that a pair has one key. */
export type UserPair = readonly [string, string];

/** Returns two user ids in ascending order. */
export const toUserPair = (a: string, b: string): UserPair => (a < b ? [a, b] : [b, a]);

/** Returns the pairs of users that one face is evidence for; none for a face too poor to enrol. */
export function mergeEvidenceOf(
  shot: FaceShot,
  candidates: readonly Candidate[],
  permissions: Permissions,
): ReadonlyArray<readonly [FaceUser, FaceUser]> {
  if (qualityFaults('enrolment', shot).length > 0) return [];
  const alike = permitted(candidates, permissions)
    .filter(({ similarity }) => similarity >= MERGE_MATCH_MIN)
    .map(({ user }) => user);
  return alike.flatMap((a, index) =>
    alike.slice(index + 1).flatMap((b) => (mergeOf(a, b) === undefined ? [] : [[a, b] as const])),
  );
}

export interface Merge {
  /** The user that remains. */
  readonly into: FaceUser;
  readonly from: FaceUser;
}

/** Returns the direction in which two users may be merged; undefined where they may not. */
export function mergeOf(a: FaceUser, b: FaceUser): Merge | undefined {
  if (a.userId === b.userId || a.mergedInto !== undefined || b.mergedInto !== undefined) return undefined;
  if (a.kind === 'watch' || b.kind === 'watch') return undefined;
  const [aIsVisitor, bIsVisitor] = [a.kind === 'visitor', b.kind === 'visitor'];
  if (!aIsVisitor && !bIsVisitor) return undefined;
  if (aIsVisitor !== bIsVisitor) return aIsVisitor ? { into: b, from: a } : { into: a, from: b };
  const aIsOlder =
    a.enrolledAtMs < b.enrolledAtMs || (a.enrolledAtMs === b.enrolledAtMs && a.userId < b.userId);
  return aIsOlder ? { into: a, from: b } : { into: b, from: a };
}

/** Reports whether a number of frames is enough evidence for a merge. */
export const isEnoughEvidence = (frames: number): boolean => frames >= EVIDENCE_FRAMES_MIN;
