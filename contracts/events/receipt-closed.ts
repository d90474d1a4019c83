/** A till closed a receipt. The id is the name of the receipt, so a repeated event is the same event. */
import * as v from 'valibot';
import { formatLocalTime } from '#domain/chain/business-day.ts';
import type { ProductId, ReceiptNo, StaffId, StoreId, TillId } from '#domain/chain/ids.ts';
import { formatAmount } from '#domain/chain/money.ts';
import { LINE_KINDS, type Receipt, UNITS } from '#domain/place/figures/receipt.ts';
import { amountText, businessDay, idText, localTime } from '../primitives.ts';
import { defineEvent, eventName, wireEvent } from './envelope.ts';

export const RECEIPT_CLOSED = 'aisle.receipt.closed';

export const ReceiptClosedV1 = defineEvent(
  'receipt.closed',
  1,
  v.object({
    store: idText<StoreId>(),
    till: idText<TillId>(),
    businessDay: businessDay(),
    receiptNo: idText<ReceiptNo>(),
    closedAt: localTime(),
    lines: v.array(
      v.object({
        product: idText<ProductId>(),
        name: v.optional(v.string()),
        quantity: v.pipe(v.number(), v.safeInteger()),
        unitPrice: amountText(),
        discount: v.optional(amountText(), '0'),
        scannedAt: v.optional(localTime()),
      }),
    ),
    discount: v.optional(amountText(), '0'),
    payments: v.optional(v.array(v.object({ method: v.string(), amount: amountText() })), []),
    cashier: v.optional(idText<StaffId>()),
    phone: v.optional(v.string()),
    memberNo: v.optional(v.string()),
  }),
);

/** Adds kinds of lines, measures, amounts and voids. Data of version 1 are valid data of version 2. */
export const ReceiptClosedV2 = defineEvent(
  'receipt.closed',
  2,
  v.object({
    ...ReceiptClosedV1.pipe[0].entries.data.entries,
    lines: v.array(
      v.object({
        product: idText<ProductId>(),
        name: v.optional(v.string()),
        kind: v.optional(v.picklist(LINE_KINDS)),
        quantity: v.pipe(v.number(), v.finite()),
        unit: v.optional(v.picklist(UNITS)),
        unitPrice: amountText(),
        amount: v.optional(amountText()),
        discount: v.optional(amountText(), '0'),
        scannedAt: v.optional(localTime()),
      }),
    ),
    voids: v.optional(idText<ReceiptNo>()),
  }),
);

type WireReceiptClosed = v.InferInput<typeof ReceiptClosedV1> | v.InferInput<typeof ReceiptClosedV2>;
type WireReceiptData = v.InferInput<typeof ReceiptClosedV2>['data'];

/** Returns the name under which a receipt is counted once: store, till, business day and number. */
export const receiptName = ({
  storeId,
  tillId,
  businessDay,
  receiptNo,
}: Pick<Receipt, 'storeId' | 'tillId' | 'businessDay' | 'receiptNo'>): string =>
  eventName(storeId, tillId, businessDay, receiptNo);

/** Returns the data of a receipt's event. Fields are in one order and defaults are left out, so that texts compare. */
export function receiptData(receipt: Receipt): WireReceiptData {
  return {
    store: receipt.storeId,
    till: receipt.tillId,
    businessDay: receipt.businessDay,
    receiptNo: receipt.receiptNo,
    closedAt: formatLocalTime(receipt.closedAt),
    lines: receipt.lines.map((line) => ({
      product: line.productId,
      ...(line.name === undefined ? {} : { name: line.name }),
      ...(line.kind === undefined ? {} : { kind: line.kind }),
      quantity: line.quantity,
      ...(line.unit === undefined ? {} : { unit: line.unit }),
      unitPrice: formatAmount(line.unitPrice),
      ...(line.amount === undefined ? {} : { amount: formatAmount(line.amount) }),
      ...(line.discount === 0n ? {} : { discount: formatAmount(line.discount) }),
      ...(line.scannedAt === undefined ? {} : { scannedAt: formatLocalTime(line.scannedAt) }),
    })),
    ...(receipt.discount === 0n ? {} : { discount: formatAmount(receipt.discount) }),
    ...(receipt.payments.length === 0
      ? {}
      : {
          payments: receipt.payments.map((payment) => ({
            method: payment.method,
            amount: formatAmount(payment.amount),
          })),
        }),
    ...(receipt.cashierId === undefined ? {} : { cashier: receipt.cashierId }),
    ...(receipt.phone === undefined ? {} : { phone: receipt.phone }),
    ...(receipt.memberNo === undefined ? {} : { memberNo: receipt.memberNo }),
    ...(receipt.voids === undefined ? {} : { voids: receipt.voids }),
  };
}

/** Returns the receipt that an event's data holds. */
export function receiptOf(
  data: v.InferOutput<typeof ReceiptClosedV1>['data'] | v.InferOutput<typeof ReceiptClosedV2>['data'],
): Receipt {
  return {
    storeId: data.store,
    tillId: data.till,
    businessDay: data.businessDay,
    receiptNo: data.receiptNo,
    closedAt: data.closedAt,
    lines: data.lines.map((line) => ({
      productId: line.product,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      discount: line.discount,
      ...(line.name === undefined ? {} : { name: line.name }),
      ...('kind' in line && line.kind !== undefined ? { kind: line.kind } : {}),
      ...('unit' in line && line.unit !== undefined ? { unit: line.unit } : {}),
      ...('amount' in line && line.amount !== undefined ? { amount: line.amount } : {}),
      ...(line.scannedAt === undefined ? {} : { scannedAt: line.scannedAt }),
    })),
    discount: data.discount,
    payments: data.payments,
    ...(data.cashier === undefined ? {} : { cashierId: data.cashier }),
    ...(data.phone === undefined ? {} : { phone: data.phone }),
    ...(data.memberNo === undefined ? {} : { memberNo: data.memberNo }),
    ...('voids' in data && data.voids !== undefined ? { voids: data.voids } : {}),
  };
}

/** Returns whether a receipt can be published in the first version, which older releases read. */
const isOfVersion1 = ({ lines, voids }: Receipt): boolean =>
  voids === undefined &&
  lines.every(
    ({ kind, unit, amount, quantity }) =>
      kind === undefined && unit === undefined && amount === undefined && Number.isInteger(quantity),
  );

/** Returns the event of a closed receipt, in the first version that holds all of it. */
export function receiptClosed(receipt: Receipt, source: string): WireReceiptClosed {
  const head = {
    id: receiptName(receipt),
    source,
    time: formatLocalTime(receipt.closedAt),
    subject: receipt.storeId,
  };
  const data = receiptData(receipt);
  return isOfVersion1(receipt)
    ? wireEvent(ReceiptClosedV1, head, data)
    : wireEvent(ReceiptClosedV2, head, data);
}

const ReceiptData = ReceiptClosedV2.pipe[0].entries.data;

/**
 * Returns the receipt that stored data hold.
 *
 * @throws where the data are of no version of the event
 */
export const receiptOfData = (json: unknown): Receipt => receiptOf(v.parse(ReceiptData, json));
