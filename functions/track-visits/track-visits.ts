/**
 * The event log → visitor days: each sighting is joined to the evidence of its visitor's day in the store.
 *
 * A sighting may be delivered twice, late or out of order; joining it again changes nothing, and a repeated batch costs a
 * read per visitor day. Each visitor day of a batch is read once and written once, however many sightings it has.
 */

import type { LogRecord } from '#application/ports/event-log.ts';
import type { StoredVisitorDay } from '#application/ports/visit-store.ts';
import { mapConcurrent } from '#application/support/concurrency.ts';
import { DAYS_AT_ONCE_MAX, type VisitPorts } from '#application/visits/settle-visits.ts';
import { type VisitService, visitService } from '#application/visits/visit-service.ts';
import { parseEvent, type StoreEvent } from '#contracts/events/parse-event.ts';
import { SIGHTING_RECORDED, sightingOf } from '#contracts/events/sighting-recorded.ts';
import { VISITORS_MERGED, VISITORS_PARTED } from '#contracts/events/visitor-merged.ts';
import type { VisitorId } from '#domain/chain/ids.ts';
import { isTrack, type Sighting, visitorIn } from '#domain/place/visits/sighting.ts';
import {
  type Evidence,
  evidenceOf,
  joinEvidence,
  NO_EVIDENCE,
  type VisitorDayKey,
} from '#domain/place/visits/visitor-day.ts';

/** The result of a batch, for the log line and the metrics. */
export interface TrackedBatch {
  /** Sightings of visitors. */
  readonly sightings: number;
  /** Sightings without a visitor id, which are part of no visit. */
  readonly anonymous: number;
  /** Visitor days that were written. */
  readonly visitorDays: number;
  /** Published visit revisions. */
  readonly revisions: number;
  /** Visitors merged into another, or parted again. */
  readonly merges: number;
  /** Visitor days that no row can hold, and merges that contradict an earlier one. */
  readonly rejected: number;
  /** Sequence numbers from which to retry: one per store that failed. */
  readonly failures: ReadonlyArray<{ readonly sequence: string; readonly error: unknown }>;
}

const STORES_AT_ONCE_MAX = 8;

type Counts = { -readonly [name in Exclude<keyof TrackedBatch, 'failures'>]: number };
const NOTHING: Counts = {
  sightings: 0,
  anonymous: 0,
  visitorDays: 0,
  revisions: 0,
  merges: 0,
  rejected: 0,
};

type OfType<Type extends StoreEvent['type']> = Extract<StoreEvent, { type: Type }>;
type Merge = OfType<typeof VISITORS_MERGED> | OfType<typeof VISITORS_PARTED>;

/** Tracks one batch of the event log, of any stores; a store that fails does not hold up the others. */
export async function trackVisits(ports: VisitPorts, records: readonly LogRecord[]): Promise<TrackedBatch> {
  const totals = { ...NOTHING };
  const failures: Array<{ sequence: string; error: unknown }> = [];
  const visits = visitService(ports);
  const byStore = Map.groupBy(records, ({ key }) => key);
  await mapConcurrent([...byStore.values()], STORES_AT_ONCE_MAX, async (ofStore) => {
    try {
      addTo(totals, await trackStore(visits, ofStore));
    } catch (error) {
      failures.push({ sequence: ofStore[0]?.sequence ?? '', error });
    }
  });
  return { ...totals, failures };
}

function addTo(totals: Counts, more: Counts): void {
  for (const name of Object.keys(more) as Array<keyof Counts>) totals[name] += more[name];
}

/**
 * Tracks one store's part of a batch. Merges are applied first, in their order: evidence is stored under the id it was seen
 * under, so sightings before and after a merge give the same result.
 */
async function trackStore(visits: VisitService, records: readonly LogRecord[]): Promise<Counts> {
  const totals = { ...NOTHING };
  const sightings: Sighting[] = [];
  for (const record of records) {
    const parsed = parseEvent(record.bytes);
    // Unreadable records are stored as dead letters by `count-events`.
    if (parsed.kind === 'unreadable' || parsed.event.data.store !== record.key) continue;
    const { event } = parsed;
    if (event.type === SIGHTING_RECORDED) sightings.push(sightingOf(event.data));
    else if (event.type === VISITORS_MERGED || event.type === VISITORS_PARTED) {
      addTo(totals, await moveVisitor(visits, event));
    }
  }
  addTo(totals, await join(visits, sightings));
  return totals;
}

interface NewEvidence {
  readonly key: VisitorDayKey;
  readonly parts: Map<VisitorId, Evidence>;
}

async function join(visits: VisitService, sightings: readonly Sighting[]): Promise<Counts> {
  const identified = sightings.flatMap((sighting) =>
    sighting.visitorId === undefined ? [] : [{ visitorId: sighting.visitorId, sighting }],
  );
  const canonical = await visits.canonicalIds(identified.map(({ visitorId }) => visitorId));
  const byDay = new Map<string, NewEvidence>();
  for (const { visitorId, sighting } of identified) {
    const key = {
      visitorId: canonical.get(visitorId) ?? visitorId,
      storeId: sighting.storeId,
      day: sighting.day,
    };
    const name = `${key.day} ${key.visitorId}`;
    const added = byDay.get(name) ?? { key, parts: new Map() };
    byDay.set(name, added);
    const before = added.parts.get(visitorId) ?? NO_EVIDENCE;
    added.parts.set(visitorId, joinEvidence(before, evidenceOf(sighting)));
  }
  const settled = await mapConcurrent([...byDay.values()], DAYS_AT_ONCE_MAX, ({ key, parts }) =>
    visits.addEvidence(key, parts),
  );
  const written: StoredVisitorDay[] = settled.flatMap((one) =>
    one.kind === 'settled' && one.isWritten ? [one.stored] : [],
  );
  const revisions = await visits.publish(written);
  // A stay that a face claims was added to the track's own day, and is moved to the visitor's.
  for (const { key } of byDay.values()) if (isTrack(key.visitorId)) await visits.place(key);
  return {
    ...NOTHING,
    sightings: identified.length,
    anonymous: sightings.length - identified.length,
    visitorDays: written.length,
    revisions,
    rejected: settled.filter(({ kind }) => kind === 'unstorable').length,
  };
}

/**
 * Merges one visitor into another, or splits them again. A track is not merged as a whole: the visitor claims the stay that
 * the event's time lies in.
 */
async function moveVisitor(visits: VisitService, { type, data, time }: Merge): Promise<Counts> {
  const { store: storeId, into, businessDay: day } = data;
  const visitor = visitorIn({ storeId, day }, data.visitor);
  if (isTrack(visitor)) {
    const track = { visitorId: visitor, storeId, day };
    if (type === VISITORS_PARTED) await visits.unclaim(track, into);
    else await visits.claim(track, { into, atMs: Date.parse(time) });
    return { ...NOTHING, merges: 1 };
  }
  if (type === VISITORS_PARTED) await visits.split(visitor, into);
  else if (!(await visits.merge(visitor, into, day))) return { ...NOTHING, rejected: 1 };
  return { ...NOTHING, merges: 1 };
}
