/** Port: everything kept about faces beside their vectors. */
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { SeenOn } from '#domain/people/faces/face-user.ts';
import type { UserPair } from '#domain/people/faces/merge-evidence.ts';
import type { FaceUserStore } from './face-user-store.ts';
import type { FrameStore } from './frame-store.ts';

/** A merge of two users, with all that is needed to split them again. */
export interface FaceUserAlias {
  readonly from: string;
  readonly into: string;
  readonly storeId: StoreId;
  readonly faceIds: readonly string[];
  readonly seenOn: readonly SeenOn[];
  readonly mergedAtMs: number;
  /** `parted`: an operator split them, so face evidence must not merge them again. */
  readonly state: 'merging' | 'merged' | 'parted';
}

export interface FaceStore extends FrameStore, FaceUserStore {
  /** Counts calls of a store's day; false, and nothing counted, if that would exceed `callsMax`. */
  spend(storeId: StoreId, day: BusinessDay, calls: number, callsMax: number): Promise<boolean>;
  callsMax(storeId: StoreId): Promise<number | undefined>;
  setCallsMax(storeId: StoreId, callsMax: number): Promise<void>;

  /** Records a frame in which two users match one face; returns how many such frames there are now, up to the needed number. */
  addEvidence(pair: UserPair, frameId: string, nowMs: number): Promise<number>;
  alias(from: string): Promise<FaceUserAlias | undefined>;
  putAlias(alias: FaceUserAlias): Promise<void>;
}
