/**
 * Dry run of an import: builds every receipt, asks of it all that the API asks, and sums its figures as they would be counted;
 * sends nothing.
 */
import type { Receipt } from '#domain/place/figures/receipt.ts';
import { dayCountsOf } from '#domain/place/figures/receipt-cells.ts';
import type { Admitted } from './door.ts';
import { addReason } from './reasons.ts';
import type { SourceFiles } from './source-files.ts';
import { RowError } from './values.ts';

/** Counts and amounts of a dry run, named like the KPIs; amounts in ten-thousandths of the currency. */
export interface Tally {
  rows: number;
  receipts: number;
  /** Receipts with at least one line of positive quantity and price. */
  transactions: number;
  units: bigint;
  grossSales: bigint;
  discounts: bigint;
  returnReceipts: number;
  returnUnits: bigint;
  returns: bigint;
  /** Receipts whose rows are not adjacent in the file. */
  scattered: number;
  namesCorrected: number;
  skipped: Record<string, number>;
  readonly stores: Map<string, number>;
  /** Number of receipts that would be refused and rows that cannot be read. */
  invalid: number;
  /** Refused receipts and rows by kind of reason. */
  readonly reasons: Record<string, number>;
  /** Phone numbers that cannot be read, and would be left out. */
  phonesDropped: number;
  /** Receipts of a number that an earlier one of the file has, on the same till and business day: they would be in conflict. */
  repeated: number;
  /** The first errors, with their lines. */
  readonly errors: string[];
}

const ERRORS_PRINTED_MAX = 20;

const emptyTally = (): Tally => ({
  rows: 0,
  receipts: 0,
  transactions: 0,
  units: 0n,
  grossSales: 0n,
  discounts: 0n,
  returnReceipts: 0,
  returnUnits: 0n,
  returns: 0n,
  scattered: 0,
  namesCorrected: 0,
  skipped: {},
  stores: new Map(),
  invalid: 0,
  reasons: {},
  phonesDropped: 0,
  repeated: 0,
  errors: [],
});

/** Receipts of which the numbers are remembered; above it, repeated ones are no longer found. */
const NUMBERS_MAX = 2_000_000;

/**
 * Returns the tally of all receipts of the files, or of those read before `stop` is aborted.
 *
 * @param admit admits or refuses a receipt like the API
 * @throws UserError where a file cannot be read
 */
export async function dryRun(
  files: SourceFiles,
  stop: AbortSignal,
  admit: (store: string, body: object) => Admitted,
): Promise<Tally> {
  const tally = emptyTally();
  const numbers = new Set<string>();
  const addError = (line: number | undefined, reason: string): void => {
    tally.invalid++;
    addReason(tally.reasons, reason);
    const text = /^line \d+: /.test(reason) ? reason : `line ${line}: ${reason}`;
    if (tally.errors.length < ERRORS_PRINTED_MAX) tally.errors.push(text);
  };

  for await (const group of files.groups(await files.survey(), 0)) {
    if (stop.aborted) break;
    tally.rows += group.rows.length + group.excluded.length;
    for (const { kind, row, reason } of group.excluded) {
      if (kind === 'skipped') tally.skipped[reason] = (tally.skipped[reason] ?? 0) + 1;
      else addError(row.line, reason);
    }
    const [first] = group.rows;
    if (first === undefined) continue;
    try {
      if (group.refusal !== undefined) throw new RowError(group.refusal);
      const { body, store, namesCorrected } = files.mapper.receiptOf(group.rows);
      const admitted = admit(store, body);
      if (admitted.kind === 'refused') throw new RowError(admitted.reason);
      const { receipt } = admitted;
      const name = [store, receipt.tillId, receipt.businessDay, receipt.receiptNo].join('#');
      if (numbers.has(name)) tally.repeated++;
      else if (numbers.size < NUMBERS_MAX) numbers.add(name);
      tally.namesCorrected += namesCorrected;
      tally.phonesDropped += admitted.phonesDropped;
      tally.stores.set(store, (tally.stores.get(store) ?? 0) + 1);
      if (group.isHeld) tally.scattered++;
      addReceipt(tally, receipt);
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      addError(first.line, error.message);
    }
  }
  return tally;
}

/** Adds what the receipt adds to its store's day, so that the tally equals the figures. */
function addReceipt(tally: Tally, receipt: Receipt): void {
  const counts = dayCountsOf(receipt);
  tally.receipts++;
  tally.transactions += Number(counts.transactions ?? 0n);
  tally.returnReceipts += Number(counts.returnReceipts ?? 0n);
  tally.units += counts.units ?? 0n;
  tally.grossSales += counts.gross ?? 0n;
  tally.discounts += counts.discount ?? 0n;
  tally.returnUnits += counts.returnUnits ?? 0n;
  tally.returns += counts.returnValue ?? 0n;
}
