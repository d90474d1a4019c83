/** The operations that this server implements, by their names on the wire. */
import type { Operation } from '../../wire/json-service.ts';
import type { Rekognition } from '../rekognition.ts';
import { associateFaces } from './associate-faces.ts';
import { createCollection } from './create-collection.ts';
import { createUser } from './create-user.ts';
import { deleteFaces } from './delete-faces.ts';
import { deleteUser } from './delete-user.ts';
import { disassociateFaces } from './disassociate-faces.ts';
import { indexFaces } from './index-faces.ts';
import { listFaces } from './list-faces.ts';
import { listUsers } from './list-users.ts';
import { searchFaces } from './search-faces.ts';
import { searchFacesByImage } from './search-faces-by-image.ts';
import { searchUsers } from './search-users.ts';
import { searchUsersByImage } from './search-users-by-image.ts';

/** Returns the operations over a context. */
export function operationsOf(rekognition: Rekognition) {
  return {
    AssociateFaces: associateFaces(rekognition),
    CreateCollection: createCollection(rekognition),
    CreateUser: createUser(rekognition),
    DeleteFaces: deleteFaces(rekognition),
    DeleteUser: deleteUser(rekognition),
    DisassociateFaces: disassociateFaces(rekognition),
    IndexFaces: indexFaces(rekognition),
    ListFaces: listFaces(rekognition),
    ListUsers: listUsers(rekognition),
    SearchFaces: searchFaces(rekognition),
    SearchFacesByImage: searchFacesByImage(rekognition),
    SearchUsers: searchUsers(rekognition),
    SearchUsersByImage: searchUsersByImage(rekognition),
  } satisfies Record<string, Operation>;
}

export type OperationName = keyof ReturnType<typeof operationsOf>;
