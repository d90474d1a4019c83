/**
 * A receipt is what a till closed. It is a fact: a return is another receipt with negative lines, never a change to the
 * first one. Its natural key is (store, till, business day, receipt number), because tills start
 * their numbering again each day; under that key it is counted once, however often a till sends it.
 */
import type { BusinessDay, LocalTime } from '../../chain/business-day.ts';
import type { ProductId, ReceiptNo, StaffId, StoreId, TillId } from '../../chain/ids.ts';
import { type Amount, allocate } from '../../chain/money.ts';

export interface ReceiptLine {
  readonly productId: ProductId;
  /** What the till printed. */
  readonly name?: string;
  /** Whole pieces, never 0; below 0 for pieces that the customer returned. Goods sold by weight are one piece at their price. */
  readonly quantity: number;
  /** ≥ 0; a price of 0 is a gift. */
  readonly unitPrice: Amount;
  /** Taken off this line as a whole; 0 … quantity × unitPrice. */
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
}

/** Returns the value of a line before discounts; ≥ 0 for a sale and for a return alike. */
export const lineValueOf = (line: ReceiptLine): Amount => BigInt(Math.abs(line.quantity)) * line.unitPrice;

/** Returns whether a receipt returns pieces and sells none at a price. */
const isReturnOnly = ({ lines }: Receipt): boolean =>
  lines.some(({ quantity }) => quantity < 0) && !lines.some(isSold);

const isSold = ({ quantity, unitPrice }: ReceiptLine): boolean => quantity > 0 && unitPrice > 0n;

/** Returns what is left of each line that takes a share of the receipt's discount; 0 for the others. */
function discountable(receipt: Receipt): Amount[] {
  const sign = isReturnOnly(receipt) ? -1 : 1;
  return receipt.lines.map((line) => (line.quantity * sign > 0 ? lineValueOf(line) - line.discount : 0n));
}

/** Returns the discount of each line: its own, and its share of the receipt's. */
export function discountsOf(receipt: Receipt): Amount[] {
  const own = receipt.lines.map((line) => line.discount);
  if (receipt.discount === 0n) return own;
  const open = discountable(receipt);
  const shares = allocate(receipt.discount, open);
  return own.map((discount, index) => discount + (shares[index] ?? 0n));
}

/**
 * Returns whether at least one piece was sold at a price, the trade's transaction. Gifts and returns alone
 * are not.
 */
export const isTransaction = ({ lines }: Receipt): boolean => lines.some(isSold);

/** Returns what the customer owes for a receipt: sales less discounts less returns. */
export function totalOf(receipt: Receipt): Amount {
  const lines = receipt.lines.reduce((sum, line) => {
    const value = lineValueOf(line) - line.discount;
    return line.quantity > 0 ? sum + value : sum - value;
  }, 0n);
  return isReturnOnly(receipt) ? lines + receipt.discount : lines - receipt.discount;
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
  const worth = discountable(receipt).reduce((sum, value) => sum + value, 0n);
  // A line that lost too much takes the sum below 0; that is its own fault and not the receipt's.
  if (receipt.discount > 0n && receipt.discount > worth)
    faults.push({ path: ['discount'], detail: 'is more than the receipt is worth' });
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
