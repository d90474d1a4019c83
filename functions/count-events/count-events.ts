/**
 * The event log → facts → cells, each fact once.
 *
 * Claim, fold, guard: a receipt is claimed under its till's receipt number, a visit revision under its number, a door's
 * count under its start; the claimed facts are folded in memory; each cell adds only what lies above the sequence number up
 * to which it has counted. After a crash anywhere the batch is delivered again, and every step rejects what is done already.
 *
 * Sightings are not facts here, since `track-visits` turns them into visits. They only show that a sensor reports, which is
 * recorded in its store's day.
 */
import type { CellStore } from '#application/ports/cell-store.ts';
import type { DeadLetterStore } from '#application/ports/dead-letter-store.ts';
import type { LogRecord } from '#application/ports/event-log.ts';
import type { FactStore } from '#application/ports/fact-store.ts';
import type { ChangeQueue } from '#application/ports/queues.ts';
import { chunk } from '#application/support/chunk.ts';
import { limiter, mapConcurrent } from '#application/support/concurrency.ts';
import { CONFLICT_SETTLED } from '#contracts/events/conflict-settled.ts';
import { isFact, parseEvent } from '#contracts/events/parse-event.ts';
import { RECOUNT_REQUESTED } from '#contracts/events/recount-requested.ts';
import { SENSOR_REPORTED } from '#contracts/events/sensor-reported.ts';
import { SIGHTING_RECORDED } from '#contracts/events/sighting-recorded.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import {
  type CellDelta,
  cellName,
  changeAfter,
  fold,
  type LoggedAdditions,
} from '#domain/place/figures/fold.ts';
import type { Bucket } from '#domain/place/figures/roll-up.ts';
import { cellsOfReport } from '#domain/place/figures/visit-cells.ts';
import type { ReportingSensors } from '../shared/reporting-sensors.ts';
import { claimAll, claimSettlement, type LoggedFact, storeDeadLetter, WRITES_AT_ONCE_MAX } from './claim.ts';
import { claimPassages } from './claim-passages.ts';
import { additionsOfDay, factOf } from './fact-of-event.ts';

export interface CountEventsPorts {
  readonly facts: FactStore;
  readonly cells: CellStore;
  readonly deadLetters: DeadLetterStore;
  readonly changes: ChangeQueue;
  readonly productChanges: ChangeQueue;
  readonly reporting: ReportingSensors;
  readonly nowMs: () => number;
}

/** The result of a batch, for the log line and the metrics. */
export interface CountedBatch {
  readonly claimed: number;
  readonly duplicates: number;
  readonly deadLetters: number;
  readonly cells: number;
  /** Sequence numbers from which to retry: one per store that failed. */
  readonly failures: ReadonlyArray<{ readonly sequence: string; readonly error: unknown }>;
}

const STORES_AT_ONCE_MAX = 16;

/**
 * A cell has one writer, the consumer of its store's key; a conflict means that the batch was counted before. A second
 * conflict can only come from an invocation that timed out and still runs; more tries would hide a bug.
 */
const GUARD_TRIES_MAX = 4;

/** Counts one batch of the event log, of any stores; a store that fails does not hold up the others. */
export async function countEvents(
  ports: CountEventsPorts,
  records: readonly LogRecord[],
): Promise<CountedBatch> {
  const totals = { claimed: 0, duplicates: 0, deadLetters: 0, cells: 0 };
  const failures: Array<{ sequence: string; error: unknown }> = [];
  const byStore = Map.groupBy(records, ({ key }) => key);
  const limited = limitWrites(ports);
  await mapConcurrent([...byStore.values()], STORES_AT_ONCE_MAX, async (ofStore) => {
    try {
      const counted = await countStore(limited, ofStore);
      totals.claimed += counted.claimed;
      totals.duplicates += counted.duplicates;
      totals.deadLetters += counted.deadLetters;
      totals.cells += counted.cells;
    } catch (error) {
      failures.push({ sequence: ofStore[0]?.sequence ?? '', error });
    }
  });
  return { ...totals, failures };
}

/** Limits concurrent writes over all stores: a batch is often one large store and some small ones, and it may use them all. */
function limitWrites(ports: CountEventsPorts): CountEventsPorts {
  const write = limiter(WRITES_AT_ONCE_MAX);
  return {
    ...ports,
    facts: { ...ports.facts, claim: (fact) => write(() => ports.facts.claim(fact)) },
    cells: {
      ...ports.cells,
      add: (key, change) => write(() => ports.cells.add(key, change)),
      overwrite: (key, change) => write(() => ports.cells.overwrite(key, change)),
    },
  };
}

/** One store's part of a batch while it is counted. */
interface StoreBatch {
  readonly totals: { claimed: number; duplicates: number; deadLetters: number; cells: number };
  /** Facts to claim with the next flush. */
  facts: LoggedFact[];
  /** Reports of sensors to count with the next flush, by sensor and day. */
  reports: Map<string, LoggedAdditions>;
  readonly countedReports: string[];
  readonly changedBuckets: Map<string, Bucket>;
  readonly changedProductDays: Set<BusinessDay>;
}

