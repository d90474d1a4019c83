/** Port: the index of face vectors. */

/** Too many calls at once, or a user that is still being changed: the same call may succeed in a second. */
export class FaceIndexBusy extends Error {
  constructor(operation: string) {
    super(`the index of faces was too busy for ${operation}`);
    this.name = 'FaceIndexBusy';
  }
}

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

export interface CollectionSearch {
  readonly usersLookedAt: number;
  readonly facesLookedAt: number;
  readonly userIds: readonly string[];
  readonly faces: readonly ListedFace[];
}
