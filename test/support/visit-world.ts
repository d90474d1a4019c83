/**
 * A store with sensors, a log and a clock for the flows that settle visits; and figures counted from the log alone: each
 * revision once, as its new visits minus those of the previous one.
 */
import type { AliasStore } from '#application/ports/alias-store.ts';
import type { EventLog, LogRecord } from '#application/ports/event-log.ts';
import type { StoredVisitorDay, VisitStore } from '#application/ports/visit-store.ts';
import { parseEvent, type StoreEvent, type WireEvent } from '#contracts/events/parse-event.ts';
import { sightingRecorded } from '#contracts/events/sighting-recorded.ts';
import { VISIT_CLOSED, VISIT_OPENED } from '#contracts/events/visit-revised.ts';
import { visitorsMerged, visitorsParted } from '#contracts/events/visitor-merged.ts';
import type { VisitorId } from '#domain/chain/ids.ts';
import type { Sighting } from '#domain/place/visits/sighting.ts';
import { type ClosedVisits, closeVisits } from '#functions/close-visits/close-visits.ts';
import { type TrackedBatch, trackVisits } from '#functions/track-visits/track-visits.ts';
import { sequenceAt } from './arbitraries.ts';
import { november, SZ01 } from './chain.ts';
import { memoryLog } from './memory-log.ts';
import { memoryAliasStore, memoryVisitStore } from './memory-visit-store.ts';
import { keyOf, minute } from './sightings.ts';

type VisitEvent = Extract<StoreEvent, { type: typeof VISIT_OPENED | typeof VISIT_CLOSED }>;
type Visit = VisitEvent['data']['after'][number];

/** The figures of a store's day. */
export interface Figures {
  visitors: number;
  bodies: number;
  first: number;
  second: number;
  regular: number;
  closed: number;
  dwellMs: number;
  assisted: number;
  groups: number;
  zoneMs: number;
  zoneEntries: number;
}

const NO_FIGURES: Figures = {
  visitors: 0,
  bodies: 0,
  first: 0,
  second: 0,
  regular: 0,
  closed: 0,
  dwellMs: 0,
  assisted: 0,
  groups: 0,
  zoneMs: 0,
  zoneEntries: 0,
};

/** Returns the figures of single visits. */
export function figuresOfVisits(visits: readonly Visit[]): Figures {
  const figures = { ...NO_FIGURES };
  for (const visit of visits) {
    const counts = 'counts' in visit ? visit.counts : undefined;
    if (counts === 'still') continue;
    figures.bodies += counts === undefined ? 1 : 0;
    if (visit.isStaff) continue;
    if (visit.frequency !== 'unknown') figures[visit.frequency] += 1;
    if (counts === undefined) {
      figures.visitors += 1;
      if (visit.isClosed) {
        figures.closed += 1;
        figures.dwellMs += visit.lastSeenAtMs - visit.firstSeenAt.instantMs;
        figures.assisted += visit.isAssisted ? 1 : 0;
        figures.groups += visit.groupRole === 'leader' ? 1 : 0;
      }
    }
    if (!visit.isClosed) continue;
    for (const { ms, entries } of visit.zones) {
      figures.zoneMs += ms;
      figures.zoneEntries += entries;
    }
  }
  return figures;
}

/** Returns the figures of the revisions on the log; throws for two bodies of one revision, or a gap between revisions. */
export function figuresOfLog(records: readonly LogRecord[], storeId: string = SZ01.storeId): Figures {
  const figures = { ...NO_FIGURES };
  const claimed = new Map<string, string>();
  const last = new Map<string, string>();
  for (const event of revisionEvents(records)) {
    const { store, businessDay, visitor, revision, before, after } = event.data;
    if (store !== storeId) continue;
    const name = `${store}/${businessDay}/${visitor}`;
    const text = JSON.stringify(event);
    const existing = claimed.get(`${name}/${revision}`);
    if (existing === text) continue;
    if (existing !== undefined) throw new Error(`two bodies under ${name}/${revision}`);
    if ((last.get(name) ?? '[]') !== JSON.stringify(before))
      throw new Error(`${name}/${revision} leaves a gap`);
    claimed.set(`${name}/${revision}`, text);
    last.set(name, JSON.stringify(after));
    const [now, then] = [figuresOfVisits(after), figuresOfVisits(before)];
    for (const field of Object.keys(figures) as Array<keyof Figures>)
      figures[field] += now[field] - then[field];
  }
  return figures;
}

export const revisionEvents = (records: readonly LogRecord[]): VisitEvent[] =>
  records.flatMap(({ bytes }) => {
    const parsed = parseEvent(bytes);
    if (parsed.kind === 'unreadable') throw new Error(parsed.reason);
    return parsed.event.type === VISIT_OPENED || parsed.event.type === VISIT_CLOSED ? [parsed.event] : [];
  });

/** Ports that replace the world's own, for one call. */
export interface Instead {
  readonly visits?: VisitStore;
  readonly aliases?: AliasStore;
  readonly log?: EventLog;
}

export function visitWorld() {
  const visits = memoryVisitStore();
  const aliases = memoryAliasStore();
  const log = memoryLog();
  let nowMs = minute(0);
  let place = 0;
  const ports = {
    visits,
    aliases,
    log,
    nowMs: () => nowMs,
    pauses: { pause: async () => {}, random: () => 0 },
    isTimeLeft: () => true,
  };
  const recordOf = (event: WireEvent, key: string = event.subject): LogRecord => ({
    key,
    sequence: sequenceAt(++place),
    bytes: Buffer.from(JSON.stringify(event)),
    arrivedAtMs: nowMs,
  });
  const pair = [SZ01.storeId, november(22)] as const;
  return {
    ports,
    visits,
    aliases,
    log,
    /** Sets the clock to so many minutes past nine. */
    at(count: number): void {
      nowMs = minute(count);
    },
    recordOf,
    seen: (...sightings: readonly Sighting[]): LogRecord[] =>
      sightings.map((sighting) => recordOf(sightingRecorded(sighting, `s${place}`, '/test'))),
    merged: (visitor: VisitorId, into: VisitorId): LogRecord =>
      recordOf(visitorsMerged(...pair, visitor, into, '2026-11-22T09:00:00+08:00', '/test')),
    parted: (visitor: VisitorId, into: VisitorId): LogRecord =>
      recordOf(visitorsParted(...pair, visitor, into, '2026-11-22T09:00:00+08:00', '/test')),
    track: (records: readonly LogRecord[], instead: Instead = {}): Promise<TrackedBatch> =>
      trackVisits({ ...ports, ...instead }, records),
    close: (instead: Instead & { isTimeLeft?: () => boolean } = {}): Promise<ClosedVisits> =>
      closeVisits({ ...ports, ...instead }),
    figures: (storeId?: string): Figures => figuresOfLog(log.records, storeId),
    stay: (visitorId: VisitorId): Promise<StoredVisitorDay | undefined> => visits.load(keyOf(visitorId)),
  };
}
