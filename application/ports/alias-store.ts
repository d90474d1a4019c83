/** Port: which visitor ids were merged into which. */
import type { VisitorId } from '#domain/chain/ids.ts';

export interface AliasStore {
  /** Returns where each of these ids points; an id without a pointer is absent. Consistent with the last write. */
  intoOf(visitorIds: readonly VisitorId[]): Promise<Map<VisitorId, VisitorId>>;
  /** Returns the ids that point directly at this one. */
  aliasesOf(visitorId: VisitorId): Promise<VisitorId[]>;
  /** Points an id at another, in place of any earlier pointer. */
  point(visitorId: VisitorId, into: VisitorId, nowMs: number): Promise<void>;
  /** Removes the pointer from one id to another; does nothing where there is none. */
  release(visitorId: VisitorId, into: VisitorId): Promise<void>;
}
