/**
 * What of a receipt counts in figures. Two bodies under one number that agree in it are one receipt: payments in another
 * order, a product that was renamed, or a member number that was added later make no second sale. Bodies that differ in it
 * are a conflict.
 */
import type { Receipt, ReceiptLine } from './receipt.ts';

const lineText = (line: ReceiptLine): string =>
  JSON.stringify([
    line.productId,
    line.quantity,
    String(line.unitPrice),
    String(line.discount),
    line.scannedAt?.instantMs ?? null,
    // Absent in receipts of the first version, whose text must stay the same.
    ...(line.kind === undefined ? [] : [line.kind]),
    ...(line.unit === undefined ? [] : [line.unit]),
    ...(line.amount === undefined ? [] : [String(line.amount)]),
  ]);

/** Returns a text that is equal for receipts that count alike, whatever their business day and the order of their lines. */
export function contentOf(receipt: Receipt): string {
  return JSON.stringify([
    receipt.storeId,
    receipt.tillId,
    receipt.receiptNo,
    receipt.closedAt.instantMs,
    receipt.cashierId ?? null,
    String(receipt.discount),
    receipt.lines.map(lineText).sort(),
    ...(receipt.voids === undefined ? [] : [receipt.voids]),
  ]);
}
