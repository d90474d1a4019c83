/**
 * The log → facts → cells, each fact once.
 *
 * Claim, fold, guard: a receipt is claimed under the name its till gave it, a telling of a visit under its revision, a
 * door's count under its beginning; what was claimed is folded in memory; each cell takes only what lies above the place
 * in the log up to which it has counted. After a crash anywhere the batch comes again, and every step refuses what it has
 * already done.
 *
 * Sightings are no facts here, visits are made of them elsewhere. They only show that a sensor is alive, which its store's
 * day remembers.
 */
import type { CellStore } from '#application/ports/cell-store.ts';
import type { DeadLetterStore } from '#application/ports/dead-letter-store.ts';
import type { LogRecord } from '#application/ports/event-log.ts';
import type { FactStore } from '#application/ports/fact-store.ts';
import type { ChangeQueue } from '#application/ports/queues.ts';
import { chunk } from '#application/support/chunk.ts';
import { limiter, mapConcurrent } from '#application/support/concurrency.ts';
import { isFact, parseEvent } from '#contracts/events/parse-event.ts';
import { RECOUNT_REQUESTED } from '#contracts/events/recount-requested.ts';
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
import { claimAll, type LoggedFact, storeDeadLetter, WRITES_AT_ONCE_MAX } from './claim.ts';
import { cellsOfKept, factOf } from './fact-of-event.ts';
import type { ReportingSensors } from './reporting-sensors.ts';

export interface CountEventsPorts {
  readonly facts: FactStore;
  readonly cells: CellStore;
  readonly letters: DeadLetterStore;
  readonly changes: ChangeQueue;
  readonly productChanges: ChangeQueue;
  readonly heard: ReportingSensors;
  readonly nowMs: () => number;
}

/** What a batch came to, for the log line and the metrics. */
export interface CountedBatch {
  readonly claimed: number;
  readonly duplicates: number;
  readonly letters: number;
  readonly cells: number;
  /** Places of the log at which to begin again: one per store that failed. */
  readonly failures: ReadonlyArray<{ readonly sequence: string; readonly error: unknown }>;
}

const STORES_AT_ONCE_MAX = 16;

/**
 * A cell has one writer, the consumer of its store's key; a refusal means the batch came before. A second
 * refusal can only come from a twin of this invocation that was thought dead; a third would hide a bug.
 */
const GUARD_TRIES_MAX = 4;

/** Counts one batch of the log, of any stores; a store that fails does not hold up the others. */
export async function countEvents(
  ports: CountEventsPorts,
  records: readonly LogRecord[],
): Promise<CountedBatch> {
  const totals = { claimed: 0, duplicates: 0, letters: 0, cells: 0 };
  const failures: Array<{ sequence: string; error: unknown }> = [];
  const byStore = new Map<string, LogRecord[]>();
  for (const record of records) {
    const known = byStore.get(record.key);
    if (known === undefined) byStore.set(record.key, [record]);
    else known.push(record);
  }
  const gated = gatedPorts(ports);
  await mapConcurrent([...byStore.values()], STORES_AT_ONCE_MAX, async (ofStore) => {
    try {
      const counted = await countStore(gated, ofStore);
      totals.claimed += counted.claimed;
      totals.duplicates += counted.duplicates;
      totals.letters += counted.letters;
      totals.cells += counted.cells;
    } catch (error) {
      failures.push({ sequence: ofStore[0]?.sequence ?? '', error });
    }
  });
  return { ...totals, failures };
}

