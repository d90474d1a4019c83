/** Port: erasures and their progress. */
import type { ErasureReceipt } from '#contracts/http/erasures.ts';
import type { ErasureState, SearchedPlace } from '#domain/people/erasure/erasure.ts';

export interface Erasure {
  readonly erasureId: string;
  readonly state: ErasureState;
  readonly requestedAtMs: number;
  /** Present until the erasure is done. */
  readonly secret?: string;
  readonly completedAtMs?: number;
  /** Where identifiers were still found, while the erasure is incomplete. */
  readonly remaining?: readonly SearchedPlace[];
  readonly receipt?: ErasureReceipt;
}

export type NewErasure = Required<Pick<Erasure, 'erasureId' | 'requestedAtMs' | 'secret'>>;

export interface ErasureStore {
  /** Returns the salt that marks are hashed with; stores `fresh` as the salt if there is none yet. */
  salt(fresh: string): Promise<string>;
  /** Creates an erasure under a mark, or returns the one under way. */
  begin(mark: string, erasure: NewErasure): Promise<Erasure>;
  /** Returns the erasure that is under way under a mark. */
  underWay(mark: string): Promise<Erasure | undefined>;
  get(erasureId: string): Promise<Erasure | undefined>;
  /** Replaces an erasure, unless it is done. */
  save(erasure: Erasure): Promise<void>;
  /** Deletes a mark. */
  unmark(mark: string): Promise<void>;
}
