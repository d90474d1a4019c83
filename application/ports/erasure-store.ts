/** Port: erasures and how far each has come. */
import type { ErasureReceipt } from '#contracts/http/erasures.ts';
import type { ErasureState, SearchedPlace } from '#domain/people/erasure/erasure.ts';

export interface Erasure {
  readonly erasureId: string;
  readonly state: ErasureState;
  readonly askedAtMs: number;
  /** Until it is done. */
  readonly secret?: string;
  readonly doneAtMs?: number;
  /** Where something was found, while it is incomplete. */
  readonly leftIn?: readonly SearchedPlace[];
  readonly receipt?: ErasureReceipt;
}

export type NewErasure = Required<Pick<Erasure, 'erasureId' | 'askedAtMs' | 'secret'>>;

export interface ErasureStore {
  /** What marks are made with; `fresh` becomes it where there is none yet. */
  salt(fresh: string): Promise<string>;
  /** Begins an erasure under a mark, or finds the one that is under way. */
  begin(mark: string, erasure: NewErasure): Promise<Erasure>;
  /** The erasure that is under way under a mark. */
  underWay(mark: string): Promise<Erasure | undefined>;
  get(erasureId: string): Promise<Erasure | undefined>;
  /** Writes over an erasure, unless it is done. */
  save(erasure: Erasure): Promise<void>;
  /** Takes a mark away. */
  unmark(mark: string): Promise<void>;
}
