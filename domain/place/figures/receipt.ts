/**
 * A receipt is what a till closed. It is a fact: a return is another receipt with negative lines, never a change to the
 * first one. Its natural key is (store, till, business day, receipt number), because tills start
 * their numbering again each day; under that key it is counted once, however often a till sends it.
 */
import type { BusinessDay, LocalTime } from '../../chain/business-day.ts';
import type { ProductId, ReceiptNo, StaffId, StoreId, TillId } from '../../chain/ids.ts';
import { type Amount, allocate } from '../../chain/money.ts';

/**
 * What a line is about. Only goods are sales: a gift card that is sold is money for later, and counts when goods are bought
 * with it; deposits come back; fees, tips, tax and shipping pass through the till. A coupon is taken off the goods.
 */
export const LINE_KINDS = [
  'goods',
  'coupon',
  'gift-card',
  'deposit',
  'fee',
  'tip',
  'tax',
  'shipping',
  'rounding',
] as const;
export type LineKind = (typeof LINE_KINDS)[number];

/** Units of goods that are sold by measure; a line of them counts as one piece. */
export const UNITS = ['kg', 'g', 'lb', 'oz', 'l', 'ml', 'm', 'm2'] as const;
export type Unit = (typeof UNITS)[number];

export interface ReceiptLine {
  readonly productId: ProductId;
  /** What the till printed. */
  readonly name?: string;
  /** `goods` where absent. */
  readonly kind?: LineKind;
  /** Pieces, or a measure in `unit`; never 0, below 0 for what the customer returned. */
  readonly quantity: number;
  readonly unit?: Unit;
  /** ≥ 0; a price of 0 is a gift. 0 where only `amount` is known. */
  readonly unitPrice: Amount;
  /** The value of the line before discounts, as the till printed it; quantity × unitPrice where absent. */
  readonly amount?: Amount;
  /** Taken off this line as a whole; 0 … the value of the line. */
  readonly discount: Amount;
  /** When it was scanned, where the till reports it; otherwise it counts at the receipt's close. */
  readonly scannedAt?: LocalTime;
}

export interface Payment {
  /** As the till names it: cash, wechat, alipay, card, rounding … */
  readonly method: string;
  /** Below 0 for money given back. */
  readonly amount: Amount;
}

export interface Receipt {
  readonly storeId: StoreId;
  readonly tillId: TillId;
  readonly businessDay: BusinessDay;
  readonly receiptNo: ReceiptNo;
  readonly closedAt: LocalTime;
  readonly lines: readonly ReceiptLine[];
  /**
   * Taken off the receipt as a whole, spread over its sold lines by their value. On a receipt that only returns pieces it
   * is what the sale had been reduced by, and is spread over the returned lines.
   */
  readonly discount: Amount;
  readonly payments: readonly Payment[];
  readonly cashierId?: StaffId;
  readonly phone?: string;
  readonly memberNo?: string;
  /** The number of the receipt that this one takes back as if it had never been; all lines are then returned. */
  readonly voids?: ReceiptNo;
}

const QUANTITY_SCALE = 1_000;
/** Tills print the value of a weight to the hundredth: 0.333 kg at 1.00 are 0.33. */
const PRINTED = 100n;

/** Returns the value of a line before discounts; ≥ 0 for a sale and for a return alike. */
export function lineValueOf({ quantity, unitPrice, amount }: ReceiptLine): Amount {
  if (amount !== undefined) return amount;
  const size = Math.abs(quantity);
  if (Number.isInteger(size)) return BigInt(size) * unitPrice;
  const exact = BigInt(Math.round(size * QUANTITY_SCALE)) * unitPrice;
  const step = BigInt(QUANTITY_SCALE) * PRINTED;
  return ((2n * exact + step) / (2n * step)) * PRINTED;
}

/** Returns how many pieces a line counts as: one for goods by measure. */
export const piecesOf = ({ quantity, unit }: ReceiptLine): bigint =>
  unit === undefined && Number.isInteger(quantity) ? BigInt(Math.abs(quantity)) : 1n;

/** Returns whether a line is about goods, the only lines that count in figures. */
export const isGoods = ({ kind = 'goods' }: ReceiptLine): boolean => kind === 'goods';

/**
 * Returns the receipt without goods that it both sells and takes back at the same price: a cashier's correction, by which
 * nothing was sold and nothing returned.
 */
export function withoutCorrections(receipt: Receipt): Receipt {
  if (!receipt.lines.some(({ quantity }) => quantity < 0)) return receipt;
  const lines: (ReceiptLine | undefined)[] = [...receipt.lines];
  receipt.lines.forEach((line, index) => {
    if (line.quantity > 0 || !isGoods(line)) return;
    for (let other = 0; other < lines.length; other++) {
      const [taken, sold] = [lines[index], lines[other]];
      if (taken === undefined) return;
      if (sold === undefined || sold.quantity < 0 || !isSameGoods(taken, sold)) continue;
      const left = sold.quantity + taken.quantity;
      // Only whole lines may have discounts, measures and amounts of their own.
      const isPartial = left !== 0;
      if (isPartial && !(isPlain(taken) && isPlain(sold))) continue;
      lines[other] = left > 0 ? { ...sold, quantity: left } : undefined;
      lines[index] = left < 0 ? { ...taken, quantity: left } : undefined;
    }
  });
  return { ...receipt, lines: lines.filter((line) => line !== undefined) };
}

