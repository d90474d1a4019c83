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
import type {
  ProductId,
  ReceiptNo,
  SensorId,
  StaffId,
  StoreId,
  TillId,
  VisitorId,
  ZoneId,
} from '#domain/chain/ids.ts';
import { formatAmount, parseAmount } from '#domain/chain/money.ts';
import type { Receipt } from '#domain/place/figures/receipt.ts';
import type { Passage, Sighting } from '#domain/place/visits/sighting.ts';

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

export const SIGHTING_RECORDED = 'aisle.sighting.recorded';
export const PASSAGE_RECORDED = 'aisle.passage.recorded';
export const VISIT_OPENED = 'aisle.visit.opened';
export const VISIT_CLOSED = 'aisle.visit.closed';
export const VISITORS_MERGED = 'aisle.visitor.merged';
export const VISITORS_PARTED = 'aisle.visitor.parted';

const wholeMs = v.pipe(v.number(), v.safeInteger());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const SightingRecordedV1 = v.pipe(
  v.object({
    ...envelope,
    type: v.literal(SIGHTING_RECORDED),
    dataschema: v.literal('urn:aisle:schema:sighting.recorded:1'),
    data: v.object({
      store: id<StoreId>(),
      sensor: id<SensorId>(),
      businessDay: day,
      startedAt: localTime,
      visitor: v.optional(id<VisitorId>()),
      isStaff: v.optional(v.boolean(), false),
      presences: v.pipe(
        v.array(
          v.object({
            kind: v.picklist(['tracked', 'snapshot']),
            zone: v.optional(id<ZoneId>()),
            fromMs: wholeMs,
            toMs: wholeMs,
          }),
        ),
        v.minLength(1),
      ),
    }),
  }),
  v.metadata({ title: 'aisle.sighting.recorded, version 1' }),
);

export const PassageRecordedV1 = v.pipe(
  v.object({
    ...envelope,
    type: v.literal(PASSAGE_RECORDED),
    dataschema: v.literal('urn:aisle:schema:passage.recorded:1'),
    data: v.object({
      store: id<StoreId>(),
      sensor: id<SensorId>(),
      businessDay: day,
      startedAt: localTime,
      endedAtMs: wholeMs,
      entered: count,
      left: count,
    }),
  }),
  v.metadata({ title: 'aisle.passage.recorded, version 1' }),
);

/** A visit as the figures see it: what one visit adds to the cells follows from this and from nothing else. */
const visitSummary = v.object({
  /** Which visit of that visitor on that day in that store, from 1, by its beginning. */
  number: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  firstSeenAt: localTime,
  lastSeenAtMs: wholeMs,
  isClosed: v.boolean(),
  isStaff: v.boolean(),
  isAssisted: v.boolean(),
  /** Unknown for a track, which nobody knows the next day. */
  frequency: v.picklist(['first', 'second', 'regular', 'unknown']),
  /** Whether a shopper whose visit has ended came in behind others of a group. Tellings of before groups were counted have none. */
  groupRole: v.exactOptional(v.picklist(['leader', 'companion'])),
  zones: v.array(v.object({ zone: id<ZoneId>(), entries: count, ms: count })),
});

const visitTelling = v.object({
  store: id<StoreId>(),
  businessDay: day,
  visitor: id<VisitorId>(),
  /** Counts up with every telling of this visitor's day in this store; the telling is claimed under it. */
  revision: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** What the previous revision told, and what holds now: the cells take the difference. */
  before: v.array(visitSummary),
  after: v.array(visitSummary),
});

export const VisitOpenedV1 = v.pipe(
  v.object({
    ...envelope,
    type: v.literal(VISIT_OPENED),
    dataschema: v.literal('urn:aisle:schema:visit.opened:1'),
    data: visitTelling,
  }),
  v.metadata({ title: 'aisle.visit.opened, version 1' }),
);

export const VisitClosedV1 = v.pipe(
  v.object({
    ...envelope,
    type: v.literal(VISIT_CLOSED),
    dataschema: v.literal('urn:aisle:schema:visit.closed:1'),
    data: visitTelling,
  }),
  v.metadata({ title: 'aisle.visit.closed, version 1' }),
);

const visitorPair = v.object({
  store: id<StoreId>(),
  businessDay: day,
  /** Who goes on under … */
  visitor: id<VisitorId>(),
  /** … whose name. */
  into: id<VisitorId>(),
});

export const VisitorsMergedV1 = v.pipe(
  v.object({
    ...envelope,
    type: v.literal(VISITORS_MERGED),
    dataschema: v.literal('urn:aisle:schema:visitor.merged:1'),
    data: visitorPair,
  }),
  v.metadata({ title: 'aisle.visitor.merged, version 1' }),
);

