/**
 * Decides on each face of a frame: recognised, enrolled or discarded.
 *
 * A face is discarded unless there is a legal basis to keep it: the consent of a member or a staff member, or a store whose
 * law, sign and settings permit it to recognise visitors. A user with consent takes precedence over a visitor, so that a
 * visitor who became a member is recognised as the member.
 *
 * No person is in one picture twice. Of two faces that match one user the more similar one is that user; the other one is a
 * mirror, a poster or an unknown person, and is discarded and never enrolled.
 */
import type { Permissions } from '../../law/face-permissions.ts';
import { type FaceShot, type QualityFault, qualityFaults } from './face-quality.ts';
import { type FaceUser, isConsentValid } from './face-user.ts';
import { MEMBER_MATCH_MIN, VISITOR_MATCH_MIN, WATCH_LIST_MATCH_MIN } from './thresholds.ts';

/** Pictures per user. Up to five, each improves recognition (98.4 % with one, 99.8 % with five). */
export const FACES_PER_USER_MAX = 5;

/**
 * From this similarity on a picture is added to its user: higher than for a match of visitors, because a wrong picture
 * would attract further wrong matches.
 */
export const IMPROVE_MATCH_MIN = 98;

export interface Candidate {
  readonly user: FaceUser;
  /** 0 … 100. */
  readonly similarity: number;
}

export interface DetectedFace {
  readonly shot: FaceShot;
  /** Similar users, in any order. */
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
      /** Whether this shot should be added to that user's pictures. */
      readonly improves: boolean;
    }
  | { readonly kind: 'new' }
  | { readonly kind: 'unknown'; readonly reasons: readonly DiscardReason[] }
  | { readonly kind: 'low-quality'; readonly reasons: readonly QualityFault[] };

/** Returns the similarity from which a face is recognised as a user, 0 … 100; undefined where the user may not be recognised. */
export function matchMinOf(user: FaceUser, permissions: Permissions): number | undefined {
  if (permissions.face === 'off' || !isConsentValid(user)) return undefined;
  switch (user.kind) {
    case 'member':
      return MEMBER_MATCH_MIN;
    case 'staff':
      return permissions.staffByConsent ? MEMBER_MATCH_MIN : undefined;
    case 'visitor':
      return permissions.face === 'visitors' ? VISITOR_MATCH_MIN : undefined;
    case 'watch':
      return permissions.watchList ? WATCH_LIST_MATCH_MIN : undefined;
  }
}

/** Returns the users that a face may be recognised as, best first: by consent, then by similarity, then by user id. */
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

/** Returns a verdict for each face, in their order. Where faces are off every face is discarded. */
export function recognise(faces: readonly DetectedFace[], permissions: Permissions): Verdict[] {
  const matches = faces.map(({ shot, candidates }) =>
    qualityFaults('match', shot).length > 0 ? [] : permitted(candidates, permissions),
  );
  const bestFace = bestFaces(matches);
  return faces.map(({ shot, isTwin = false }, index) => {
    const poor = qualityFaults('match', shot);
    if (poor.length > 0) return { kind: 'low-quality', reasons: poor };
    const [first] = matches[index] ?? [];
    if (first !== undefined && bestFace.get(first.user.userId) === index) {
      return { kind: 'known', ...first, improves: improves(shot, first) };
    }
    if (first !== undefined || isTwin) return { kind: 'unknown', reasons: ['shown twice in the frame'] };
    if (!mayEnrol(permissions)) return { kind: 'unknown', reasons: ['unknown person'] };
    const reasons = qualityFaults('enrolment', shot);
    return reasons.length === 0 ? { kind: 'new' } : { kind: 'unknown', reasons };
  });
}

/** A store with a retention of 0 days may not keep visitors at all. */
const mayEnrol = ({ face, visitorRetentionDays }: Permissions): boolean =>
  face === 'visitors' && visitorRetentionDays > 0;

/** For each user that is the first candidate of some face, the most similar face; the earlier of two equal ones. */
function bestFaces(matches: ReadonlyArray<readonly Candidate[]>): Map<string, number> {
  const best = new Map<string, { readonly index: number; readonly similarity: number }>();
  matches.forEach(([first], index) => {
    if (first === undefined) return;
    const other = best.get(first.user.userId);
    if (other === undefined || first.similarity > other.similarity) {
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
