/**
 * The visits of a visitor's day in a store were revised. `aisle.visit.opened`: a visit started or an open visit changed.
 * `aisle.visit.closed`: a visit ended, or an ended one was corrected. Both carry the visits before and after; the cells take
 * the difference.
 */
import * as v from 'valibot';
import { formatLocalTime } from '#domain/chain/business-day.ts';
import type { StoreId, VisitorId, ZoneId } from '#domain/chain/ids.ts';
import type { VisitSummary } from '#domain/place/visits/visit.ts';
import type { VisitRevision } from '#domain/place/visits/visit-revision.ts';
import { businessDay, count, idText, localTime, wholeMs } from '../primitives.ts';
import { defineEvent, eventName, wireEvent } from './envelope.ts';

export const VISIT_OPENED = 'aisle.visit.opened';
export const VISIT_CLOSED = 'aisle.visit.closed';

/** A visit as the figures need it: what one visit adds to the cells follows from this alone. */
const visitSummary = v.object({
  /** Which visit of that visitor on that day in that store, from 1, by its beginning. */
  number: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  firstSeenAt: localTime(),
  lastSeenAtMs: wholeMs,
  isClosed: v.boolean(),
  isStaff: v.boolean(),
  isAssisted: v.boolean(),
  /** Unknown for an anonymous track, which cannot be recognised on another day. */
  frequency: v.picklist(['first', 'second', 'regular', 'unknown']),
  /** Absent for staff, for open visits, and in revisions from before groups were counted. */
  groupRole: v.exactOptional(v.picklist(['leader', 'companion'])),
  zones: v.array(v.object({ zone: idText<ZoneId>(), entries: count, ms: count })),
});

/** In version 2 a visit may be of something that figures do not count as a visitor. */
const visitSummary2 = v.object({
  ...visitSummary.entries,
  /** zones: of sensors that only give zones, or too short; still: what does not move. A visitor where absent. */
  counts: v.exactOptional(v.picklist(['zones', 'still'])),
});

const visitRevision = v.object({
  store: idText<StoreId>(),
  businessDay: businessDay(),
  visitor: idText<VisitorId>(),
  /** Counts up with every revision of this visitor's day in this store; the event is claimed under it. */
  revision: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  before: v.array(visitSummary),
  after: v.array(visitSummary),
});

const visitRevision2 = v.object({
  ...visitRevision.entries,
  before: v.array(visitSummary2),
  after: v.array(visitSummary2),
});

export const VisitOpenedV1 = defineEvent('visit.opened', 1, visitRevision);
export const VisitClosedV1 = defineEvent('visit.closed', 1, visitRevision);
/** Data of version 1 are data of version 2, in which all visits count. */
export const VisitOpenedV2 = defineEvent('visit.opened', 2, visitRevision2);
export const VisitClosedV2 = defineEvent('visit.closed', 2, visitRevision2);

type WireSummary = v.InferInput<typeof visitSummary2>;

const wireSummary = ({ zones, firstSeenAt, ...visit }: VisitSummary): WireSummary => ({
  number: visit.number,
  firstSeenAt: formatLocalTime(firstSeenAt),
  lastSeenAtMs: visit.lastSeenAtMs,
  isClosed: visit.isClosed,
  isStaff: visit.isStaff,
  isAssisted: visit.isAssisted,
  ...(visit.counts === undefined ? {} : { counts: visit.counts }),
  frequency: visit.frequency,
  ...(visit.groupRole === undefined ? {} : { groupRole: visit.groupRole }),
  zones: zones.map(({ zoneId, entries, ms }) => ({ zone: zoneId, entries, ms })),
});

/** When a visit of the revision was last seen. */
function timeOf({ before, after }: VisitRevision): string {
  const visits = after.length > 0 ? after : before;
  const last = visits.reduce((a, b) => (b.lastSeenAtMs > a.lastSeenAtMs ? b : a));
  return formatLocalTime({
    instantMs: last.lastSeenAtMs,
    offsetMinutes: last.firstSeenAt.offsetMinutes,
  });
}

/** Returns the event of a revision. Its id is store, day, visitor and revision; a second sender builds the same text. */
export function visitRevisionEvent(
  revision: VisitRevision,
): v.InferInput<typeof VisitOpenedV2> | v.InferInput<typeof VisitClosedV2> {
  const head = {
    id: eventName(revision.storeId, revision.day, revision.visitorId, revision.revision),
    source: `/stores/${revision.storeId}/visits`,
    time: timeOf(revision),
    subject: revision.storeId,
  };
  const data = {
    store: revision.storeId,
    businessDay: revision.day,
    visitor: revision.visitorId,
    revision: revision.revision,
    before: revision.before.map(wireSummary),
    after: revision.after.map(wireSummary),
  };
  return revision.kind === 'opened'
    ? wireEvent(VisitOpenedV2, head, data)
    : wireEvent(VisitClosedV2, head, data);
}
