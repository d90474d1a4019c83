/** Dry run of an import: builds every receipt, validates it against the contract and sums its figures; sends nothing. */
import * as v from 'valibot';
import { fieldErrorsOf } from '#contracts/http/problems.ts';
import { ReceiptInput } from '#contracts/http/receipts.ts';
import type { SourceFiles } from './source-files.ts';
import { RowError } from './values.ts';

/** Counts and amounts of a dry run, named like the KPIs; amounts in ten-thousandths of the currency. */
export interface Tally {
  rows: number;
  receipts: number;
  /** Receipts with at least one line of positive quantity and price. */
  transactions: number;
  units: number;
  grossSales: bigint;
  discounts: bigint;
  returnReceipts: number;
  returnUnits: number;
  returns: bigint;
  /** Receipts whose rows are not adjacent in the file. */
  scattered: number;
  namesCorrected: number;
  skipped: Record<string, number>;
  readonly stores: Map<string, number>;
  /** Number of receipts that would be refused and rows that cannot be read. */
  invalid: number;
  /** The first errors, with their lines. */
  readonly errors: string[];
}

const ERRORS_PRINTED_MAX = 20;

const emptyTally = (): Tally => ({
  rows: 0,
  receipts: 0,
  transactions: 0,
  units: 0,
  grossSales: 0n,
  discounts: 0n,
  returnReceipts: 0,
  returnUnits: 0,
  returns: 0n,
  scattered: 0,
  namesCorrected: 0,
  skipped: {},
  stores: new Map(),
  invalid: 0,
  errors: [],
});

/**
 * Returns the tally of all receipts of the files, or of those read before `stop` is aborted.
 *
 * @throws UserError where a file cannot be read
 */
export async function dryRun(files: SourceFiles, stop: AbortSignal): Promise<Tally> {
  const tally = emptyTally();
  const addError = (line: number | undefined, reason: string): void => {
    tally.invalid++;
    if (tally.errors.length < ERRORS_PRINTED_MAX) tally.errors.push(`line ${line}: ${reason}`);
  };

  for await (const group of files.groups(await files.scattered(), 0)) {
    if (stop.aborted) break;
    tally.rows += group.rows.length + group.excluded.length;
    for (const { kind, row, reason } of group.excluded) {
      if (kind === 'skipped') tally.skipped[reason] = (tally.skipped[reason] ?? 0) + 1;
      else addError(row.line, reason);
    }
    if (group.rows.length === 0) continue;
    try {
      const { body, store, namesCorrected } = files.mapper.receiptOf(group.rows);
      const parsed = v.safeParse(ReceiptInput, body);
      if (!parsed.success) {
        const reasons = fieldErrorsOf(parsed.issues).map(({ pointer, detail }) => `${pointer} ${detail}`);
        addError(group.rows[0]?.line, reasons.slice(0, 3).join('; '));
        continue;
      }
      tally.namesCorrected += namesCorrected;
      tally.stores.set(store, (tally.stores.get(store) ?? 0) + 1);
      if (group.isHeld) tally.scattered++;
      addReceipt(tally, parsed.output);
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      addError(group.rows[0]?.line, error.message);
    }
  }
  return tally;
}

function addReceipt(tally: Tally, receipt: ReceiptInput): void {
  const sold = receipt.lines.filter(({ quantity, unitPrice }) => quantity > 0 && unitPrice > 0n);
  const returned = receipt.lines.filter(({ quantity }) => quantity < 0);
  tally.receipts++;
  if (sold.length > 0) tally.transactions++;
  if (returned.length > 0) tally.returnReceipts++;
  tally.discounts += receipt.discount ?? 0n;
  for (const { quantity, unitPrice, discount = 0n } of sold) {
    tally.units += quantity;
    tally.grossSales += BigInt(quantity) * unitPrice;
    tally.discounts += discount;
  }
  for (const { quantity, unitPrice, discount = 0n } of returned) {
    tally.returnUnits -= quantity;
    tally.returns += BigInt(-quantity) * unitPrice - discount;
  }
}
