/**
 * A conflict: several bodies under one receipt number. The first that arrived counts; the others are kept beside it and are
 * excluded from all figures until an operator settles them. Nothing is overwritten: bodies and decisions are facts, and what
 * counts follows from them, in any order of arrival.
 */
import type { Counts } from './cell.ts';
import type { CellAddition } from './fold.ts';
import { dayKey } from './fold.ts';
import type { Receipt } from './receipt.ts';
import { cellsOf, dayCountsOf } from './receipt-cells.ts';

/** `first`: the receipt that arrived first counts. `second`: this body replaces it. `both`: they are two receipts. */
export const CHOICES = ['first', 'second', 'both'] as const;
export type Choice = (typeof CHOICES)[number];

/** The parts of a fact's name. Till and number hold no `#`. */
export interface ConflictKey {
  readonly tillId: string;
  readonly receiptNo: string;
  /** Distinguishes the bodies under one number: the beginning of the hash of what counts of them. */
  readonly bodyId: string;
}

export const conflictName = {
  body: ({ tillId, receiptNo, bodyId }: ConflictKey): string => `CONFLICT#${tillId}#${receiptNo}#${bodyId}`,
  settlement: ({ tillId, receiptNo, bodyId }: ConflictKey, sequence: string): string =>
    `SETTLED#${tillId}#${receiptNo}#${bodyId}#${sequence}`,
};

/** Returns the parts of the name of a conflict's body or settlement; undefined for the name of another fact. */
export function conflictKeyIn(name: string): ConflictKey | undefined {
  const [kind, tillId, receiptNo, bodyId] = name.split('#');
  if (kind !== 'CONFLICT' && kind !== 'SETTLED') return undefined;
  if (tillId === undefined || receiptNo === undefined || bodyId === undefined) return undefined;
  return { tillId, receiptNo, bodyId };
}

interface Logged {
  readonly sequence: string;
  readonly arrivedAtMs: number;
}

/** The body under a receipt's own name. */
export interface FirstBody extends Logged {
  readonly receipt: Receipt;
}

export interface OtherBody extends Logged, ConflictKey {
  readonly receipt: Receipt;
}

export interface Settlement extends Logged, ConflictKey {
  readonly choice: Choice;
}

/** The facts of receipts of one store's day. */
export interface ReceiptFacts {
  readonly firsts: readonly FirstBody[];
  readonly others: readonly OtherBody[];
  readonly settlements: readonly Settlement[];
}

/**
 * How a body stands. `counted`: in all figures. `replaced`: counted once, and now not, as another body was chosen.
 * `excluded`: in conflict and not settled. `dismissed`: settled, the first body stays.
 */
export type Standing = 'counted' | 'replaced' | 'excluded' | 'dismissed';

export interface StandingBody extends Logged {
  readonly receipt: Receipt;
  readonly standing: Standing;
  /** Absent for the body that arrived first. */
  readonly bodyId?: string;
  /** The number that the till gave it. */
  readonly originalNo: string;
}

/** The number of a body that counts beside the first: `1001~2`. */
const SUFFIX = '~';

const numberOf = ({ tillId, receiptNo }: { readonly tillId: string; readonly receiptNo: string }): string =>
  `${tillId}#${receiptNo}`;

/**
 * Returns how each body of a day stands. Of several settlements of one body the last in the log holds; of several bodies that
 * were to replace the first one, the last chosen does.
 */
export function standingBodies({ firsts, others, settlements }: ReceiptFacts): StandingBody[] {
  const last = new Map<string, Settlement>();
  for (const one of [...settlements].sort(bySequence)) last.set(`${numberOf(one)}#${one.bodyId}`, one);
  const ever = new Set(
    settlements.filter(({ choice }) => choice !== 'first').map((one) => `${numberOf(one)}#${one.bodyId}`),
  );
  const chosen = new Map<string, Settlement>();
  for (const one of [...last.values()].sort(bySequence)) {
    if (one.choice === 'second') chosen.set(numberOf(one), one);
  }
  const bodies: StandingBody[] = firsts.map(({ receipt, sequence, arrivedAtMs }) => ({
    receipt,
    sequence,
    arrivedAtMs,
    originalNo: receipt.receiptNo,
    standing: chosen.has(numberOf(receipt)) ? 'replaced' : 'counted',
  }));
  const places = new Map<string, number>();
  for (const other of [...others].sort(bySequence)) {
    const { receipt, sequence, arrivedAtMs, bodyId } = other;
    const name = `${numberOf(other)}#${bodyId}`;
    const place = (places.get(numberOf(other)) ?? 1) + 1;
    places.set(numberOf(other), place);
    const choice = last.get(name)?.choice;
    const isChosen = chosen.get(numberOf(other))?.bodyId === bodyId;
    const isBeside = choice === 'both';
    const standing: Standing =
      isChosen || isBeside
        ? 'counted'
        : choice === undefined
          ? 'excluded'
          : ever.has(name)
            ? 'replaced'
            : 'dismissed';
    const numbered = isBeside
      ? { ...receipt, receiptNo: `${receipt.receiptNo}${SUFFIX}${place}` as Receipt['receiptNo'] }
      : receipt;
    bodies.push({ receipt: numbered, sequence, arrivedAtMs, standing, bodyId, originalNo: other.receiptNo });
  }
  return bodies;
}

const bySequence = (a: Logged, b: Logged): number =>
  a.sequence < b.sequence ? -1 : a.sequence > b.sequence ? 1 : 0;

/** Returns what a receipt would add to its day if it counted, for the figure beside it: one receipt, and its net sales. */
export function excludedCells(receipt: Receipt): CellAddition[] {
  const { gross = 0n, discount = 0n, returnValue = 0n } = dayCountsOf(receipt);
  const counts: Counts = { excludedReceipts: 1n, excludedSales: gross - discount - returnValue };
  return [{ key: dayKey(receipt.storeId, receipt.businessDay), counts }];
}

/**
 * Returns what a body adds to the cells in a recount. A replaced one adds nothing to each of its cells, so that a cell that
 * no other receipt touches is written as empty.
 */
export function cellsOfBody({ receipt, standing }: StandingBody): CellAddition[] {
  switch (standing) {
    case 'counted':
      return cellsOf(receipt);
    case 'excluded':
      return excludedCells(receipt);
    case 'replaced':
      return cellsOf(receipt).map(({ key }) => ({ key, counts: {} }));
    case 'dismissed':
      return [];
  }
}
