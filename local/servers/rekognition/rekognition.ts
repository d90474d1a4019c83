/** What every operation works with: the state, the time, the engine, and how a request names things. */
import type { Account } from '../wire/account.ts';
import type { Clock } from '../wire/clock.ts';
import type { Admission } from './admission.ts';
import type { Collection, Collections } from './collections.ts';
import { collectionNotFound, faceNotFound, otherModel, userNotFound } from './errors.ts';
import type { FaceAnalyser } from './face-analyser.ts';
import type { Faces, StoredFace } from './faces.ts';
import type { Tokens } from './tokens.ts';
import type { User, Users } from './users.ts';

/** How much a collection may hold, and how long it takes for a change to be seen. */
export interface Quotas {
  readonly facesPerCollectionMax: number;
  readonly usersPerCollectionMax: number;
}

export interface Delays {
  /** From a change of a user's faces until searches see it. */
  readonly userReadyMs: number;
  /** From IndexFaces until the face can be named by its id. */
  readonly faceReadyMs: number;
}

export interface Rekognition {
  readonly account: Account;
  readonly clock: Clock;
  readonly faces: FaceAnalyser;
  readonly admission: Admission;
  /** Of two vectors of the engine's model: 0 to 100, from their cosine. */
  readonly similarityOf: (cosine: number) => number;
  readonly quotas: Quotas;
  readonly delays: Delays;
  readonly collections: Collections;
  readonly storedFaces: Faces;
  readonly users: Users;
  readonly tokens: Tokens;
  /** Overwrites what deleted rows left in the database's log. */
  readonly wipe: () => void;
}

export function collectionOf(
  { collections }: Rekognition,
  { CollectionId }: { readonly CollectionId: string },
): Collection {
  const collection = collections.byName(CollectionId);
  if (collection === undefined) throw collectionNotFound(CollectionId);
  return collection;
}

/** A collection that new vectors may be put into, or compared with. */
export function comparableCollectionOf(
  rekognition: Rekognition,
  request: { readonly CollectionId: string },
): Collection {
  const collection = collectionOf(rekognition, request);
  const { modelId } = rekognition.faces;
  if (collection.modelId !== modelId) throw otherModel(collection.name, collection.modelId, modelId);
  return collection;
}

export function userOf({ users, clock }: Rekognition, collection: Collection, userId: string): User {
  const user = users.byUserId(collection.id, userId, clock.nowMs());
  if (user === undefined) throw userNotFound(userId);
  return user;
}

/** A face of the collection, if there is one and it can be found already. */
export function findFace(
  { storedFaces, clock }: Rekognition,
  collection: Collection,
  faceId: string,
): StoredFace | undefined {
  const face = storedFaces.byFaceId(collection.id, faceId);
  return face !== undefined && face.findableAtMs <= clock.nowMs() ? face : undefined;
}

export function faceOf(rekognition: Rekognition, collection: Collection, faceId: string): StoredFace {
  const face = findFace(rekognition, collection, faceId);
  if (face === undefined) throw faceNotFound();
  return face;
}