export const VisitorsPartedV1 = v.pipe(
  v.object({
    ...envelope,
    type: v.literal(VISITORS_PARTED),
    dataschema: v.literal('urn:aisle:schema:visitor.parted:1'),
    data: visitorPair,
  }),
  v.metadata({ title: 'aisle.visitor.parted, version 1' }),
);

/** Every event that the log may carry, oldest versions included. */
export const StoreEvent = v.variant('dataschema', [
  ReceiptClosedV1,
  RecountRequestedV1,
  SightingRecordedV1,
  PassageRecordedV1,
  VisitOpenedV1,
  VisitClosedV1,
  VisitorsMergedV1,
  VisitorsPartedV1,
]);
export type StoreEvent = v.InferOutput<typeof StoreEvent>;

/** The types of events that are facts: each is claimed once under its name, and cells are counted from them. */
const FACTS = [RECEIPT_CLOSED, VISIT_OPENED, VISIT_CLOSED, PASSAGE_RECORDED] as const;
export type FactEvent = Extract<StoreEvent, { type: (typeof FACTS)[number] }>;

export const isFact = (event: StoreEvent): event is FactEvent =>
  (FACTS as readonly string[]).includes(event.type);

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

/** The name of an event, of parts that hold no slash; whoever tells the same again gives it the same name. */
export const eventName = (...parts: ReadonlyArray<string | number>): string =>
  parts.map((part) => encodeURIComponent(part)).join('/');

/** The event that tells of a sighting. `id` names the observation: told again under it, it is the same event. */
export function sightingRecorded(sighting: Sighting, id: string, source: string): WireEvent {
  return {
    specversion: '1.0',
    id,
    source,
    type: SIGHTING_RECORDED,
    time: formatLocalTime(sighting.startedAt),
    subject: sighting.storeId,
    dataschema: 'urn:aisle:schema:sighting.recorded:1',
    datacontenttype: 'application/json',
    data: {
      store: sighting.storeId,
      sensor: sighting.sensorId,
      businessDay: sighting.day,
      startedAt: formatLocalTime(sighting.startedAt),
      ...(sighting.visitorId === undefined ? {} : { visitor: sighting.visitorId }),
      ...(sighting.isStaff ? { isStaff: true } : {}),
      presences: sighting.presences.map(({ kind, zoneId, fromMs, toMs }) => ({
        kind,
        ...(zoneId === undefined ? {} : { zone: zoneId }),
        fromMs,
        toMs,
      })),
    },
  };
}

/** The event that tells what a door counter counted; a sensor and a beginning name it for ever. */
export function passageRecorded(passage: Passage, source: string): WireEvent {
  return {
    specversion: '1.0',
    id: eventName(passage.storeId, passage.sensorId, passage.startedAt.instantMs),
    source,
    type: PASSAGE_RECORDED,
    time: formatLocalTime(passage.startedAt),
    subject: passage.storeId,
    dataschema: 'urn:aisle:schema:passage.recorded:1',
    datacontenttype: 'application/json',
    data: {
      store: passage.storeId,
      sensor: passage.sensorId,
      businessDay: passage.day,
      startedAt: formatLocalTime(passage.startedAt),
      endedAtMs: passage.endedAtMs,
      entered: passage.entered,
      left: passage.left,
    },
  };
}

/** The event that says that one visitor of a day turned out to be another. */
export function visitorsMerged(
  store: StoreId,
  businessDay: BusinessDay,
  visitor: VisitorId,
  into: VisitorId,
  time: string,
  source: string,
): WireEvent {
  return {
    specversion: '1.0',
    id: eventName(store, businessDay, visitor, 'into', into),
    source,
    type: VISITORS_MERGED,
    time,
    subject: store,
    dataschema: 'urn:aisle:schema:visitor.merged:1',
    datacontenttype: 'application/json',
    data: { store, businessDay, visitor, into },
  };
}

/** The event that says that two who had been made one are two after all. */
export function visitorsParted(
  store: StoreId,
  businessDay: BusinessDay,
  visitor: VisitorId,
  into: VisitorId,
  time: string,
  source: string,
): WireEvent {
  return {
    specversion: '1.0',
    id: eventName(store, businessDay, visitor, 'from', into),
    source,
    type: VISITORS_PARTED,
    time,
    subject: store,
    dataschema: 'urn:aisle:schema:visitor.parted:1',
    datacontenttype: 'application/json',
    data: { store, businessDay, visitor, into },
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
