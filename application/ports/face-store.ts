/** Port: everything kept about faces beside their vectors. */
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { SeenOn } from '#domain/people/faces/face-user.ts';
import type { Pair } from '#domain/people/faces/merge-evidence.ts';
import type { FaceUserStore } from './face-user-store.ts';
import type { FrameStore } from './frame-store.ts';

/** Two users that were made one; what it takes to part them again. */
export interface FaceUserAlias {
  readonly from: string;
  readonly into: string;
  readonly storeId: StoreId;
  readonly faceIds: readonly string[];
  readonly seenOn: readonly SeenOn[];
  readonly mergedAtMs: number;
  /** `parted`: a person said that they are two, so no face makes them one again. */
  readonly state: 'merging' | 'merged' | 'parted';
}

export interface FaceStore extends FrameStore, FaceUserStore {
  /** Counts calls of a store's day, unless that would make them more than `callsMax`. */
  spend(storeId: StoreId, day: BusinessDay, calls: number, callsMax: number): Promise<boolean>;
  callsMax(storeId: StoreId): Promise<number | undefined>;
  setCallsMax(storeId: StoreId, callsMax: number): Promise<void>;

  /** One frame more that shows two users to be one; how many there are now, as far as it matters. */
  addEvidence(pair: Pair, frameId: string, nowMs: number): Promise<number>;
  alias(from: string): Promise<FaceUserAlias | undefined>;
  putAlias(alias: FaceUserAlias): Promise<void>;
}
