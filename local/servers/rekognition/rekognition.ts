/** The context of every operation: state, time, engine and quotas, and the look-up of resources by name. */
import type { Account } from '../wire/account.ts';
import type { Clock } from '../wire/clock.ts';
import type { Admission } from './admission.ts';
import type { Collection, Collections } from './collections.ts';
import { collectionNotFound, faceNotFound, modelMismatch, userNotFound } from './errors.ts';
import type { FaceAnalyser } from './face-analyser.ts';
import type { Faces, StoredFace } from './faces.ts';
import type { RequestTokens } from './request-tokens.ts';
import type { User, Users } from './users.ts';

export interface Quotas {
  readonly facesPerCollectionMax: number;
  readonly usersPerCollectionMax: number;
}

export interface Delays {
  /** From a change of a user's faces until it takes effect in searches. */
  readonly userReadyMs: number;
  /** From IndexFaces until the face is found by its id. */
  readonly faceReadyMs: number;
}

export interface Rekognition {
  readonly account: Account;
  readonly clock: Clock;
  readonly faces: FaceAnalyser;
  readonly admission: Admission;
  /** Returns the similarity, 0 to 100, of two vectors of the engine's model from their cosine. */
  readonly similarityOf: (cosine: number) => number;
  readonly quotas: Quotas;
  readonly delays: Delays;
  readonly collections: Collections;
  readonly storedFaces: Faces;
  readonly users: Users;
  readonly requestTokens: RequestTokens;
  /** Truncates the database's write-ahead log, which may still contain deleted rows. */
  readonly truncateLog: () => void;
}

/** Returns the collection that a request names. @throws ResourceNotFoundException if there is none */
export function collectionOf(
  { collections }: Rekognition,
  { CollectionId }: { readonly CollectionId: string },
): Collection {
  const collection = collections.byName(CollectionId);
  if (collection === undefined) throw collectionNotFound(CollectionId);
  return collection;
}

/**
 * Returns the collection that a request names, if its vectors can be compared with the engine's.
 *
 * @throws ResourceNotFoundException if there is none, InvalidParameterException if its vectors are of another
 * model
 */
export function comparableCollectionOf(
  rekognition: Rekognition,
  request: { readonly CollectionId: string },
): Collection {
  const collection = collectionOf(rekognition, request);
  const { modelId } = rekognition.faces;
  if (collection.modelId !== modelId) throw modelMismatch(collection.name, collection.modelId, modelId);
  return collection;
}

/** Returns a user of the collection. @throws ResourceNotFoundException if there is none */
export function userOf({ users, clock }: Rekognition, collection: Collection, userId: string): User {
  const user = users.byUserId(collection.id, userId, clock.nowMs());
  if (user === undefined) throw userNotFound(userId);
  return user;
}

/** Returns a face of the collection, if it exists and its readiness delay has passed. */
export function findFace(
  { storedFaces, clock }: Rekognition,
  collection: Collection,
  faceId: string,
): StoredFace | undefined {
  const face = storedFaces.byFaceId(collection.id, faceId);
  return face !== undefined && face.findableAtMs <= clock.nowMs() ? face : undefined;
}

/** Returns a face of the collection. @throws InvalidParameterException if there is none */
export function faceOf(rekognition: Rekognition, collection: Collection, faceId: string): StoredFace {
  const face = findFace(rekognition, collection, faceId);
  if (face === undefined) throw faceNotFound();
  return face;
}
