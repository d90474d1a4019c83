/**
 * The log → facts → cells, each receipt once.
 *
 * Claim, fold, guard: a receipt is claimed under the name its till gave it; what was claimed is folded in memory; each
 * cell takes only what lies above the place in the log up to which it has counted. After a crash anywhere
 * the batch comes again, and every step refuses what it has already done.
 */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { CellStore } from '#adapters/dynamodb/cell-store.ts';
import type { FactStore } from '#adapters/dynamodb/fact-store.ts';
import type { LetterStore, LetterWhy } from '#adapters/dynamodb/letter-store.ts';
import type { LogRecord } from '#adapters/kinesis/event-log.ts';
import type { ChangeQueue } from '#adapters/sqs/change-queue.ts';
import {
  parseEvent,
  RECEIPT_CLOSED,
  ReceiptClosedV1,
  receiptData,
  receiptOf,
  type StoreEvent,
} from '#contracts/events.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import { type CellDelta, changeAfter, fold, type LoggedReceipt } from '#domain/place/fold.ts';
import type { Receipt } from '#domain/place/receipt.ts';
import type { Bucket } from '#domain/place/roll-up.ts';
import { gate, inTurn } from '../in-turn.ts';
import { inParts } from '../notices.ts';

export interface FoldStorePorts {
  readonly facts: FactStore;
  readonly cells: CellStore;
  readonly letters: LetterStore;
  readonly changes: ChangeQueue;
  readonly productChanges: ChangeQueue;
  readonly nowMs: () => number;
}

/** What a batch came to, for the log line and the metrics. */
export interface Folded {
  readonly claimed: number;
  readonly duplicates: number;
  readonly letters: number;
  readonly cells: number;
  /** Places of the log at which to begin again: one per store that failed. */
  readonly failures: ReadonlyArray<{ readonly sequence: string; readonly error: unknown }>;
}

/** Writes at once, over all stores of a batch. */
const WRITES_AT_ONCE_MAX = 48;
const STORES_AT_ONCE_MAX = 16;

/**
 * A cell has one writer, the consumer of its store's key; a refusal means the batch came before. A second
 * refusal can only come from a twin of this invocation that was thought dead; a third would hide a bug.
 */
const GUARD_TRIES_MAX = 4;

type ReceiptClosed = Extract<StoreEvent, { type: typeof RECEIPT_CLOSED }>;

interface LoggedEvent {
  readonly record: LogRecord;
  readonly event: StoreEvent;
}