/** Counts one store's part of a batch, in the order of the log; a recount separates the events before it from those after. */
async function countStore(
  ports: CountEventsPorts,
  records: readonly LogRecord[],
): Promise<StoreBatch['totals']> {
  const batch: StoreBatch = {
    totals: { claimed: 0, duplicates: 0, deadLetters: 0, cells: 0 },
    facts: [],
    reports: new Map(),
    countedReports: [],
    changedBuckets: new Map(),
    changedProductDays: new Set(),
  };
  for (const record of records) {
    const parsed = parseEvent(record.bytes);
    if (parsed.kind === 'unreadable' || parsed.event.data.store !== record.key) {
      const reason = parsed.kind === 'unreadable' ? parsed.reason : 'belongs to another store than its key';
      await storeDeadLetter(ports, record, 'unreadable', reason);
      batch.totals.deadLetters += 1;
      continue;
    }
    const { event } = parsed;
    if (isFact(event)) batch.facts.push({ record, id: event.id, fact: factOf(event) });
    else if (event.type === SIGHTING_RECORDED || event.type === SENSOR_REPORTED) {
      const { store, businessDay, sensor } = event.data;
      const isEmpty = event.type === SENSOR_REPORTED && event.data.isCounting;
      const report = JSON.stringify([store, businessDay, sensor, isEmpty]);
      if (ports.reporting.has(report)) continue;
      const { sequence, arrivedAtMs } = record;
      batch.reports.set(report, {
        cells: cellsOfReport(store, businessDay, sensor, isEmpty),
        sequence,
        arrivedAtMs,
      });
    } else if (event.type === RECOUNT_REQUESTED) {
      await flush(ports, batch);
      addChanges(batch, await recount(ports, event.data.store, event.data.businessDay, record));
    } else if (event.type === CONFLICT_SETTLED) {
      await flush(ports, batch);
      await claimSettlement(ports, record, event.data);
      addChanges(batch, await recount(ports, event.data.store, event.data.businessDay, record));
    }
  }
  await flush(ports, batch);
  // Sent before the batch is acknowledged: a crash in between delivers the batch, and these notices, again.
  await sendNotices(ports, records[0]?.key as StoreId, batch);
  for (const report of batch.countedReports) ports.reporting.add(report);
  return batch.totals;
}

/** Claims and counts the events collected so far. */
async function flush(ports: CountEventsPorts, batch: StoreBatch): Promise<void> {
  const isPassage = ({ fact }: LoggedFact): boolean => fact.passage !== undefined;
  const claimed = await claimAll(
    ports,
    batch.facts.filter((one) => !isPassage(one)),
  );
  const doors = await claimPassages(ports, batch.facts.filter(isPassage));
  const accepted = [...claimed.accepted, ...doors.accepted];
  const logged = [...accepted, ...batch.reports.values()].sort((a, b) => (a.sequence < b.sequence ? -1 : 1));
  const deltas = fold(logged);
  const countedUpTo = new Map(
    await mapConcurrent(deltas, WRITES_AT_ONCE_MAX, async (delta) => {
      const counted = await addGuarded(ports.cells, delta);
      return [cellName(delta.key), counted] as const;
    }),
  );
  // A report below what its cell has counted was not written, and unlike a fact it cannot be recounted.
  for (const [report, { cells, sequence }] of batch.reports) {
    if (cells.every(({ key }) => sequence > (countedUpTo.get(cellName(key)) ?? '')))
      batch.countedReports.push(report);
  }
  addChanges(batch, deltas);
  batch.totals.claimed += claimed.claimed + doors.claimed;
  batch.totals.duplicates += claimed.duplicates + doors.duplicates;
  batch.totals.deadLetters += claimed.deadLetters + doors.deadLetters;
  batch.facts = [];
  batch.reports = new Map();
}

/** Adds written cells to the batch's totals and notices. */
function addChanges(batch: StoreBatch, deltas: readonly CellDelta[]): void {
  batch.totals.cells += deltas.length;
  for (const { key } of deltas) {
    const { day, grain, startMs } = key;
    if (key.dimension === 'product') batch.changedProductDays.add(day);
    if (key.dimension === 'all') {
      const bucket = { day, grain, ...(startMs === undefined ? {} : { startMs }) };
      batch.changedBuckets.set(`${grain} ${day} ${startMs ?? ''}`, bucket);
    }
  }
}

async function sendNotices(
  { changes, productChanges }: CountEventsPorts,
  storeId: StoreId,
  { changedBuckets, changedProductDays }: StoreBatch,
): Promise<void> {
  const notices = chunk([...changedBuckets.values()]).map((buckets) => ({ storeId, buckets }));
  if (notices.length > 0) await changes.send(notices);
  if (changedProductDays.size > 0) await productChanges.send([{ storeId, days: [...changedProductDays] }]);
}

/** Adds to a cell what it has not counted yet; returns the sequence number up to which it had counted, if any. */
async function addGuarded(cells: CellStore, delta: CellDelta): Promise<string | undefined> {
  let counted: string | undefined;
  for (let tries = 0; tries < GUARD_TRIES_MAX; tries++) {
    const change = changeAfter(delta, counted);
    if (change === undefined) return counted;
    const outcome = await cells.add(delta.key, change);
    if (outcome.kind === 'added') return counted;
    counted = outcome.sequence;
  }
  throw new Error(`a cell of ${delta.key.day} is still contended after ${GUARD_TRIES_MAX} tries`);
}

/**
 * Recounts a store's day from its facts, as of a recount event. Cells that have counted later events hold the recount
 * already, because the log is consumed in order.
 */
async function recount(
  ports: CountEventsPorts,
  storeId: StoreId,
  day: BusinessDay,
  { sequence }: LogRecord,
): Promise<CellDelta[]> {
  const facts = await ports.facts.ofDay(storeId, day);
  // A settlement has the position of the record that requests its recount.
  const deltas = fold(additionsOfDay(facts.filter((fact) => fact.sequence <= sequence)));
  await mapConcurrent(deltas, WRITES_AT_ONCE_MAX, async (delta) => {
    const change = changeAfter(delta, undefined);
    if (change === undefined) return;
    await ports.cells.overwrite(delta.key, { ...change, firstSequence: sequence, lastSequence: sequence });
  });
  return deltas;
}
