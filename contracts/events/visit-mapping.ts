/** Sightings as the domain knows them, out of events; and what the log is told of visits, into events. */
import type * as v from 'valibot';
import { formatLocalTime } from '#domain/chain/business-day.ts';
import type { Sighting } from '#domain/place/visits/sighting.ts';
import type { VisitSummary } from '#domain/place/visits/visit.ts';
import type { VisitRevision } from '#domain/place/visits/visit-revision.ts';
import {
  eventName,
  type SightingRecordedV1,
  VISIT_CLOSED,
  VISIT_OPENED,
  type VisitClosedV1,
  type WireEvent,
} from './events.ts';

/** The sighting that an event's data tells of. */
export function sightingOf(data: v.InferOutput<typeof SightingRecordedV1>['data']): Sighting {
  return {
    storeId: data.store,
    sensorId: data.sensor,
    day: data.businessDay,
    startedAt: data.startedAt,
    ...(data.visitor === undefined ? {} : { visitorId: data.visitor }),
    isStaff: data.isStaff,
    presences: data.presences.map(({ zone, ...presence }) => ({
      ...presence,
      ...(zone === undefined ? {} : { zoneId: zone }),
    })),
  };
}

type WireSummary = v.InferInput<typeof VisitClosedV1>['data']['after'][number];

const wireSummary = ({ zones, firstSeenAt, ...visit }: VisitSummary): WireSummary => ({
  number: visit.number,
  firstSeenAt: formatLocalTime(firstSeenAt),
  lastSeenAtMs: visit.lastSeenAtMs,
  isClosed: visit.isClosed,
  isStaff: visit.isStaff,
  isAssisted: visit.isAssisted,
  frequency: visit.frequency,
  ...(visit.groupRole === undefined ? {} : { groupRole: visit.groupRole }),
  zones: zones.map(({ zoneId, entries, ms }) => ({ zone: zoneId, entries, ms })),
});

/** The last moment that a telling is about. */
function timeOf({ before, after }: VisitRevision): string {
  const visits = after.length > 0 ? after : before;
  const last = visits.reduce((a, b) => (b.lastSeenAtMs > a.lastSeenAtMs ? b : a));
  return formatLocalTime({
    instantMs: last.lastSeenAtMs,
    offsetMinutes: last.firstSeenAt.offsetMinutes,
  });
}

/** The event of a telling, by store, day, visitor and revision; whoever sends it, and however often, sends the same text. */
export function visitRevisionEvent(telling: VisitRevision): WireEvent {
  const envelope = {
    specversion: '1.0',
    id: eventName(telling.storeId, telling.day, telling.visitorId, telling.revision),
    source: `/stores/${telling.storeId}/visits`,
    time: timeOf(telling),
    subject: telling.storeId,
    datacontenttype: 'application/json',
  } as const;
  const data = {
    store: telling.storeId,
    businessDay: telling.day,
    visitor: telling.visitorId,
    revision: telling.revision,
    before: telling.before.map(wireSummary),
    after: telling.after.map(wireSummary),
  };
  return telling.kind === 'opened'
    ? { ...envelope, type: VISIT_OPENED, dataschema: 'urn:aisle:schema:visit.opened:1', data }
    : { ...envelope, type: VISIT_CLOSED, dataschema: 'urn:aisle:schema:visit.closed:1', data };
}
