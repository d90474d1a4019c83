/** Port: users of the face collection. */
import type { FaceUser, SeenOn } from '#domain/people/faces/face-user.ts';

export interface FaceUserStore {
  /** Those of these users that are known, in any order. */
  users(userIds: readonly string[]): Promise<FaceUser[]>;
  allUsers(): AsyncIterable<FaceUser>;
  /** Keeps a user; one that is there keeps their past and gets these faces, and the consent where there is one. */
  enrol(user: FaceUser): Promise<void>;
  /** Whose these faces are, of those that are anybody's. */
  usersOfFaces(faceIds: readonly string[]): Promise<Map<string, string>>;
  addFace(userId: string, faceId: string): Promise<void>;
  dropFace(userId: string, faceId: string): Promise<void>;
  /** The user was in a store on a day; `atMs` is kept where it is later than any before. */
  seen(userId: string, on: SeenOn, atMs: number): Promise<void>;
  withdraw(userId: string, atMs: number): Promise<void>;
  setMergedInto(userId: string, into: string | undefined): Promise<void>;
  /** Removes the user's row and the rows of these faces. */
  forget(userId: string, faceIds: readonly string[]): Promise<void>;
}
