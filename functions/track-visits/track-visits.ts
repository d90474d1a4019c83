/**
 * The log → stays: what sensors saw of a visitor is joined to what is known of their day in the store.
 *
 * A sighting may come again, late or out of order; joining it again changes nothing, and a batch that comes again
 * costs a read per stay. Each stay of a batch is read once and written once, however many sightings it has in it.
 */

import type { LogRecord } from '#application/ports/event-log.ts';
import type { StoredVisitorDay } from '#application/ports/visit-store.ts';
import { mapConcurrent } from '#application/support/concurrency.ts';
import { canonicalIds, moveToCanonical } from '#application/visits/resolve-aliases.ts';
import {
  DAYS_AT_ONCE_MAX,
  publishAll,
  type SettleVisitsPorts,
  settleVisits,
} from '#application/visits/settle-visits.ts';
import { type StoreDayContext, storeDayContext } from '#application/visits/visit-context.ts';
import { parseEvent, type StoreEvent } from '#contracts/events/parse-event.ts';
import { SIGHTING_RECORDED } from '#contracts/events/sighting-recorded.ts';
import { VISITORS_MERGED, VISITORS_PARTED } from '#contracts/events/visitor-merged.ts';
import { sightingOf } from '#contracts/events/sighting-recorded.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { VisitorId } from '#domain/chain/ids.ts';
import type { Sighting } from '#domain/place/visits/sighting.ts';
import {
  type Evidence,
  evidenceOf,
  joinEvidence,
  NO_EVIDENCE,
  type VisitorDayKey,
  withParts,
} from '#domain/place/visits/visitor-day.ts';

/** What a batch came to, for the log line and the metrics. */
export interface TrackedBatch {
  /** Sightings of visitors. */
  readonly sightings: number;
  /** Sightings of somebody who may not be told apart from others: part of no visit. */
  readonly anonymous: number;
  /** Stays that were written. */
  readonly stays: number;
  readonly tellings: number;
  /** Visitors made one with another, or parted again. */
  readonly merges: number;
  /** What no row can hold, and merges that contradict what is so already. */
  readonly refused: number;
  /** Places of the log at which to begin again: one per store that failed. */
  readonly failures: ReadonlyArray<{ readonly sequence: string; readonly error: unknown }>;
}

const STORES_AT_ONCE_MAX = 8;

type Counts = { -readonly [name in Exclude<keyof TrackedBatch, 'failures'>]: number };
const EMPTY_SUMMARY: Counts = { sightings: 0, anonymous: 0, stays: 0, tellings: 0, merges: 0, refused: 0 };

type OfType<Type extends StoreEvent['type']> = Extract<StoreEvent, { type: Type }>;
type Merge = OfType<typeof VISITORS_MERGED> | OfType<typeof VISITORS_PARTED>;

