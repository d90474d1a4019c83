/** Receipts for examples: one line of one piece at 10.00 at ten in the morning, unless a test overrides it. */
import { parseLocalTime } from '#domain/chain/business-day.ts';
import type { ProductId, ReceiptNo, TillId } from '#domain/chain/ids.ts';
import type { Receipt, ReceiptLine } from '#domain/place/figures/receipt.ts';
import { november, SZ01 } from './chain.ts';

/** A local time in Shanghai. */
export function shanghai(text: string) {
  const time = parseLocalTime(text, 'Asia/Shanghai');
  if (time === undefined) throw new Error(`${text} is not a time`);
  return time;
}

export const lineOf = (more: Partial<ReceiptLine> = {}): ReceiptLine => ({
  productId: 'SKU-1' as ProductId,
  quantity: 1,
  unitPrice: 100_000n,
  discount: 0n,
  ...more,
});

export const receiptOf = (more: Partial<Receipt> = {}): Receipt => ({
  storeId: SZ01.storeId,
  tillId: 'T1' as TillId,
  businessDay: november(22),
  receiptNo: '1' as ReceiptNo,
  closedAt: shanghai('2026-11-22T10:00:30'),
  lines: [lineOf()],
  discount: 0n,
  payments: [],
  ...more,
});
