/** An import without sending: every receipt is made and checked against the contract, and its figures added up. */
import * as v from 'valibot';
import { faultsOfIssues } from '#contracts/problems.ts';
import { ReceiptBody } from '#contracts/receipts.ts';
import type { SourceFiles } from './source-files.ts';
import { RowFault } from './values.ts';

/** Counts and amounts, in the words of the figures; amounts in ten-thousandths. */
export interface Tally {
  rows: number;
  receipts: number;
  /** Receipts with at least one line sold at a price. */
  transactions: number;
  units: number;
  grossSales: bigint;
  discounts: bigint;
  returnReceipts: number;
  returnUnits: number;
  returns: bigint;
  /** Receipts whose rows did not stand together. */
  scattered: number;
  namesMended: number;
  skipped: Record<string, number>;
  readonly stores: Map<string, number>;
  /** Receipts that would be refused, and rows that cannot be read: how many, and the first of them. */
  faulty: number;
  readonly faults: string[];
}

const FAULTS_TOLD_MAX = 20;

export async function dryRun(files: SourceFiles, stop: AbortSignal): Promise<Tally> {
  const tally: Tally = {
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
    namesMended: 0,
    skipped: {},
    stores: new Map(),
    faulty: 0,
    faults: [],
  };
  const fault = (line: number | undefined, reason: string): void => {
    tally.faulty++;
    if (tally.faults.length < FAULTS_TOLD_MAX) tally.faults.push(`line ${line}: ${reason}`);
  };

  for await (const group of files.groups(await files.scattered(), 0)) {
    if (stop.aborted) break;
    tally.rows += group.rows.length + group.passed.length;
    for (const { kind, row, reason } of group.passed) {
      if (kind === 'skipped') tally.skipped[reason] = (tally.skipped[reason] ?? 0) + 1;
      else fault(row.line, reason);
    }
    if (group.rows.length === 0) continue;
    try {
      const { body, store, namesMended } = files.recipe.receiptOf(group.rows);
      const parsed = v.safeParse(ReceiptBody, body);
      if (!parsed.success) {
        const reasons = faultsOfIssues(parsed.issues).map(({ pointer, detail }) => `${pointer} ${detail}`);
        fault(group.rows[0]?.line, reasons.slice(0, 3).join('; '));
        continue;
      }
      tally.namesMended += namesMended;
      tally.stores.set(store, (tally.stores.get(store) ?? 0) + 1);
      if (group.isHeld) tally.scattered++;
      add(tally, parsed.output);
    } catch (error) {
      if (!(error instanceof RowFault)) throw error;
      fault(group.rows[0]?.line, error.message);
    }
  }
  return tally;
}

function add(tally: Tally, receipt: ReceiptBody): void {
  const sold = receipt.lines.filter(({ quantity, unitPrice }) => quantity > 0 && unitPrice > 0n);
  const brought = receipt.lines.filter(({ quantity }) => quantity < 0);
  tally.receipts++;
  if (sold.length > 0) tally.transactions++;
  if (brought.length > 0) tally.returnReceipts++;
  tally.discounts += receipt.discount ?? 0n;
  for (const { quantity, unitPrice, discount = 0n } of sold) {
    tally.units += quantity;
    tally.grossSales += BigInt(quantity) * unitPrice;
    tally.discounts += discount;
  }
  for (const { quantity, unitPrice, discount = 0n } of brought) {
    tally.returnUnits -= quantity;
    tally.returns += BigInt(-quantity) * unitPrice - discount;
  }
}
