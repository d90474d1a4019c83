/**
 * Two users that are one person: enrolled by two cameras in the same second, or once more after a poor first shot.
 *
 * A good face that is very like both is evidence; one such face may be chance, so it takes several frames. What is
 * merged is only ever a record without a name, into an older one or into somebody who consented. People with accounts
 * are never made one by a face: two sisters would share a purchase history, and no search could part them again.
 */
import type { Permissions } from '../../law/permissions.ts';
import { type FaceShot, qualityFaults } from './face-quality.ts';
import type { FaceUser } from './face-user.ts';
import { type Candidate, permitted } from './recognise.ts';
import { MERGE_MATCH_MIN } from './thresholds.ts';

/** One face may be like two people by chance, or be badly lit in just their common way; a second picture seldom is. */
export const EVIDENCE_FRAMES_MIN = 2;

/** Evidence older than this no longer counts. Frames of one visit are some of it, and people come back within weeks. */
export const EVIDENCE_DAYS_MAX = 90;

/** Two users, the one that sorts first first, so that a pair has one name. */
export type Pair = readonly [string, string];

export const pairOf = (a: string, b: string): Pair => (a < b ? [a, b] : [b, a]);

/** The pairs that one face is evidence for. A face that is too poor to enrol proves nothing. */
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
  /** Goes on for both. */
  readonly into: FaceUser;
  readonly from: FaceUser;
}

/** How two users would be merged; undefined where they never may be. */
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

/** Whether frames enough have shown that two users are one. */
export const isEnough = (frames: number): boolean => frames >= EVIDENCE_FRAMES_MIN;
