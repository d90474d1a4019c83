/** A till's wording of a receipt, settled: times get the store's offset, the business day is fixed, faults are told. */
import { type FieldError, pointerOf } from '#contracts/http/problems.ts';
import type { ReceiptInput } from '#contracts/http/receipts.ts';
import { addDays, businessDayOf, type LocalTime, parseLocalTime } from '#domain/chain/business-day.ts';
import type { Store } from '#domain/chain/store.ts';
import { faultsOf, type Receipt } from '#domain/place/figures/receipt.ts';

/** Clocks of tills run ahead; more than a day ahead is a wrong date, and would stand in figures of days to come. */
export const RECEIPT_AHEAD_MS_MAX = 24 * 3_600_000;

/** Before this, a till's clock has lost its battery. */
const EARLIEST_MS = Date.UTC(2000, 0, 1);
/** West of Greenwich, or before the day cut, the same instant is still of the day before. */
const EARLIEST_DAY = '1999-12-31';

/** The receipt a body tells of, or everything that is wrong with it; pointers begin at `at`. */
export function receiptOfRequest(
  body: ReceiptInput,
  store: Store,
  nowMs: number,
  at: ReadonlyArray<string | number>,
): { readonly receipt: Receipt } | { readonly faults: FieldError[] } {
  const faults: FieldError[] = [];
  const fault = (path: ReadonlyArray<string | number>, detail: string): void => {
    faults.push({ pointer: pointerOf([...at, ...path]), detail });
  };
  const time = (text: string, path: ReadonlyArray<string | number>): LocalTime | undefined => {
    const parsed = parseLocalTime(text, store.timeZone);
    if (parsed === undefined) fault(path, 'must be a time: 2026-11-22T10:03:12, with +08:00 or without');
    else if (parsed.instantMs > nowMs + RECEIPT_AHEAD_MS_MAX) fault(path, 'is more than a day ahead of now');
    else if (parsed.instantMs < EARLIEST_MS) fault(path, 'is before the year 2000');
    else return parsed;
    return undefined;
  };

  const closedAt = time(body.closedAt, ['closedAt']);
  if (body.currency !== undefined && body.currency !== store.currency) {
    fault(['currency'], `is not the store's currency, ${store.currency}`);
  }
  const lines = body.lines.map((line, index) => {
    const scannedAt =
      line.scannedAt === undefined ? undefined : time(line.scannedAt, ['lines', index, 'scannedAt']);
    return {
      productId: line.product,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      discount: line.discount ?? 0n,
      ...(line.name === undefined ? {} : { name: line.name }),
      ...(scannedAt === undefined ? {} : { scannedAt }),
    };
  });
  if (closedAt === undefined) return { faults };
  const receipt: Receipt = {
    storeId: store.storeId,
    tillId: body.till,
    businessDay: body.businessDay ?? businessDayOf(closedAt, store.dayCutMinutes),
    receiptNo: body.receiptNo,
    closedAt,
    lines,
    discount: body.discount ?? 0n,
    payments: body.payments ?? [],
    ...(body.cashier === undefined ? {} : { cashierId: body.cashier }),
    ...(body.phone === undefined ? {} : { phone: body.phone }),
    ...(body.memberNo === undefined ? {} : { memberNo: body.memberNo }),
  };
  if (receipt.businessDay > addDays(businessDayOf(closedAt, 0), 1)) {
    fault(['businessDay'], 'is more than a day ahead of closedAt');
  } else if (receipt.businessDay < EARLIEST_DAY) fault(['businessDay'], 'is before the year 2000');
  for (const { path, detail } of faultsOf(receipt)) fault(path, detail);
  return faults.length > 0 ? { faults } : { receipt };
}
