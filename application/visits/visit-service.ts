/**
 * The use cases of visits behind one service, created for one run: a batch of the log, or a minute's closing. It reads the
 * staff of each store's day once, so a longer-lived service would miss later evidence of them.
 */

import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { VisitorId } from '#domain/chain/ids.ts';
import type { TrackClaim } from '#domain/place/visits/track-stays.ts';
import { type Evidence, type VisitorDayKey, withParts } from '#domain/place/visits/visitor-day.ts';
import type { StoredVisitorDay } from '../ports/visit-store.ts';
import { canonicalIds } from './canonical-ids.ts';
import { type ClosedVisitorDay, closeVisitorDay } from './close-visitor-day.ts';
import { mergeVisitors, splitVisitors } from './merge-visitors.ts';
import { placeTrack } from './place-track.ts';
import { publishAll, type SettleOutcome, settleVisits, type VisitPorts } from './settle-visits.ts';
import { storeDayContext } from './visit-context.ts';

export interface VisitService {
  /** Returns the canonical id of each visitor id. */
  canonicalIds(visitorIds: Iterable<VisitorId>): Promise<Map<VisitorId, VisitorId>>;
  /** Joins evidence to a visitor day. Its started visits are pending then; its ended ones are left to `close`. */
  addEvidence(key: VisitorDayKey, parts: ReadonlyMap<VisitorId, Evidence>): Promise<SettleOutcome>;
  /** Merges a visitor into another from a day on; false if the other already points at the visitor. */
  merge(visitorId: VisitorId, into: VisitorId, from: BusinessDay): Promise<boolean>;
  /** Gives the stay of a track around an instant to a visitor; the track's other stays are not touched. */
  claim(track: VisitorDayKey, claim: TrackClaim): Promise<void>;
  /** Withdraws all claims of a visitor on a track. */
  unclaim(track: VisitorDayKey, into: VisitorId): Promise<void>;
  /** Places the stays of a track that has gained evidence; does nothing where none of them is claimed. */
  place(track: VisitorDayKey): Promise<void>;
  /** Splits a visitor from another. */
  split(visitorId: VisitorId, into: VisitorId): Promise<void>;
  /** Closes the ended visits of a visitor day; the returned visitor days may have revisions to publish. */
  close(key: VisitorDayKey): Promise<ClosedVisitorDay>;
  /** Publishes the pending revisions of visitor days; returns how many there were. */
  publish(visitorDays: readonly StoredVisitorDay[]): Promise<number>;
}

/** Returns the visit service for one run. */
export function visitService(ports: VisitPorts): VisitService {
  const context = storeDayContext(ports.visits, ports.aliases);
  return {
    canonicalIds: (visitorIds) => canonicalIds(ports.aliases, visitorIds),
    addEvidence: (key, parts) =>
      settleVisits(ports, context, key, {
        change: (visitorDay) => withParts(visitorDay, parts),
        closes: false,
      }),
    merge: (visitorId, into, from) => mergeVisitors(ports, context, visitorId, into, from),
    async claim(track, claim) {
      await ports.aliases.claim(track.visitorId, claim, ports.nowMs());
      await placeTrack(ports, context, track);
    },
    async unclaim(track, into) {
      await ports.aliases.unclaim(track.visitorId, into);
      await placeTrack(ports, context, track, [into]);
    },
    async place(track) {
      if ((await ports.aliases.claimsOn(track.visitorId)).length > 0) await placeTrack(ports, context, track);
    },
    split: (visitorId, into) => splitVisitors(ports, context, visitorId, into),
    close: (key) => closeVisitorDay(ports, context, key),
    publish: (visitorDays) => publishAll(ports, visitorDays),
  };
}
