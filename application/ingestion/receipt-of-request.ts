/**
 * Converts a receipt as a till posts it: times get the store's UTC offset, the business day is set, and the phone number is
 * brought into its one spelling. The endpoint and the dry run of an import share it, so that both ask the same.
 */
import { type FieldError, pointerOf } from '#contracts/http/problems.ts';
import type { ReceiptInput } from '#contracts/http/receipts.ts';
import { addDays, businessDayOf } from '#domain/chain/business-day.ts';
import { type Amount, formatAmount } from '#domain/chain/money.ts';
import type { Store } from '#domain/chain/store.ts';
import { parseStoreTime, type StoreTime } from '#domain/chain/store-clock.ts';
import { parseLabelPattern, productCode, readLabel } from '#domain/goods/product-code.ts';
import { toE164 } from '#domain/people/customers/phone-number.ts';
import { faultsOf, lineValueOf, type Receipt, type ReceiptLine } from '#domain/place/figures/receipt.ts';

/** Clocks of tills run ahead; more than a day ahead is a wrong date, and would count in figures of future days. */
export const RECEIPT_AHEAD_MS_MAX = 24 * 3_600_000;

/** A till whose clock lost its battery starts again in 1970, 1980 or 2000; no till that is in use has older receipts. */
const EARLIEST_MS = Date.UTC(2001, 0, 1);
/** West of Greenwich, or before the day cut, the same instant belongs to the day before. */
const EARLIEST_DAY = '2000-12-31';
const TOO_EARLY = "is before 2001; the till's clock may have lost its battery";

/** Ten digits before the point: a car in rupiah has ten, and a barcode in the price's field at least twelve. */
export const PRICE_LIMIT_DEFAULT: Amount = 9_999_999_999n * 10_000n;

/** What the conversion has to know of the chain. */
export interface ReceiptContext {
  readonly store: Store;
  /** ISO 3166-1 alpha-2: the country by whose rules phones without a country code are read. */
  readonly country: string | undefined;
  readonly nowMs: number;
  /** The highest price that a till of the chain can mean; PRICE_LIMIT_DEFAULT where the chain states none. */
  readonly priceLimit?: Amount | undefined;
  /** The chain's patterns of labels that its stores print; see `parseLabelPattern`. */
  readonly labels?: readonly string[] | undefined;
}

export type ConvertedReceipt =
  | { readonly receipt: Receipt; readonly warnings: readonly FieldError[] }
  | { readonly errors: FieldError[] };

/**
 * Returns the receipt of a body with warnings about what was left out of it, or all of its errors.
 *
 * @param at the path of the receipt in the request, with which pointers begin
 */
