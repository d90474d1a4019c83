/** What a receipt adds to the cells of its store: by time, till, person and product. */
import type { LocalTime } from '../../chain/business-day.ts';
import type { Scope } from '../../chain/staff-scope.ts';
import { type Counts, minusCounts } from './cell.ts';
import { type CellAddition, cellCollector, dayKey, hourName, keysAt } from './fold.ts';
import {
  discountsOf,
  isGoods,
  isTransaction,
  lineValueOf,
  piecesOf,
  type Receipt,
  withoutCorrections,
} from './receipt.ts';

/**
 * Returns what a receipt adds, cell by cell. The sum of these over all facts equals every store cell. A receipt that voids
 * another one subtracts what that one added, at its own time.
 */
export function cellsOf(receipt: Receipt): CellAddition[] {
  if (receipt.voids === undefined) return cellsOfSale(receipt);
  const { voids: _, ...rest } = receipt;
  const sold = { ...rest, lines: receipt.lines.map((line) => ({ ...line, quantity: -line.quantity })) };
  return cellsOfSale(sold).map(({ soldHours: _hours, ...cell }) => ({
    ...cell,
    counts: minusCounts(cell.counts),
  }));
}

function cellsOfSale(given: Receipt): CellAddition[] {
  const receipt = withoutCorrections(given);
  const scope: Scope = { kind: 'store', id: receipt.storeId };
  const day = receipt.businessDay;
  const { add, all } = cellCollector();
  const addEverywhere = (time: LocalTime, counts: Counts): void => {
    for (const key of keysAt(receipt.storeId, day, time)) {
      add({ key, counts, ...(key.grain === 'day' ? { reporter: receipt.tillId } : {}) });
    }
    add({ key: { scope, dimension: 'till', member: receipt.tillId, day, grain: 'day' }, counts });
    if (receipt.cashierId !== undefined) {
      add({ key: { scope, dimension: 'staff', member: receipt.cashierId, day, grain: 'day' }, counts });
    }
  };

  const discounts = discountsOf(receipt);
  let hasReturn = false;
  receipt.lines.forEach((line, index) => {
    if (!isGoods(line)) return;
    const pieces = piecesOf(line);
    const discount = discounts[index] ?? 0n;
    const isGift = line.quantity > 0 && lineValueOf(line) === 0n;
    const counts: Counts = isGift
      ? { givenUnits: pieces }
      : line.quantity > 0
        ? { units: pieces, lines: 1n, gross: lineValueOf(line), discount }
        : { returnUnits: pieces, returnLines: 1n, returnValue: lineValueOf(line) - discount };
    hasReturn ||= line.quantity < 0;
    addEverywhere(line.scannedAt ?? receipt.closedAt, counts);
    add({
      key: { scope, dimension: 'product', member: line.productId, day, grain: 'day' },
      counts,
      ...(line.name === undefined ? {} : { label: line.name }),
    });
  });
  const receipts: Counts = {
    ...(isTransaction(receipt) ? { transactions: 1n } : {}),
    ...(hasReturn ? { returnReceipts: 1n } : {}),
  };
  addEverywhere(receipt.closedAt, receipts);
  if (isTransaction(receipt)) {
    add({ key: dayKey(receipt.storeId, day), counts: {}, soldHours: [hourName(receipt.closedAt)] });
  }
  return all();
}

/** Returns what a receipt adds to its store's day as a whole. */
export const dayCountsOf = (receipt: Receipt): Counts =>
  cellsOf(receipt).find(({ key }) => key.dimension === 'all' && key.grain === 'day')?.counts ?? {};
