/**
 * What becomes of each face of a frame: known, enrolled, or let go of.
 *
 * A face is let go of unless there is a ground to keep it. Grounds are the consent of a member or one of the staff, or a
 * store whose law, sign and wish let it tell visitors apart. Whoever consented goes before a record without a name: a
 * visitor who became a member is the member.
 *
 * Nobody is in one picture twice. Of two faces that are like one user the one more alike is that user, and the other is
 * a mirror, a poster or a stranger: it is let go of, never enrolled.
 */
import type { Permissions } from '../../law/permissions.ts';
import { type FaceShot, type QualityFault, qualityFaults } from './face-quality.ts';
import { type FaceUser, isConsentValid } from './face-user.ts';
import { MEMBER_MATCH_MIN, VISITOR_MATCH_MIN, WATCH_LIST_MATCH_MIN } from './thresholds.ts';

/** Pictures kept of one user; up to five, each finds more of the later ones (98.4 % with one, 99.8 % with five). */
export const FACES_PER_USER_MAX = 5;

/**
 * A further picture is added to a user's own from this similarity on: surer than a match of visitors is, because a wrong
 * one would draw strangers to them.
 */
export const IMPROVE_MATCH_MIN = 98;

export interface Candidate {
  readonly user: FaceUser;
  /** 0 … 100. */
  readonly similarity: number;
}

export interface FoundFace {
  readonly shot: FaceShot;
  /** Who it is like, in any order. */
  readonly candidates: readonly Candidate[];
  /** Whether a larger face of the same frame shows the same person. */
  readonly isTwin?: boolean;
}

export type DiscardReason = QualityFault | 'unknown person' | 'shown twice in the frame';

export type Verdict =
  | {
      readonly kind: 'known';
      readonly user: FaceUser;
      readonly similarity: number;
      /** Whether this shot is worth keeping as one more of that user's. */
      readonly improves: boolean;
    }
  | { readonly kind: 'new' }
  | { readonly kind: 'unknown'; readonly reasons: readonly DiscardReason[] }
  | { readonly kind: 'low-quality'; readonly reasons: readonly QualityFault[] };

/** How alike a face has to be to be taken for a user; undefined where that user may not be known here at all. */
export function matchMinOf(user: FaceUser, permissions: Permissions): number | undefined {
  if (permissions.face === 'off' || !isConsentValid(user)) return undefined;
  switch (user.kind) {
    case 'member':
    case 'staff':
      return MEMBER_MATCH_MIN;
    case 'visitor':
      return permissions.face === 'visitors' ? VISITOR_MATCH_MIN : undefined;
    case 'watch':
      return permissions.watchList ? WATCH_LIST_MATCH_MIN : undefined;
  }
}

/** Those whom a face may be taken for, the likeliest first: by consent, then by similarity, then by age of the record. */
export function permitted(candidates: readonly Candidate[], permissions: Permissions): Candidate[] {
  const rank = ({ user }: Candidate): number => (user.consent === undefined ? 1 : 0);
  return candidates
    .filter(({ user, similarity }) => {
      const min = matchMinOf(user, permissions);
      return min !== undefined && similarity >= min;
    })
    .sort(
      (a, b) => rank(a) - rank(b) || b.similarity - a.similarity || (a.user.userId < b.user.userId ? -1 : 1),
    );
}

/** A verdict for each face, in their order. Where faces are off every one is let go of. */
export function recognise(faces: readonly FoundFace[], permissions: Permissions): Verdict[] {
  const likes = faces.map(({ shot, candidates }) =>
    qualityFaults('match', shot).length > 0 ? [] : permitted(candidates, permissions),
  );
  const heldBy = holdersOf(likes);
  return faces.map(({ shot, isTwin = false }, index) => {
    const poor = qualityFaults('match', shot);
    if (poor.length > 0) return { kind: 'low-quality', reasons: poor };
    const like = likes[index] ?? [];
    const [first] = like;
    if (first !== undefined && heldBy.get(first.user.userId) === index) {
      return { kind: 'known', ...first, improves: improves(shot, first) };
    }
    if (first !== undefined || isTwin) return { kind: 'unknown', reasons: ['shown twice in the frame'] };
    if (!mayEnrol(permissions)) return { kind: 'unknown', reasons: ['unknown person'] };
    const reasons = qualityFaults('enrolment', shot);
    return reasons.length === 0 ? { kind: 'new' } : { kind: 'unknown', reasons };
  });
}

/** A store that may keep a visitor for no day may not keep one at all. */
const mayEnrol = ({ face, visitorRetentionDays }: Permissions): boolean =>
  face === 'visitors' && visitorRetentionDays > 0;

/** For each user that is some face's first, the face that is most like them; the earlier of two as alike. */
function holdersOf(likes: ReadonlyArray<readonly Candidate[]>): Map<string, number> {
  const best = new Map<string, { readonly index: number; readonly similarity: number }>();
  likes.forEach(([first], index) => {
    if (first === undefined) return;
    const holder = best.get(first.user.userId);
    if (holder === undefined || first.similarity > holder.similarity) {
      best.set(first.user.userId, { index, similarity: first.similarity });
    }
  });
  return new Map([...best].map(([userId, { index }]) => [userId, index]));
}

const improves = (shot: FaceShot, { user, similarity }: Candidate): boolean =>
  user.kind !== 'watch' &&
  user.faceIds.length < FACES_PER_USER_MAX &&
  similarity >= IMPROVE_MATCH_MIN &&
  qualityFaults('enrolment', shot).length === 0;
