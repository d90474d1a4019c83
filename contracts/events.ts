/**
 * What travels on the log. The envelope has CloudEvents 1.0 names; the schema's name ends in a whole
 * number, and a number once used is parsed for ever, because the log and the dead letters outlive releases.
 *
 * An event says everything that counting needs: times carry the store's offset and the business day is
 * settled, so a replay next year folds into the same cells even if the store has moved its zone or its day cut.
 */
import * as v from 'valibot';
import {
  type BusinessDay,
  formatLocalTime,
  type LocalTime,
  parseBusinessDay,
} from '#domain/chain/business-day.ts';
import type { ProductId, ReceiptNo, StaffId, StoreId, TillId } from '#domain/chain/ids.ts';
import { formatAmount, parseAmount } from '#domain/chain/money.ts';
import type { Receipt } from '#domain/place/receipt.ts';

const amount = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const parsed = parseAmount(dataset.value);
    if (parsed !== undefined) return parsed;
    addIssue({ message: 'is not an amount' });
    return NEVER;
  }),
);

const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?([+-])(\d{2}):(\d{2})$/;

const localTime = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): LocalTime => {
    const match = WITH_OFFSET.exec(dataset.value);
    const instantMs = Date.parse(dataset.value);
    if (match !== null && !Number.isNaN(instantMs)) {
      const size = Number(match[2]) * 60 + Number(match[3]);
      return { instantMs, offsetMinutes: match[1] === '-' && size !== 0 ? -size : size };
    }
    addIssue({ message: 'is not a local time with its offset' });
    return NEVER;
  }),
);

const day = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): BusinessDay => {
    const parsed = parseBusinessDay(dataset.value);
    if (parsed !== undefined) return parsed;
    addIssue({ message: 'is not a business day' });
    return NEVER;
  }),
);

const id = <Id extends string>() =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.transform((value) => value as Id),
  );

const envelope = {
  specversion: v.literal('1.0'),
  id: v.string(),
  source: v.string(),
  time: v.string(),
  subject: id<StoreId>(),
  datacontenttype: v.literal('application/json'),
};

export const RECEIPT_CLOSED = 'aisle.receipt.closed';
export const RECOUNT_REQUESTED = 'aisle.recount.requested';

export const ReceiptClosedV1 = v.pipe(
  v.object({
    ...envelope,
    type: v.literal(RECEIPT_CLOSED),
    dataschema: v.literal('urn:aisle:schema:receipt.closed:1'),
    data: v.object({
      store: id<StoreId>(),
      till: id<TillId>(),
      businessDay: day,
      receiptNo: id<ReceiptNo>(),
      closedAt: localTime,
      lines: v.array(
        v.object({
          product: id<ProductId>(),
          name: v.optional(v.string()),
          quantity: v.pipe(v.number(), v.safeInteger()),
          unitPrice: amount,
          discount: v.optional(amount, '0'),
          scannedAt: v.optional(localTime),
        }),
      ),
      discount: v.optional(amount, '0'),
      payments: v.optional(v.array(v.object({ method: v.string(), amount })), []),
      cashier: v.optional(id<StaffId>()),
      phone: v.optional(v.string()),
      memberNo: v.optional(v.string()),
    }),
  }),
  v.metadata({ title: 'aisle.receipt.closed, version 1' }),
);

export const RecountRequestedV1 = v.pipe(
  v.object({
    ...envelope,
    type: v.literal(RECOUNT_REQUESTED),
    dataschema: v.literal('urn:aisle:schema:recount.requested:1'),
    data: v.object({ store: id<StoreId>(), businessDay: day }),
  }),
  v.metadata({ title: 'aisle.recount.requested, version 1' }),
);

/** Every event that the log may carry, oldest versions included. */
export const StoreEvent = v.variant('dataschema', [ReceiptClosedV1, RecountRequestedV1]);
export type StoreEvent = v.InferOutput<typeof StoreEvent>;

/** The wire form of an event: texts and whole numbers only, so that equal events are equal texts. */
export type WireEvent = v.InferInput<typeof StoreEvent>;

/** Store, till, business day and number: the name under which a receipt is counted once. */
export const receiptName = (
  receipt: Pick<Receipt, 'storeId' | 'tillId' | 'businessDay' | 'receiptNo'>,
): string =>
  [receipt.storeId, receipt.tillId, receipt.businessDay, receipt.receiptNo].map(encodeURIComponent).join('/');

/** The data of a receipt's event. Fields stand in one order and defaults are left out, so that texts compare. */
export function receiptData(receipt: Receipt): v.InferInput<typeof ReceiptClosedV1>['data'] {
  return {
    store: receipt.storeId,
    till: receipt.tillId,
    businessDay: receipt.businessDay,
    receiptNo: receipt.receiptNo,
    closedAt: formatLocalTime(receipt.closedAt),
    lines: receipt.lines.map((line) => ({
      product: line.productId,
      ...(line.name === undefined ? {} : { name: line.name }),
      quantity: line.quantity,
      unitPrice: formatAmount(line.unitPrice),
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
  };
}

/** The receipt that an event's data tells of. */
export function receiptOf(data: v.InferOutput<typeof ReceiptClosedV1>['data']): Receipt {
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
      ...(line.scannedAt === undefined ? {} : { scannedAt: line.scannedAt }),
    })),
    discount: data.discount,
    payments: data.payments,
    ...(data.cashier === undefined ? {} : { cashierId: data.cashier }),
    ...(data.phone === undefined ? {} : { phone: data.phone }),
    ...(data.memberNo === undefined ? {} : { memberNo: data.memberNo }),
  };
}

/** The event that tells of a receipt; its id is the receipt's name, so a repeated event is the same event. */
export function receiptClosed(receipt: Receipt, source: string): WireEvent {
  return {
    specversion: '1.0',
    id: receiptName(receipt),
    source,
    type: RECEIPT_CLOSED,
    time: formatLocalTime(receipt.closedAt),
    subject: receipt.storeId,
    dataschema: 'urn:aisle:schema:receipt.closed:1',
    datacontenttype: 'application/json',
    data: receiptData(receipt),
  };
}

/** Asks for the cells of one store's business day to be taken anew from its facts. */
export function recountRequested(
  store: StoreId,
  businessDay: BusinessDay,
  id: string,
  time: string,
  source: string,
): WireEvent {
  return {
    specversion: '1.0',
    id,
    source,
    type: RECOUNT_REQUESTED,
    time,
    subject: store,
    dataschema: 'urn:aisle:schema:recount.requested:1',
    datacontenttype: 'application/json',
    data: { store, businessDay },
  };
}

export type ParsedEvent =
  | { readonly kind: 'event'; readonly event: StoreEvent }
  | { readonly kind: 'unreadable'; readonly reason: string };

const ISSUES_TOLD_MAX = 5;

/** Reads one record of the log; says what is wrong with it where it is no event that was ever defined. */
export function parseEvent(bytes: Uint8Array): ParsedEvent {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return { kind: 'unreadable', reason: `not JSON in UTF-8: ${(error as Error).message}` };
  }
  const parsed = v.safeParse(StoreEvent, json);
  if (parsed.success) return { kind: 'event', event: parsed.output };
  const told = parsed.issues.slice(0, ISSUES_TOLD_MAX);
  return {
    kind: 'unreadable',
    reason: told.map((issue) => `${v.getDotPath(issue) ?? 'event'}: ${issue.message}`).join('; '),
  };
}
