/**
 * The index of faces: a Rekognition collection. It keeps vectors, never pictures; a user is the mean of the faces that
 * were associated with them, and a search that finds users is better than one that finds single faces.
 *
 * A vector exists from the moment IndexFaces answers, before anybody has decided whether it may. Whoever calls this has
 * to delete what may not stay, also when the next call fails.
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
import { busyOr, calmly, isGone, unlessGone } from './calm-calls.ts';

export { FaceIndexBusy } from './calm-calls.ts';

/** Shares of the picture's width and height, turned the way its EXIF says. */
export interface FaceBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A face as the service measured it: 0 … 100, and degrees. */
export interface MeasuredFace {
  readonly box: FaceBox;
  readonly confidence: number;
  readonly sharpness: number;
  readonly brightness: number;
  readonly yaw: number;
  readonly pitch: number;
}

export interface IndexedFace extends MeasuredFace {
  readonly faceId: string;
}

export interface UnindexedFace extends MeasuredFace {
  /** Rekognition's: SMALL_BOUNDING_BOX, LOW_SHARPNESS, … */
  readonly reasons: readonly string[];
}

export type Indexed =
  | {
      readonly kind: 'indexed';
      /** The largest first. */
      readonly faces: readonly IndexedFace[];
      readonly unindexed: readonly UnindexedFace[];
    }
  /** The service cannot make a picture of these bytes. */
  | { readonly kind: 'unreadable'; readonly reason: string };

export interface UserMatch {
  readonly userId: string;
  readonly similarity: number;
}

export interface FaceMatch {
  readonly faceId: string;
  readonly similarity: number;
}

export interface ListedFace {
  readonly faceId: string;
  /** The name of the picture it was indexed from. */
  readonly pictureId?: string;
  readonly userId?: string;
}

export interface FaceIndex {
  /** Indexes the faces of a picture, at most `facesMax`. The same picture under the same name makes the same faces. */
  index(bytes: Uint8Array, pictureId: string, facesMax: number): Promise<Indexed>;
  /** The users that an indexed face is like, the likest first. */
  searchUsers(faceId: string, similarityMin: number): Promise<UserMatch[]>;
  /** The other faces that an indexed face is like, the likest first. */
  searchFaces(faceId: string, similarityMin: number): Promise<FaceMatch[]>;
  /** Makes a user; one that is there stays as it is. */
  createUser(userId: string): Promise<void>;
  /** Gives a face to a user; false where the face or the user is gone, is another's, or is too unlike the user's others. */
  associate(userId: string, faceId: string, similarityMin: number): Promise<boolean>;
  /** Takes faces from a user; those that are not the user's are passed over. */
  disassociate(userId: string, faceIds: readonly string[]): Promise<void>;
  /** Deletes faces. Those of a user stay; those that are gone are passed over. */
  deleteFaces(faceIds: readonly string[]): Promise<void>;
  /** Deletes a user, whose faces become nobody's; one that is gone is passed over. */
  deleteUser(userId: string): Promise<void>;
  facesOfUser(userId: string): Promise<string[]>;
  allFaces(): AsyncIterable<ListedFace>;
}

/** What the service charges for, each call alike. Creating, listing and deleting are free. */
export const PAID_OPERATIONS = ['index', 'searchUsers', 'searchFaces', 'associate', 'disassociate'] as const;

const MATCHES_MAX = 10;
const FACES_PER_PAGE_MAX = 4096;
const FACES_PER_DELETION_MAX = 4096;
const FACES_PER_ASSOCIATION_MAX = 100;

export function rekognitionFaceIndex(client: RekognitionClient, CollectionId: string): FaceIndex {
  async function* pages(UserId?: string): AsyncIterable<ListedFace[]> {
    let NextToken: string | undefined;
    do {
      const answer = await calmly('ListFaces', () =>
        client.send(
          new ListFacesCommand({
            CollectionId,
            MaxResults: FACES_PER_PAGE_MAX,
            ...(UserId === undefined ? {} : { UserId }),
            ...(NextToken === undefined ? {} : { NextToken }),
          }),
        ),
      );
      yield (answer.Faces ?? []).map(({ FaceId, ExternalImageId, UserId: of }) => ({
        faceId: FaceId ?? '',
        ...(ExternalImageId === undefined ? {} : { pictureId: ExternalImageId }),
        ...(of === undefined ? {} : { userId: of }),
      }));
      NextToken = answer.NextToken;
    } while (NextToken !== undefined);
  }

  return {
    async index(bytes, pictureId, facesMax) {
      try {
        // Once only: a frame that is refused is the camera's to send again, if it is still worth it.
        const answer = await client.send(
          new IndexFacesCommand({
            CollectionId,
            Image: { Bytes: bytes },
            ExternalImageId: pictureId,
            MaxFaces: facesMax,
            // What the service itself finds unfit for a search then never becomes a vector, and is still told.
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
        throw busyOr(error, 'IndexFaces');
      }
    },

    async searchUsers(FaceId, UserMatchThreshold) {
      const search = new SearchUsersCommand({
        CollectionId,
        FaceId,
        UserMatchThreshold,
        MaxUsers: MATCHES_MAX,
      });
      const answer = await unlessGone(() => calmly('SearchUsers', () => client.send(search)));
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
      const answer = await unlessGone(() => calmly('SearchFaces', () => client.send(search)));
      return (answer?.FaceMatches ?? []).flatMap(({ Similarity, Face }) =>
        Face?.FaceId === undefined ? [] : [{ faceId: Face.FaceId, similarity: Similarity ?? 0 }],
      );
    },

    async createUser(UserId) {
      await calmly('CreateUser', async () => {
        try {
          await client.send(new CreateUserCommand({ CollectionId, UserId }));
        } catch (error) {
          // The ids are made from what they stand for, so a user that exists is this one.
          if (!(error instanceof ConflictException)) throw error;
        }
      });
    },

    async associate(UserId, FaceId, UserMatchThreshold) {
      const answer = await unlessGone(() =>
        calmly('AssociateFaces', () =>
          client.send(
            new AssociateFacesCommand({ CollectionId, UserId, FaceIds: [FaceId], UserMatchThreshold }),
          ),
        ),
      );
      // A face that is the user's already stands in neither list.
      return answer !== undefined && (answer.UnsuccessfulFaceAssociations ?? []).length === 0;
    },

    async disassociate(UserId, faceIds) {
      for (const FaceIds of inParts(faceIds, FACES_PER_ASSOCIATION_MAX)) {
        await unlessGone(() =>
          calmly('DisassociateFaces', () =>
            client.send(new DisassociateFacesCommand({ CollectionId, UserId, FaceIds })),
          ),
        );
      }
    },

    async deleteFaces(faceIds) {
      for (const FaceIds of inParts(faceIds, FACES_PER_DELETION_MAX)) {
        await calmly('DeleteFaces', () => client.send(new DeleteFacesCommand({ CollectionId, FaceIds })));
      }
    },

    async deleteUser(UserId) {
      await unlessGone(() =>
        calmly('DeleteUser', () => client.send(new DeleteUserCommand({ CollectionId, UserId }))),
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
