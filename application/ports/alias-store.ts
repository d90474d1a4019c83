/** Port: which visitor ids were merged into which. */
import type { VisitorId } from '#domain/chain/ids.ts';

export interface AliasStore {
  /** Where each of these ids points; one that stands for itself is not in the map. As of the last write. */
  intoOf(visitorIds: readonly VisitorId[]): Promise<Map<VisitorId, VisitorId>>;
  /** The ids that point straight at one. */
  aliasesOf(visitorId: VisitorId): Promise<VisitorId[]>;
  /** Makes an id point at another, and no longer at whatever it pointed at. */
  point(visitorId: VisitorId, into: VisitorId, nowMs: number): Promise<void>;
  /** Takes the pointer from one id to another away; does nothing where there is none. */
  release(visitorId: VisitorId, into: VisitorId): Promise<void>;
}