/** Takes one batch of the log, of any stores; a store that fails does not hold up the others. */
export async function trackVisits(
  ports: SettleVisitsPorts,
  records: readonly LogRecord[],
): Promise<TrackedBatch> {
  const totals = { ...EMPTY_SUMMARY };
  const failures: Array<{ sequence: string; error: unknown }> = [];
  const facts = storeDayContext(ports.visits, ports.aliases);
  const byStore = Map.groupBy(records, ({ key }) => key);
  await mapConcurrent([...byStore.values()], STORES_AT_ONCE_MAX, async (ofStore) => {
    try {
      addTo(totals, await trackStore(ports, facts, ofStore));
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
 * One store's part of a batch. Merges go first, in their order: evidence is kept under the id it was seen under, so what
 * was seen before a merge and what was seen after it come to the same.
 */
async function trackStore(
  ports: SettleVisitsPorts,
  facts: StoreDayContext,
  records: readonly LogRecord[],
): Promise<Counts> {
  const totals = { ...EMPTY_SUMMARY };
  const sightings: Sighting[] = [];
  for (const record of records) {
    const parsed = parseEvent(record.bytes);
    // What cannot be read is kept as a dead letter by whoever counts receipts.
    if (parsed.kind === 'unreadable' || parsed.event.data.store !== record.key) continue;
    const { event } = parsed;
    if (event.type === SIGHTING_RECORDED) sightings.push(sightingOf(event.data));
    else if (event.type === VISITORS_MERGED || event.type === VISITORS_PARTED) {
      addTo(totals, await moveVisitor(ports, facts, event));
    }
  }
  addTo(totals, await join(ports, facts, sightings));
  return totals;
}

interface Arrival {
  readonly key: VisitorDayKey;
  readonly parts: Map<VisitorId, Evidence>;
}

async function join(
  ports: SettleVisitsPorts,
  facts: StoreDayContext,
  sightings: readonly Sighting[],
): Promise<Counts> {
  const known = sightings.flatMap((sighting) =>
    sighting.visitorId === undefined ? [] : [{ visitorId: sighting.visitorId, sighting }],
  );
  const homes = await canonicalIds(
    ports.aliases,
    known.map(({ visitorId }) => visitorId),
  );
  const arrivals = new Map<string, Arrival>();
  for (const { visitorId, sighting } of known) {
    const key = {
      visitorId: homes.get(visitorId) ?? visitorId,
      storeId: sighting.storeId,
      day: sighting.day,
    };
    const name = `${key.day} ${key.visitorId}`;
    const arrival = arrivals.get(name) ?? { key, parts: new Map() };
    arrivals.set(name, arrival);
    const before = arrival.parts.get(visitorId) ?? NO_EVIDENCE;
    arrival.parts.set(visitorId, joinEvidence(before, evidenceOf(sighting)));
  }
  const settled = await mapConcurrent([...arrivals.values()], DAYS_AT_ONCE_MAX, ({ key, parts }) =>
    settleVisits(ports, facts, key, { change: (stay) => withParts(stay, parts), closes: false }),
  );
  const written: StoredVisitorDay[] = settled.flatMap((one) =>
    one.kind === 'settled' && one.isWritten ? [one.stored] : [],
  );
  return {
    ...EMPTY_SUMMARY,
    sightings: known.length,
    anonymous: sightings.length - known.length,
    stays: written.length,
    tellings: await publishAll(ports, written),
    refused: settled.filter(({ kind }) => kind === 'unstorable').length,
  };
}

/**
 * Two visitors are one, or are two after all. The pointer is set first: from then on sightings go to the right stay, and
 * what stands in the wrong one is brought home, that day's in every store. Of days before, rows stay where they are;
 * a visitor's history is read under all names.
 */
async function moveVisitor(
  ports: SettleVisitsPorts,
  facts: StoreDayContext,
  { type, data }: Merge,
): Promise<Counts> {
  const { visitor, into, businessDay } = data;
  if (type === VISITORS_MERGED) {
    const home = (await canonicalIds(ports.aliases, [into])).get(into);
    if (home === visitor) return { ...EMPTY_SUMMARY, refused: 1 };
    await ports.aliases.point(visitor, into, ports.nowMs());
    await bringAllHome(ports, facts, visitor, businessDay);
  } else {
    await ports.aliases.release(visitor, into);
    const home = (await canonicalIds(ports.aliases, [into])).get(into) ?? into;
    await bringAllHome(ports, facts, home);
  }
  return { ...EMPTY_SUMMARY, merges: 1 };
}

async function bringAllHome(
  ports: SettleVisitsPorts,
  facts: StoreDayContext,
  visitorId: VisitorId,
  from?: BusinessDay,
): Promise<void> {
  const keys: VisitorDayKey[] = [];
  for await (const { visitorDay } of ports.visits.ofVisitor(visitorId, from)) {
    const isAtHome = from === undefined && visitorDay.parts.size === 1 && visitorDay.parts.has(visitorId);
    if (visitorDay.parts.size > 0 && !isAtHome) keys.push(visitorDay);
  }
  await mapConcurrent(keys, DAYS_AT_ONCE_MAX, ({ storeId, day }) =>
    moveToCanonical(ports, facts, { visitorId, storeId, day }),
  );
}
