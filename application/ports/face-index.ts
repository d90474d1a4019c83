/** Port: the index of face vectors. */

/** Too many concurrent calls, or a user that is being modified: the same call may succeed a second later. */
export class FaceIndexBusy extends Error {
  constructor(operation: string) {
    super(`the face index was too busy for ${operation}`);
    this.name = 'FaceIndexBusy';
  }
}

/** Fractions of the picture's width and height, after its EXIF orientation is applied. */
export interface FaceBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The service's measurements of a face: 0–100, angles in degrees. */
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
  /** Rekognition's reason codes: SMALL_BOUNDING_BOX, LOW_SHARPNESS, … */
  readonly reasons: readonly string[];
}

export type IndexOutcome =
  | {
      readonly kind: 'indexed';
      /** Largest first. */
      readonly faces: readonly IndexedFace[];
      readonly unindexed: readonly UnindexedFace[];
    }
  /** The service cannot decode these bytes. */
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
  /** The id of the picture it was indexed from. */
  readonly pictureId?: string;
  readonly userId?: string;
}

export interface FaceIndex {
  /** Indexes at most `facesMax` faces of a picture. The same bytes under the same id yield the same faces. */
  index(bytes: Uint8Array, pictureId: string, facesMax: number): Promise<IndexOutcome>;
  /** Returns the users similar to an indexed face, most similar first. */
  searchUsers(faceId: string, similarityMin: number): Promise<UserMatch[]>;
  /** Returns the other faces similar to an indexed face, most similar first. */
  searchFaces(faceId: string, similarityMin: number): Promise<FaceMatch[]>;
  /** Creates a user; an existing one is left unchanged. */
  createUser(userId: string): Promise<void>;
  /** Adds a face to a user; false if face or user is gone, or the face is another user's or too unlike the user's faces. */
  associate(userId: string, faceId: string, similarityMin: number): Promise<boolean>;
  /** Removes faces from a user; faces that are not the user's are ignored. */
  disassociate(userId: string, faceIds: readonly string[]): Promise<void>;
  /** Deletes faces. Faces that belong to a user are kept; faces that are gone are ignored. */
  deleteFaces(faceIds: readonly string[]): Promise<void>;
  /** Deletes a user and leaves the user's faces without one; a user that is gone is ignored. */
  deleteUser(userId: string): Promise<void>;
  facesOfUser(userId: string): Promise<string[]>;
  allFaces(): AsyncIterable<ListedFace>;
}

/** The calls that the service charges for, all at one price. Creating, listing and deleting are free. */
export const PAID_OPERATIONS = ['index', 'searchUsers', 'searchFaces', 'associate', 'disassociate'] as const;

export interface CollectionSearch {
  readonly usersLookedAt: number;
  readonly facesLookedAt: number;
  readonly userIds: readonly string[];
  readonly faces: readonly ListedFace[];
}
