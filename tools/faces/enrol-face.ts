/** Enrols the one face of a photograph for somebody who agreed; whatever fails, no vector stays that is not theirs. */
import type { IndexedFace } from '#adapters/rekognition/face-index.ts';
import type { UserPorts } from '#adapters/rekognition/face-users.ts';
import { poorFor } from '#domain/people/quality.ts';
import { FACES_PER_USER_MAX } from '#domain/people/recognise.ts';
import type { Consent, FaceUser } from '#domain/people/user.ts';

export interface Photo {
  readonly bytes: Uint8Array;
  /** Pixels, as people see it. */
  readonly width: number;
  readonly height: number;
}

export type Enrolled =
  | { readonly kind: 'enrolled'; readonly faces: number }
  | { readonly kind: 'refused'; readonly why: string };

type Person = Pick<FaceUser, 'userId' | 'kind' | 'storeId'> & { readonly consent: Consent };

/** A person vouches for who is on it, so this only has to catch the wrong file: it is the service's own default. */
const FURTHER_PHOTO_MATCH_MIN = 75;

/** One more than there may be shows that there are too many. */
const FACES_LOOKED_AT = 2;

export async function enrolFace(
  ports: UserPorts,
  person: Person,
  photo: Photo,
  nowMs: number,
): Promise<Enrolled> {
  const { index, store } = ports;
  const [known] = await store.users([person.userId]);
  if ((known?.faceIds.length ?? 0) >= FACES_PER_USER_MAX) {
    return refused(`${person.userId} has ${FACES_PER_USER_MAX} faces already, which is as many as are kept`);
  }
  const indexed = await index.index(photo.bytes, `enrolment:${person.userId}`, FACES_LOOKED_AT);
  if (indexed.kind === 'unreadable') return refused(`the photograph cannot be read: ${indexed.reason}`);
  const [face, ...others] = indexed.faces;
  const isTheirs = face !== undefined && known?.faceIds.includes(face.faceId) === true;
  // The same photograph once more makes the same face, which is theirs already.
  if (isTheirs && others.length === 0) return { kind: 'enrolled', faces: known.faceIds.length };
  try {
    if (face === undefined) {
      const reasons = indexed.unindexed.flatMap((one) => one.reasons);
      return refused(
        `the photograph shows no face that is good enough${reasons.map((one) => `; ${one}`).join('')}`,
      );
    }
    if (others.length > 0) {
      await index.deleteFaces([face.faceId, ...others.map(({ faceId }) => faceId)]);
      return refused('the photograph shows more than one face');
    }
    const poor = poorFor('enrolment', {
      ...face,
      widthPx: face.box.width * photo.width,
      heightPx: face.box.height * photo.height,
    });
    if (poor.length > 0) {
      await index.deleteFaces([face.faceId]);
      return refused(`the face is ${poor.join(', ')}`);
    }
    return await kept(ports, person, face, known, nowMs);
  } catch (error) {
    const faceIds = indexed.faces.map(({ faceId }) => faceId);
    await index.deleteFaces(faceIds);
    const held = new Set(await index.facesOfUser(person.userId));
    for (const faceId of faceIds) if (!held.has(faceId)) await store.dropFace(person.userId, faceId);
    throw error;
  }
}

async function kept(
  { index, store }: UserPorts,
  { userId, kind, storeId, consent }: Person,
  { faceId }: IndexedFace,
  known: FaceUser | undefined,
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
    return { kind: 'enrolled', faces: new Set([...(known?.faceIds ?? []), faceId]).size };
  }
  await index.deleteFaces([faceId]);
  await store.dropFace(userId, faceId);
  return refused(`the face is not like the others of ${userId}`);
}

const refused = (why: string): Enrolled => ({ kind: 'refused', why });
