/** Port: which visitor ids were merged into which, and whose face was recognised in which stays of a track. */
import type { VisitorId } from '#domain/chain/ids.ts';
import type { TrackClaim } from '#domain/place/visits/track-stays.ts';

export interface AliasStore {
  /** Returns where each of these ids points; an id without a pointer is absent. Consistent with the last write. */
  intoOf(visitorIds: readonly VisitorId[]): Promise<Map<VisitorId, VisitorId>>;
  /** Returns the ids that point directly at this one. */
  aliasesOf(visitorId: VisitorId): Promise<VisitorId[]>;
  /** Points an id at another, in place of any earlier pointer. */
  point(visitorId: VisitorId, into: VisitorId, nowMs: number): Promise<void>;
  /** Removes the pointer from one id to another; does nothing where there is none. */
  release(visitorId: VisitorId, into: VisitorId): Promise<void>;
  /** Adds a claim on a stay of a track; adding it again changes nothing. */
  claim(trackId: VisitorId, claim: TrackClaim, nowMs: number): Promise<void>;
  /** Removes all claims of a visitor on a track. */
  unclaim(trackId: VisitorId, into: VisitorId): Promise<void>;
  /** Returns the claims on a track by time and visitor, consistent with the last write. */
  claimsOn(trackId: VisitorId): Promise<TrackClaim[]>;
}
