/**
 * The face index: a Rekognition collection. It stores vectors, never pictures; a user is the mean of its associated faces,
 * and a search for users is more accurate than one for single faces.
 *
 * A vector exists as soon as IndexFaces returns, before it is decided whether it may. The caller must delete the faces that
 * may not be retained, also when the next call fails.
 */

import {
  AssociateFacesCommand,
  ConflictException,
  CreateUserCommand,
  DeleteFacesCommand,
  DeleteUserCommand,
  DisassociateFacesCommand,
  type FaceDetail,
  ImageTooLargeException,
  IndexFacesCommand,
  InvalidImageFormatException,
  InvalidParameterException,
  ListFacesCommand,
  type RekognitionClient,
  SearchFacesCommand,
  SearchUsersCommand,
} from '@aws-sdk/client-rekognition';
import type { FaceIndex, ListedFace, MeasuredFace } from '#application/ports/face-index.ts';
import { defined } from '#application/support/defined.ts';
import { ignoreNotFound, isGone, toThrottled, withRetry } from './retry.ts';

const MATCHES_MAX = 10;
const FACES_PER_PAGE_MAX = 4096;
const FACES_PER_DELETION_MAX = 4096;
const FACES_PER_ASSOCIATION_MAX = 100;

/** Returns the index of a collection: a list of short methods, one per call of the service. */
export function rekognitionFaceIndex(client: RekognitionClient, CollectionId: string): FaceIndex {
  async function* pages(UserId?: string): AsyncIterable<ListedFace[]> {
    let NextToken: string | undefined;
    do {
      const answer = await withRetry('ListFaces', () =>
        client.send(
          new ListFacesCommand({
            CollectionId,
            MaxResults: FACES_PER_PAGE_MAX,
            ...defined({ UserId, NextToken }),
          }),
        ),
      );
      yield (answer.Faces ?? []).map(({ FaceId, ExternalImageId, UserId: of }) => ({
        faceId: FaceId ?? '',
        ...defined({ pictureId: ExternalImageId, userId: of }),
      }));
      NextToken = answer.NextToken;
    } while (NextToken !== undefined);
  }

  return {
    async index(bytes, pictureId, facesMax) {
      try {
        // One attempt only: the camera sends a rejected frame again if it is still useful.
        const answer = await client.send(
          new IndexFacesCommand({
            CollectionId,
            Image: { Bytes: bytes },
            ExternalImageId: pictureId,
            MaxFaces: facesMax,
            // Faces that the service finds unfit for a search then never become vectors, and are still reported.
            QualityFilter: 'AUTO',
            DetectionAttributes: ['DEFAULT'],
          }),
        );
        return {
          kind: 'indexed',
          faces: (answer.FaceRecords ?? []).flatMap(({ Face, FaceDetail }) =>
            Face?.FaceId === undefined ? [] : [{ faceId: Face.FaceId, ...measured(FaceDetail) }],
          ),
          unindexed: (answer.UnindexedFaces ?? []).map(({ Reasons, FaceDetail }) => ({
            ...measured(FaceDetail),
            reasons: Reasons ?? [],
          })),
        };
      } catch (error) {
        const isUnreadable =
          error instanceof InvalidImageFormatException ||
          error instanceof ImageTooLargeException ||
          error instanceof InvalidParameterException;
        if (isUnreadable) return { kind: 'unreadable', reason: error.message };
        throw toThrottled(error, 'IndexFaces');
      }
    },

    async searchUsers(FaceId, UserMatchThreshold) {
      const search = new SearchUsersCommand({
        CollectionId,
        FaceId,
        UserMatchThreshold,
        MaxUsers: MATCHES_MAX,
      });
      const answer = await ignoreNotFound(() => withRetry('SearchUsers', () => client.send(search)));
      return (answer?.UserMatches ?? []).flatMap(({ Similarity, User }) =>
        User?.UserId === undefined ? [] : [{ userId: User.UserId, similarity: Similarity ?? 0 }],
      );
    },

    async searchFaces(FaceId, FaceMatchThreshold) {
      const search = new SearchFacesCommand({
        CollectionId,
        FaceId,
        FaceMatchThreshold,
        MaxFaces: MATCHES_MAX,
      });
      const answer = await ignoreNotFound(() => withRetry('SearchFaces', () => client.send(search)));
      return (answer?.FaceMatches ?? []).flatMap(({ Similarity, Face }) =>
        Face?.FaceId === undefined ? [] : [{ faceId: Face.FaceId, similarity: Similarity ?? 0 }],
      );
    },

    async createUser(UserId) {
      await withRetry('CreateUser', async () => {
        try {
          await client.send(new CreateUserCommand({ CollectionId, UserId }));
        } catch (error) {
          // User ids are derived from their source, so an existing user is this one.
          if (!(error instanceof ConflictException)) throw error;
        }
      });
    },

    async associate(UserId, FaceId, UserMatchThreshold) {
      const answer = await ignoreNotFound(() =>
        withRetry('AssociateFaces', () =>
          client.send(
            new AssociateFacesCommand({ CollectionId, UserId, FaceIds: [FaceId], UserMatchThreshold }),
          ),
        ),
      );
      // A face that already belongs to the user is in neither list.
      return answer !== undefined && (answer.UnsuccessfulFaceAssociations ?? []).length === 0;
    },

    async disassociate(UserId, faceIds) {
      for (const FaceIds of inParts(faceIds, FACES_PER_ASSOCIATION_MAX)) {
        await ignoreNotFound(() =>
          withRetry('DisassociateFaces', () =>
            client.send(new DisassociateFacesCommand({ CollectionId, UserId, FaceIds })),
          ),
        );
      }
    },

    async deleteFaces(faceIds) {
      for (const FaceIds of inParts(faceIds, FACES_PER_DELETION_MAX)) {
        await withRetry('DeleteFaces', () => client.send(new DeleteFacesCommand({ CollectionId, FaceIds })));
      }
    },

    async deleteUser(UserId) {
      await ignoreNotFound(() =>
        withRetry('DeleteUser', () => client.send(new DeleteUserCommand({ CollectionId, UserId }))),
      );
    },

    async facesOfUser(userId) {
      const faceIds: string[] = [];
      try {
        for await (const page of pages(userId)) faceIds.push(...page.map(({ faceId }) => faceId));
      } catch (error) {
        if (!isGone(error)) throw error;
      }
      return faceIds;
    },

    async *allFaces() {
      for await (const page of pages()) yield* page;
    },
  };
}

function measured(detail: FaceDetail | undefined): MeasuredFace {
  return {
    box: {
      left: detail?.BoundingBox?.Left ?? 0,
      top: detail?.BoundingBox?.Top ?? 0,
      width: detail?.BoundingBox?.Width ?? 0,
      height: detail?.BoundingBox?.Height ?? 0,
    },
    confidence: detail?.Confidence ?? 0,
    sharpness: detail?.Quality?.Sharpness ?? 0,
    brightness: detail?.Quality?.Brightness ?? 0,
    yaw: detail?.Pose?.Yaw ?? 0,
    pitch: detail?.Pose?.Pitch ?? 0,
  };
}

function inParts<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