export function receiptOfRequest(
  body: ReceiptInput,
  { store, country, nowMs, priceLimit = PRICE_LIMIT_DEFAULT, labels = [] }: ReceiptContext,
  at: ReadonlyArray<string | number>,
): ConvertedReceipt {
  const errors: FieldError[] = [];
  const addError = (path: ReadonlyArray<string | number>, detail: string): void => {
    errors.push({ pointer: pointerOf([...at, ...path]), detail });
  };
  const time = (text: string, path: ReadonlyArray<string | number>): StoreTime | undefined => {
    const parsed = parseStoreTime(text, store);
    if (parsed === undefined) addError(path, 'must be a time: 2026-11-22T10:03:12, with +08:00 or without');
    else if (parsed.time.instantMs > nowMs + RECEIPT_AHEAD_MS_MAX)
      addError(path, 'is more than a day ahead of now');
    else if (parsed.time.instantMs < EARLIEST_MS) addError(path, TOO_EARLY);
    else return parsed;
    return undefined;
  };

  const closedAt = time(body.closedAt, ['closedAt']);
  if (body.currency !== undefined && body.currency !== store.currency) {
    addError(['currency'], `is not the store's currency, ${store.currency}`);
  }
  const lines = body.lines.map((line, index) => {
    for (const [name, detail] of priceErrors(line, priceLimit)) addError(['lines', index, name], detail);
    const scannedAt =
      line.scannedAt === undefined ? undefined : time(line.scannedAt, ['lines', index, 'scannedAt']);
    return {
      quantity: line.quantity,
      unitPrice: line.unitPrice ?? 0n,
      discount: line.discount ?? 0n,
      ...(line.name === undefined ? {} : { name: line.name }),
      ...(line.kind === undefined || line.kind === 'goods' ? {} : { kind: line.kind }),
      ...(line.unit === undefined ? {} : { unit: line.unit }),
      ...(line.amount === undefined ? {} : { amount: line.amount }),
      ...productOf(line, labels),
      ...(scannedAt === undefined ? {} : { scannedAt: scannedAt.time }),
    };
  });
  const phone =
    body.phone === undefined || body.phone.trim() === '' ? undefined : toE164(body.phone, country);
  if (closedAt === undefined) return { errors };
  const receipt: Receipt = {
    storeId: store.storeId,
    tillId: body.till,
    businessDay: body.businessDay ?? closedAt.day,
    receiptNo: body.receiptNo,
    closedAt: closedAt.time,
    lines,
    discount: body.discount ?? 0n,
    payments: body.payments ?? [],
    ...(body.cashier === undefined ? {} : { cashierId: body.cashier }),
    ...(phone === undefined ? {} : { phone }),
    ...(body.memberNo === undefined ? {} : { memberNo: body.memberNo }),
    ...(body.voids === undefined ? {} : { voids: body.voids }),
  };
  if (receipt.businessDay > addDays(businessDayOf(closedAt.time, 0), 1)) {
    addError(['businessDay'], 'is more than a day ahead of closedAt');
  } else if (receipt.businessDay < EARLIEST_DAY) addError(['businessDay'], TOO_EARLY);
  for (const { path, detail } of faultsOf(receipt)) addError(path, detail);
  if (errors.length > 0) return { errors };
  const isPhoneLost = phone === undefined && body.phone !== undefined && body.phone.trim() !== '';
  const detail = 'is no phone number that can be read; the receipt counts without it';
  return { receipt, warnings: isPhoneLost ? [{ pointer: pointerOf([...at, 'phone']), detail }] : [] };
}

type LineInput = ReceiptInput['lines'][number];

/**
 * Returns the product of a line, and what the store's label says of its weight or price. The value of the line stays what the
 * till says; only a line without one takes the label's price.
 */
function productOf(
  { product, quantity, unit, unitPrice = 0n, amount }: LineInput,
  labels: readonly string[],
): Pick<ReceiptLine, 'productId'> & Partial<ReceiptLine> {
  const patterns = labels.map(parseLabelPattern).filter((pattern) => pattern !== undefined);
  const label = readLabel(product, patterns);
  if (label === undefined) return { productId: productCode(product) };
  const { productId, grams = 0, price } = label;
  const value = lineValueOf({
    productId,
    quantity,
    unitPrice,
    discount: 0n,
    ...(amount === undefined ? {} : { amount }),
  });
  const isOnePiece = unit === undefined && Math.abs(quantity) === 1;
  if (grams > 0 && isOnePiece) {
    return { productId, quantity: (Math.sign(quantity) * grams) / GRAMS_PER_KG, unit: 'kg', amount: value };
  }
  return { productId, ...(price !== undefined && value === 0n && isOnePiece ? { amount: price } : {}) };
}

const GRAMS_PER_KG = 1_000;

function priceErrors(line: LineInput, limit: Amount): ReadonlyArray<readonly [name: string, detail: string]> {
  const detail = `is above the price limit of ${formatAmount(limit)}; is it a barcode?`;
  return (['unitPrice', 'amount'] as const).flatMap((name) =>
    (line[name] ?? 0n) > limit ? [[name, detail] as const] : [],
  );
}