/** A batch is often one large store and some small ones; a bound over all of them lets the large one use it whole. */
function gatedPorts(ports: CountEventsPorts): CountEventsPorts {
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

/** One store's part of a batch, in the order of the log. A recount stands between what came before and after it. */
async function countStore(ports: CountEventsPorts, records: readonly LogRecord[]) {
  const totals = { claimed: 0, duplicates: 0, letters: 0, cells: 0 };
  const touched = new Map<string, Bucket>();
  const days = new Set<BusinessDay>();
  const heard: string[] = [];
  let run: LoggedFact[] = [];
  let signs = new Map<string, LoggedAdditions>();

  const note = (deltas: readonly CellDelta[]): void => {
    for (const { key } of deltas) {
      const { day, grain, startMs } = key;
      if (key.dimension === 'product') days.add(day);
      if (key.dimension === 'all') {
        touched.set(`${grain} ${day} ${startMs ?? ''}`, {
          day,
          grain,
          ...(startMs === undefined ? {} : { startMs }),
        });
      }
    }
  };
  const endRun = async (): Promise<void> => {
    const { accepted, duplicates, letters } = await claimAll(ports, run);
    const logged = [...accepted, ...signs.values()].sort((a, b) => (a.sequence < b.sequence ? -1 : 1));
    const deltas = fold(logged);
    const above = new Map(
      await mapConcurrent(deltas, WRITES_AT_ONCE_MAX, async (delta) => {
        const counted = await addGuarded(ports.cells, delta);
        return [cellName(delta.key), counted] as const;
      }),
    );
    // A sign that lies below what its cell has counted was not written, and has no fact to be counted anew from.
    for (const [report, { cells, sequence }] of signs) {
      if (cells.every(({ key }) => sequence > (above.get(cellName(key)) ?? ''))) heard.push(report);
    }
    note(deltas);
    totals.claimed += accepted.length;
    totals.duplicates += duplicates;
    totals.letters += letters;
    totals.cells += deltas.length;
    run = [];
    signs = new Map();
  };

  for (const record of records) {
    const parsed = parseEvent(record.bytes);
    if (parsed.kind === 'unreadable' || parsed.event.data.store !== record.key) {
      await storeDeadLetter(
        ports,
        record,
        'unreadable',
        parsed.kind === 'unreadable' ? parsed.reason : 'is of another store than its key',
      );
      totals.letters += 1;
      continue;
    }
    const { event } = parsed;
    if (isFact(event)) run.push({ record, id: event.id, fact: factOf(event) });
    else if (event.type === SIGHTING_RECORDED) {
      const { store, businessDay, sensor } = event.data;
      const report = JSON.stringify([store, businessDay, sensor]);
      if (ports.heard.has(report)) continue;
      const { sequence, arrivedAtMs } = record;
      signs.set(report, { cells: cellsOfReport(store, businessDay, sensor), sequence, arrivedAtMs });
    } else if (event.type === RECOUNT_REQUESTED) {
      await endRun();
      const deltas = await recount(ports, event.data.store, event.data.businessDay, record);
      note(deltas);
      totals.cells += deltas.length;
    }
  }
  await endRun();

  // The notices go out before the batch is done with: a crash in between brings the batch, and them, again.
  const storeId = records[0]?.key as StoreId;
  const notices = chunk([...touched.values()]).map((buckets) => ({ storeId, buckets }));
  if (notices.length > 0) await ports.changes.send(notices);
  if (days.size > 0) await ports.productChanges.send([{ storeId, days: [...days] }]);
  for (const report of heard) ports.heard.add(report);
  return totals;
}

/** Adds to a cell what it has not counted yet. Answers with the place in the log up to which it had; undefined for none. */
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
 * Takes a store's day anew from its facts, as of this place in the log. Cells that have gone on since hold the
 * recount already, because the log is consumed in order.
 */
async function recount(
  ports: CountEventsPorts,
  storeId: StoreId,
  day: BusinessDay,
  { sequence }: LogRecord,
): Promise<CellDelta[]> {
  const facts = await ports.facts.ofDay(storeId, day);
  const deltas = fold(
    facts
      .filter((fact) => fact.sequence < sequence)
      .map((fact) => ({
        cells: cellsOfKept(fact),
        sequence: fact.sequence,
        arrivedAtMs: fact.arrivedAtMs,
      })),
  );
  await mapConcurrent(deltas, WRITES_AT_ONCE_MAX, async (delta) => {
    const change = changeAfter(delta, undefined);
    if (change === undefined) return;
    await ports.cells.overwrite(delta.key, { ...change, firstSequence: sequence, lastSequence: sequence });
  });
  return deltas;
}
