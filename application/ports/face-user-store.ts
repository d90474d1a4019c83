/** Port: users of the face collection. */
import type { FaceUser, SeenOn } from '#domain/people/faces/face-user.ts';

export interface FaceUserStore {
  /** Returns the users that exist among these, in any order. */
  users(userIds: readonly string[]): Promise<FaceUser[]>;
  allUsers(): AsyncIterable<FaceUser>;
  /** Stores a user; an existing one keeps its history and gains these faces, and the consent if there is one. */
  enrol(user: FaceUser): Promise<void>;
  /** Returns the user of each of these faces; a face without a user is absent. */
  usersOfFaces(faceIds: readonly string[]): Promise<Map<string, string>>;
  addFace(userId: string, faceId: string): Promise<void>;
  dropFace(userId: string, faceId: string): Promise<void>;
  /** Records that the user was in a store on a day; `atMs` is stored if it is later than the stored one. */
  seen(userId: string, on: SeenOn, atMs: number): Promise<void>;
  /** Records that a user with consent was seen; `atMs` is stored if it is later than the stored one. */
  seenAt(userId: string, atMs: number): Promise<void>;
  withdraw(userId: string, atMs: number): Promise<void>;
  setMergedInto(userId: string, into: string | undefined): Promise<void>;
  /** Removes the user's row and the rows of these faces. */
  forget(userId: string, faceIds: readonly string[]): Promise<void>;
}
