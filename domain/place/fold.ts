/**
 * Folding: accepted receipts become cell → delta in memory, so that a batch of a thousand receipts costs one write
 * per cell it touches and not one per receipt.
 *
 * The order of the log is the only clock. Each delta remembers which positions of the log went into it, so that a
 * cell which already holds the first half of a batch can take the second half alone.
 */
import { hourStartMs, type LocalTime, minuteStartMs } from '../chain/business-day.ts';
import type { Scope } from '../chain/scope.ts';
import { addCounts, type CellKey, type Counts } from './cell.ts';
import { discountsOf, lineValueOf, type Receipt } from './receipt.ts';

/** A receipt at its place in the log. */
export interface LoggedReceipt {
  readonly receipt: Receipt;
  /** The log's sequence number, zero-padded to one length so that text order is log order. */
  readonly sequence: string;
  /** When the log took it. */
  readonly arrivedAtMs: number;
}

/** What one receipt adds to one cell. */
export interface Contribution {
  readonly sequence: string;
  readonly arrivedAtMs: number;
  readonly counts: Counts;
  readonly label?: string;
  readonly reporter?: string;
}

/** A cell and all that a batch adds to it, in log order, one contribution per receipt. */
export interface CellDelta {
  readonly key: CellKey;
  readonly contributions: readonly Contribution[];
}

/** Several contributions to one cell as one change. */
export interface Change {
  readonly counts: Counts;
  readonly firstSequence: string;
  readonly lastSequence: string;
  readonly asOfMs: number;
  readonly label?: string;
  readonly reporters?: ReadonlySet<string>;
}

/** One text per cell; equal for equal keys. */
export function cellName(key: CellKey): string {
  const { scope } = key;
  const where = scope.kind === 'chain' ? 'chain' : `${scope.kind}:${scope.id}`;
  return `${where}#${key.dimension}#${key.grain}#${key.day}#${key.startMs ?? ''}#${key.member ?? ''}`;
}

interface CellAddition {
  readonly key: CellKey;
  readonly counts: Counts;
  /** The product's name. */
  readonly label?: string;
  /** The till, in the cell that remembers which tills reported. */
  readonly reporter?: string;
}

/** What a receipt adds, cell by cell. Pure and complete: the sum of these over all facts is every store cell. */
export function cellsOf(receipt: Receipt): CellAddition[] {
  const scope: Scope = { kind: 'store', id: receipt.storeId };
  const day = receipt.businessDay;
  const cells = new Map<string, CellAddition>();
  const add = (addition: CellAddition): void => {
    const name = cellName(addition.key);
    const known = cells.get(name);
    cells.set(
      name,
      known === undefined
        ? addition
        : { ...known, ...addition, counts: addCounts(known.counts, addition.counts) },
    );
  };
  const addEverywhere = (time: LocalTime, counts: Counts): void => {
    const all = { scope, dimension: 'all', day } as const;
    add({ key: { ...all, grain: 'minute', startMs: minuteStartMs(time) }, counts });
    add({ key: { ...all, grain: 'hour', startMs: hourStartMs(time) }, counts });
    add({ key: { ...all, grain: 'day' }, counts, reporter: receipt.tillId });
    add({ key: { scope, dimension: 'till', member: receipt.tillId, day, grain: 'day' }, counts });
    if (receipt.cashierId !== undefined) {
      add({ key: { scope, dimension: 'staff', member: receipt.cashierId, day, grain: 'day' }, counts });
    }
  };

  const discounts = discountsOf(receipt);
  let hasSale = false;
  let hasReturn = false;
  receipt.lines.forEach((line, index) => {
    const pieces = BigInt(Math.abs(line.quantity));
    const discount = discounts[index] ?? 0n;
    const isGift = line.quantity > 0 && line.unitPrice === 0n;
    const counts: Counts = isGift
      ? { givenUnits: pieces }
      : line.quantity > 0
        ? { units: pieces, lines: 1n, gross: lineValueOf(line), discount }
        : { returnUnits: pieces, returnLines: 1n, returnValue: lineValueOf(line) - discount };
    hasSale ||= line.quantity > 0 && !isGift;
    hasReturn ||= line.quantity < 0;
    addEverywhere(line.scannedAt ?? receipt.closedAt, counts);
    add({
      key: { scope, dimension: 'product', member: line.productId, day, grain: 'day' },
      counts,
      ...(line.name === undefined ? {} : { label: line.name }),
    });
  });
  const receipts: Counts = {
    ...(hasSale ? { transactions: 1n } : {}),
    ...(hasReturn ? { returnReceipts: 1n } : {}),
  };
  addEverywhere(receipt.closedAt, receipts);
  return [...cells.values()];
}

/**
 * Minutes are for looking at the last days closely. What arrives later than they are kept (a till that was offline for
 * weeks, an import of past years) adds to hours and days alone, which spares a back-fill a quarter of its writes.
 */
export const MINUTE_LATE_MS_MAX = 8 * 86_400_000;

const isTooLate = (key: CellKey, arrivedAtMs: number): boolean =>
  key.grain === 'minute' && arrivedAtMs - (key.startMs ?? 0) > MINUTE_LATE_MS_MAX;

/** Folds receipts, given in log order, into what each touched cell is to gain. */
export function fold(batch: readonly LoggedReceipt[]): CellDelta[] {
  const deltas = new Map<string, { key: CellKey; contributions: Contribution[] }>();
  for (const { receipt, sequence, arrivedAtMs } of batch) {
    for (const { key, ...addition } of cellsOf(receipt)) {
      if (isTooLate(key, arrivedAtMs)) continue;
      const name = cellName(key);
      let delta = deltas.get(name);
      if (delta === undefined) {
        delta = { key, contributions: [] };
        deltas.set(name, delta);
      }
      delta.contributions.push({ sequence, arrivedAtMs, ...addition });
    }
  }
  return [...deltas.values()];
}

/** The part of a delta that lies above a position of the log, as one change; undefined when nothing does. */
export function changeAfter(delta: CellDelta, sequence: string | undefined): Change | undefined {
  const fresh = delta.contributions.filter((one) => sequence === undefined || one.sequence > sequence);
  const first = fresh[0];
  const last = fresh.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const label = fresh.findLast((one) => one.label !== undefined)?.label;
  const reporters = new Set(fresh.flatMap((one) => (one.reporter === undefined ? [] : [one.reporter])));
  return {
    counts: fresh.reduce<Counts>((sum, one) => addCounts(sum, one.counts), {}),
    firstSequence: first.sequence,
    lastSequence: last.sequence,
    asOfMs: fresh.reduce((newest, one) => Math.max(newest, one.arrivedAtMs), 0),
    ...(label === undefined ? {} : { label }),
    ...(reporters.size === 0 ? {} : { reporters }),
  };
}
