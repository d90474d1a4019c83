/** Enrols the only face of a photograph for a person who consented. On any failure, no vector of another person remains. */

import type { FaceUserPorts } from '#application/faces/move-faces.ts';
import type { IndexedFace } from '#application/ports/face-index.ts';
import { qualityFaults } from '#domain/people/faces/face-quality.ts';
import type { FaceConsent, FaceUser } from '#domain/people/faces/face-user.ts';
import { FACES_PER_USER_MAX } from '#domain/people/faces/recognise.ts';

export interface Photo {
  readonly bytes: Uint8Array;
  /** Pixels, after applying the EXIF orientation. */
  readonly width: number;
  readonly height: number;
}

export type Enrolled =
  | { readonly kind: 'enrolled'; readonly faces: number }
  | { readonly kind: 'refused'; readonly why: string };

type Person = Pick<FaceUser, 'userId' | 'kind' | 'storeId'> & { readonly consent: FaceConsent };

/**
 * Similarity, 0 … 100, to the person's other faces. The operator vouches for the identity, so this only has to detect a wrong
 * file; it is the service's default.
 */
const FURTHER_PHOTO_MATCH_MIN = 75;

/** One more than allowed, to detect a photograph with several faces. */
const FACES_INDEXED_MAX = 2;

/**
 * Enrols the face and returns the person's number of faces, or the reason of the refusal. The same photograph twice is
 * enrolled once.
 *
 * @throws where a service fails, after deleting the vectors it indexed
 */
export async function enrolFace(
  ports: FaceUserPorts,
  person: Person,
  photo: Photo,
  nowMs: number,
): Promise<Enrolled> {
  const { index, store } = ports;
  const [user] = await store.users([person.userId]);
  if ((user?.faceIds.length ?? 0) >= FACES_PER_USER_MAX) {
    return refused(`${person.userId} already has ${FACES_PER_USER_MAX} faces, the maximum`);
  }
  const indexed = await index.index(photo.bytes, `enrolment:${person.userId}`, FACES_INDEXED_MAX);
  if (indexed.kind === 'unreadable') return refused(`the photograph cannot be read: ${indexed.reason}`);
  const [face, ...others] = indexed.faces;
  const isEnrolled = face !== undefined && user?.faceIds.includes(face.faceId) === true;
  // The same photograph gets the same face id, which the user already has.
  if (isEnrolled && others.length === 0) return { kind: 'enrolled', faces: user.faceIds.length };
  try {
    if (face === undefined) {
      const reasons = indexed.unindexed.flatMap((one) => one.reasons);
      return refused(
        `the photograph has no face of sufficient quality${reasons.map((one) => `; ${one}`).join('')}`,
      );
    }
    if (others.length > 0) {
      await index.deleteFaces([face.faceId, ...others.map(({ faceId }) => faceId)]);
      return refused('the photograph has more than one face');
    }
    const poor = qualityFaults('enrolment', {
      ...face,
      widthPx: face.box.width * photo.width,
      heightPx: face.box.height * photo.height,
    });
    if (poor.length > 0) {
      await index.deleteFaces([face.faceId]);
      return refused(`the face is ${poor.join(', ')}`);
    }
    return await saveFace(ports, person, face, user, nowMs);
  } catch (error) {
    const faceIds = indexed.faces.map(({ faceId }) => faceId);
    await index.deleteFaces(faceIds);
    const remaining = new Set(await index.facesOfUser(person.userId));
    for (const faceId of faceIds) if (!remaining.has(faceId)) await store.dropFace(person.userId, faceId);
    throw error;
  }
}

/** Stores the user before associating the face, so that a crash in between leaves no face without a user. */
async function saveFace(
  { index, store }: FaceUserPorts,
  { userId, kind, storeId, consent }: Person,
  { faceId }: IndexedFace,
  user: FaceUser | undefined,
  nowMs: number,
): Promise<Enrolled> {
  await store.enrol({
    userId,
    kind,
    storeId,
    enrolledAtMs: nowMs,
    lastSeenAtMs: nowMs,
    faceIds: [faceId],
    seenOn: [],
    consent,
  });
  await index.createUser(userId);
  if (await index.associate(userId, faceId, FURTHER_PHOTO_MATCH_MIN)) {
    return { kind: 'enrolled', faces: new Set([...(user?.faceIds ?? []), faceId]).size };
  }
  await index.deleteFaces([faceId]);
  await store.dropFace(userId, faceId);
  return refused(`the face does not match the other faces of ${userId}`);
}

const refused = (why: string): Enrolled => ({ kind: 'refused', why });
