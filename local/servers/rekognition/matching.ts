/** Searches: the faces or the users of a collection above a similarity threshold, most similar first. */
import type { Collection } from './collections.ts';
import { describeFace, describeUser } from './descriptions.ts';
import type { Neighbour } from './gallery.ts';
import { FACES_PER_CALL_MAX, MATCH_MIN_DEFAULT, USERS_PER_CALL_MAX } from './limits.ts';
import type { Rekognition } from './rekognition.ts';

interface FaceQuery {
  readonly FaceMatchThreshold: number | undefined;
  readonly MaxFaces: number | undefined;
}

/**
 * Returns the faces similar to a vector as `FaceMatches`. The face `selfId`, which the vector is of, is
 * excluded.
 */
export function matchFaces(
  { storedFaces, similarityOf }: Rekognition,
  collection: Collection,
  vector: Float32Array,
  { FaceMatchThreshold = MATCH_MIN_DEFAULT, MaxFaces = FACES_PER_CALL_MAX }: FaceQuery,
  selfId?: number,
) {
  const accepts = ({ id, cosine }: Neighbour) => id !== selfId && similarityOf(cosine) >= FaceMatchThreshold;
  const found = storedFaces.nearest(collection.id, vector, accepts).slice(0, MaxFaces);
  return found.flatMap(({ id, cosine }) => {
    const face = storedFaces.byId(id);
    return face === undefined ? [] : [{ Similarity: similarityOf(cosine), Face: describeFace(face) }];
  });
}

interface UserQuery {
  readonly UserMatchThreshold: number | undefined;
  readonly MaxUsers: number | undefined;
}

/**
 * Returns the users similar to a vector as `UserMatches`. The user `selfId`, which the vector is of, is
 * excluded.
 */
export function matchUsers(
  { users, similarityOf, clock }: Rekognition,
  collection: Collection,
  vector: Float32Array,
  { UserMatchThreshold = MATCH_MIN_DEFAULT, MaxUsers = USERS_PER_CALL_MAX }: UserQuery,
  selfId?: number,
) {
  const accepts = ({ id, cosine }: Neighbour) => id !== selfId && similarityOf(cosine) >= UserMatchThreshold;
  const found = users.nearest(collection.id, vector, accepts, clock.nowMs()).slice(0, MaxUsers);
  return found.flatMap(({ id, cosine }) => {
    const user = users.byId(id);
    return user === undefined ? [] : [{ Similarity: similarityOf(cosine), User: describeUser(user) }];
  });
}