const isSameGoods = (a: ReceiptLine, b: ReceiptLine): boolean =>
  isGoods(b) &&
  a.productId === b.productId &&
  a.unitPrice === b.unitPrice &&
  a.amount === b.amount &&
  a.unit === b.unit &&
  a.discount === b.discount;

const isPlain = ({ discount, amount, quantity }: ReceiptLine): boolean =>
  discount === 0n && amount === undefined && Number.isInteger(quantity);

/** Returns whether a receipt returns goods and sells none at a price. */
function isReturnOnly(receipt: Receipt): boolean {
  const { lines } = withoutCorrections(receipt);
  return lines.some((line) => isGoods(line) && line.quantity < 0) && !lines.some(isSold);
}

const isSold = (line: ReceiptLine): boolean => isGoods(line) && line.quantity > 0 && lineValueOf(line) > 0n;

const isCoupon = ({ kind }: ReceiptLine): boolean => kind === 'coupon';

/** Returns what is taken off the receipt as a whole: its discount, and its coupons. */
function receiptDiscountOf(receipt: Receipt): Amount {
  const sign = isReturnOnly(receipt) ? -1 : 1;
  return receipt.lines
    .filter(isCoupon)
    .reduce((sum, line) => sum + signed(line, lineValueOf(line)) * BigInt(sign), receipt.discount);
}

const signed = ({ quantity }: ReceiptLine, value: Amount): Amount => (quantity > 0 ? value : -value);

/** Returns what is left of each line that takes a share of the receipt's discount; 0 for the others. */
function discountable(receipt: Receipt): Amount[] {
  const sign = isReturnOnly(receipt) ? -1 : 1;
  return receipt.lines.map((line) =>
    isGoods(line) && line.quantity * sign > 0 ? lineValueOf(line) - line.discount : 0n,
  );
}

/** Returns the discount of each line: its own, and its share of the receipt's discount and coupons. */
export function discountsOf(receipt: Receipt): Amount[] {
  const own = receipt.lines.map((line) => line.discount);
  const whole = receiptDiscountOf(receipt);
  if (whole <= 0n) return own;
  const shares = allocate(whole, discountable(receipt));
  return own.map((discount, index) => discount + (shares[index] ?? 0n));
}

/**
 * Returns whether at least one piece was sold at a price, the trade's transaction. Gifts and returns alone
 * are not, nor are gift cards and deposits.
 */
export const isTransaction = (receipt: Receipt): boolean =>
  receipt.voids === undefined && withoutCorrections(receipt).lines.some(isSold);

/** Returns what the customer owes for a receipt: all lines, less discounts, coupons and returns. */
export function totalOf(receipt: Receipt): Amount {
  const lines = receipt.lines
    .filter((line) => !isCoupon(line))
    .reduce((sum, line) => sum + signed(line, lineValueOf(line) - line.discount), 0n);
  const whole = receiptDiscountOf(receipt);
  return isReturnOnly(receipt) ? lines + whole : lines - whole;
}

export interface ReceiptFault {
  readonly path: readonly (string | number)[];
  readonly detail: string;
}

/** Returns every way in which the parts of a receipt contradict each other; empty for a consistent one. */
export function faultsOf(receipt: Receipt): ReceiptFault[] {
  const faults: ReceiptFault[] = [];
  receipt.lines.forEach((line, index) => {
    if (line.discount > lineValueOf(line)) {
      faults.push({ path: ['lines', index, 'discount'], detail: 'is more than the line is worth' });
    }
  });
  const worth = discountable(withoutCorrections(receipt)).reduce((sum, value) => sum + value, 0n);
  // A line that lost too much takes the sum below 0; that is its own fault and not the receipt's.
  if (receiptDiscountOf(receipt) > 0n && receiptDiscountOf(receipt) > worth)
    faults.push({ path: ['discount'], detail: 'is more than the receipt is worth' });
  if (receipt.voids !== undefined && receipt.lines.some(({ quantity }) => quantity > 0))
    faults.push({
      path: ['voids'],
      detail: 'needs all lines below 0: they take back what the other receipt sold',
    });
  if (receipt.payments.length > 0) {
    const paid = receipt.payments.reduce((sum, payment) => sum + payment.amount, 0n);
    if (paid !== totalOf(receipt)) {
      faults.push({
        path: ['payments'],
        detail: 'do not add up to the receipt (a rounding goes in as a payment of its own)',
      });
    }
  }
  return faults;
}