/** Counts one batch of the log, of any stores; a store that fails does not hold up the others. */
export async function foldStore(ports: FoldStorePorts, records: readonly LogRecord[]): Promise<Folded> {
  const totals = { claimed: 0, duplicates: 0, letters: 0, cells: 0 };
  const failures: Array<{ sequence: string; error: unknown }> = [];
  const byStore = new Map<string, LogRecord[]>();
  for (const record of records) {
    const known = byStore.get(record.key);
    if (known === undefined) byStore.set(record.key, [record]);
    else known.push(record);
  }
  const gated = gatedPorts(ports);
  await inTurn([...byStore.values()], STORES_AT_ONCE_MAX, async (ofStore) => {
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
function gatedPorts(ports: FoldStorePorts): FoldStorePorts {
  const write = gate(WRITES_AT_ONCE_MAX);
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
async function countStore(ports: FoldStorePorts, records: readonly LogRecord[]) {
  const totals = { claimed: 0, duplicates: 0, letters: 0, cells: 0 };
  const touched = new Map<string, Bucket>();
  const days = new Set<BusinessDay>();
  let run: Array<LoggedEvent & { event: ReceiptClosed }> = [];

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
    const deltas = fold(accepted);
    await inTurn(deltas, WRITES_AT_ONCE_MAX, (delta) => addGuarded(ports.cells, delta));
    note(deltas);
    totals.claimed += accepted.length;
    totals.duplicates += duplicates;
    totals.letters += letters;
    totals.cells += deltas.length;
    run = [];
  };

  for (const record of records) {
    const parsed = parseEvent(record.bytes);
    if (parsed.kind === 'unreadable' || parsed.event.data.store !== record.key) {
      await keepLetter(
        ports,
        record,
        'unreadable',
        parsed.kind === 'unreadable' ? parsed.reason : 'is of another store than its key',
      );
      totals.letters += 1;
    } else if (parsed.event.type === RECEIPT_CLOSED) {
      run.push({ record, event: parsed.event });
    } else {
      await endRun();
      const deltas = await recount(ports, parsed.event.data.store, parsed.event.data.businessDay, record);
      note(deltas);
      totals.cells += deltas.length;
    }
  }
  await endRun();

  // The notices go out before the batch is done with: a crash in between brings the batch, and them, again.
  const storeId = records[0]?.key as StoreId;
  const notices = inParts([...touched.values()]).map((buckets) => ({ storeId, buckets }));
  if (notices.length > 0) await ports.changes.send(notices);
  if (days.size > 0) await ports.productChanges.send([{ storeId, days: [...days] }]);
  return totals;
}

interface Claimed {
  readonly accepted: LoggedReceipt[];
  readonly duplicates: number;
  readonly letters: number;
}

/** Claims receipts of one store; what is accepted keeps the order of the log. */
async function claimAll(
  ports: FoldStorePorts,
  run: ReadonlyArray<LoggedEvent & { event: ReceiptClosed }>,
): Promise<Claimed> {
  // Of two of the same name in one batch the first has to win, and claims run side by side: so only firsts are
  // claimed, and the others are then claimed after them.
  const seen = new Set<string>();
  const firsts: (typeof run)[number][] = [];
  const repeats: (typeof run)[number][] = [];
  for (const one of run) {
    const { till, businessDay, receiptNo } = one.event.data;
    const name = JSON.stringify([till, businessDay, receiptNo]);
    (seen.has(name) ? repeats : firsts).push(one);
    seen.add(name);
  }
  const claimed = [
    ...(await inTurn(firsts, WRITES_AT_ONCE_MAX, (one) => claim(ports, one))),
    ...(await inTurn(repeats, 1, (one) => claim(ports, one))),
  ];
  const accepted = claimed.flatMap((one) => (one.kind === 'accepted' ? [one.logged] : []));
  return {
    accepted: accepted.sort((a, b) => (a.sequence < b.sequence ? -1 : 1)),
    duplicates: claimed.filter((one) => one.kind === 'duplicate').length,
    letters: claimed.filter((one) => one.kind === 'letter').length,
  };
}

type ClaimOutcome =
  | { readonly kind: 'accepted'; readonly logged: LoggedReceipt }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'letter' };

async function claim(
  ports: FoldStorePorts,
  { record, event }: LoggedEvent & { event: ReceiptClosed },
): Promise<ClaimOutcome> {
  const receipt = receiptOf(event.data);
  const data = JSON.stringify(receiptData(receipt));
  const outcome = await ports.facts.claim({
    storeId: receipt.storeId,
    day: receipt.businessDay,
    tillId: receipt.tillId,
    receiptNo: receipt.receiptNo,
    sequence: record.sequence,
    arrivedAtMs: record.arrivedAtMs,
    fingerprint: createHash('sha256').update(data).digest('hex'),
    data,
  });
  switch (outcome.kind) {
    case 'claimed':
      return {
        kind: 'accepted',
        logged: { receipt, sequence: record.sequence, arrivedAtMs: record.arrivedAtMs },
      };
    case 'duplicate':
      return { kind: 'duplicate' };
    case 'conflict':
      await keepLetter(ports, record, 'conflict', `another receipt stands under the name ${event.id}`);
      return { kind: 'letter' };
    case 'unstorable':
      await keepLetter(ports, record, 'unstorable', outcome.reason);
      return { kind: 'letter' };
  }
}

/** Adds to a cell what it has not counted yet. */
async function addGuarded(cells: CellStore, delta: CellDelta): Promise<void> {
  let counted: string | undefined;
  for (let tries = 0; tries < GUARD_TRIES_MAX; tries++) {
    const change = changeAfter(delta, counted);
    if (change === undefined) return;
    const outcome = await cells.add(delta.key, change);
    if (outcome.kind === 'added') return;
    counted = outcome.sequence;
  }
  throw new Error(`a cell of ${delta.key.day} is still contended after ${GUARD_TRIES_MAX} tries`);
}

/**
 * Takes a store's day anew from its facts, as of this place in the log. Cells that have gone on since hold the
 * recount already, because the log is consumed in order.
 */
async function recount(
  ports: FoldStorePorts,
  storeId: StoreId,
  day: BusinessDay,
  { sequence }: LogRecord,
): Promise<CellDelta[]> {
  const facts = await ports.facts.ofDay(storeId, day);
  const deltas = fold(
    facts
      .filter((fact) => fact.sequence < sequence)
      .map((fact) => ({
        receipt: storedReceipt(fact.data),
        sequence: fact.sequence,
        arrivedAtMs: fact.arrivedAtMs,
      })),
  );
  await inTurn(deltas, WRITES_AT_ONCE_MAX, async (delta) => {
    const change = changeAfter(delta, undefined);
    if (change === undefined) return;
    await ports.cells.overwrite(delta.key, { ...change, firstSequence: sequence, lastSequence: sequence });
  });
  return deltas;
}

const storedReceipt = (data: string): Receipt =>
  receiptOf(v.parse(ReceiptClosedV1.pipe[0].entries.data, JSON.parse(data)));

function keepLetter(ports: FoldStorePorts, record: LogRecord, why: LetterWhy, reason: string): Promise<void> {
  return ports.letters.keep({
    sequence: record.sequence,
    why,
    reason,
    storeId: record.key,
    bytes: record.bytes,
    arrivedAtMs: record.arrivedAtMs,
    keptAtMs: ports.nowMs(),
  });
}
