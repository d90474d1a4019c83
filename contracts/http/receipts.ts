/**
 * What a till posts. Field names are plain, prices may be written as numbers or texts, and a field that
 * is not known is a fault: a till that writes `discont` would otherwise sell at full price in every report.
 */
import * as v from 'valibot';
import { parseBusinessDay, parseLocalTime } from '#domain/chain/business-day.ts';
import {
  isForeignId,
  isPlaceId,
  type ProductId,
  type ReceiptNo,
  type StaffId,
  type StoreId,
  type TillId,
} from '#domain/chain/ids.ts';
import { parseAmount } from '#domain/chain/money.ts';
import { Problem } from './problems.ts';
import { strictObjectMessage } from './strict-object-message.ts';

export const RECEIPTS_MAX = 500;
export const BATCH_BYTES_MAX = 1_000_000;
export const LINES_MAX = 1_000;
export const PAYMENTS_MAX = 50;
export const QUANTITY_MAX = 1_000_000;
export const TEXT_LENGTH_MAX = 200;

/** Line and receipt values stay below this, so that no sum over a chain's life nears 38 digits. */
const WELL_FORMED = /^[^\p{Cc}\p{Cs}\uFFFD]*$/u;

const text = v.pipe(
  v.string('must be a text'),
  v.maxLength(TEXT_LENGTH_MAX, `must not be longer than ${TEXT_LENGTH_MAX} characters`),
  v.regex(WELL_FORMED, 'must not hold control characters or broken UTF-8'),
);

const time = v.pipe(
  text,
  v.check(
    (written) => parseLocalTime(written, 'UTC') !== undefined,
    'must be a time: 2026-11-22T10:03:12, with +08:00 or without',
  ),
);

const foreignId = <Id extends string>(what: string) =>
  v.pipe(
    v.string('must be a text'),
    v.check(isForeignId, `must be 1 to 64 characters without control characters, # or outer spaces`),
    v.transform((id) => id as Id),
    v.description(what),
  );

/** Numbers are taken as JSON writes them; beyond 15 digits a double is no longer what was written. */
const NUMBER_DIGITS_MAX = 15;

function amountText(value: number | string): string {
  if (typeof value === 'string') return value;
  const written = String(value);
  return written.replace(/[-.]/g, '').length > NUMBER_DIGITS_MAX ? `${written} (as a number)` : written;
}

const amount = v.pipe(
  v.union([v.number(), v.string()], 'must be a number, or a text such as "12.3456"'),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const parsed = parseAmount(amountText(dataset.value));
    if (parsed !== undefined) return parsed;
    addIssue({
      message:
        'must be an amount with at most 12 digits before and 4 after the point (longer numbers as texts)',
    });
    return NEVER;
  }),
);

const amountFromZero = v.pipe(
  amount,
  v.check((value) => value >= 0n, 'must not be below 0'),
);

export const ReceiptLineInput = v.strictObject(
  {
    product: foreignId<ProductId>('The product: SKU, article number or barcode.'),
    name: v.optional(v.pipe(text, v.description('What the till prints for it.'))),
    quantity: v.pipe(
      v.number('must be a whole number'),
      v.safeInteger('must be a whole number'),
      v.minValue(-QUANTITY_MAX, `must not be below -${QUANTITY_MAX}`),
      v.maxValue(QUANTITY_MAX, `must not be above ${QUANTITY_MAX}`),
      v.notValue(0, 'must not be 0'),
      v.description('Pieces; below 0 for pieces brought back.'),
    ),
    unitPrice: v.pipe(
      amountFromZero,
      v.description('Price of one piece, up to four decimals; 0 for a gift.'),
    ),
    discount: v.optional(v.pipe(amountFromZero, v.description('Taken off the line as a whole.'))),
    scannedAt: v.optional(v.pipe(time, v.description('When it went over the scanner. Form as closedAt.'))),
  },
  strictObjectMessage('a line'),
);

export const PaymentInput = v.strictObject(
  {
    method: v.pipe(
      text,
      v.minLength(1, 'must not be empty'),
      v.description('cash, wechat, alipay, card, rounding, …'),
    ),
    amount: v.pipe(amount, v.description('Below 0 for money given back.')),
  },
  strictObjectMessage('a payment'),
);

/** E.164: a plus sign, a country code, and at most fifteen digits in all. */
const PHONE = /^\+[1-9]\d{6,14}$/;

export const ReceiptInput = v.pipe(
  v.strictObject(
    {
      store: v.optional(
        v.pipe(
          v.string('must be a text'),
          v.check(isPlaceId, 'must be a store id'),
          v.transform((id) => id as StoreId),
          v.description("May be left out: the store is the key's. Another store is refused."),
        ),
      ),
      till: foreignId<TillId>('The till.'),
      receiptNo: foreignId<ReceiptNo>(
        'The number the till gave it; unique for store, till and business day.',
      ),
      closedAt: v.pipe(
        time,
        v.description('RFC 3339, or without an offset the wall clock of the store: 2026-11-22T10:03:12.'),
      ),
      businessDay: v.optional(
        v.pipe(
          v.string('must be a text'),
          v.rawTransform(({ dataset, addIssue, NEVER }) => {
            const day = parseBusinessDay(dataset.value);
            if (day !== undefined) return day;
            addIssue({ message: 'must be a day of the calendar: YYYY-MM-DD' });
            return NEVER;
          }),
          v.description("Where the till keeps its own; otherwise from closedAt and the store's day cut."),
        ),
      ),
      currency: v.optional(
        v.pipe(v.string('must be a text'), v.regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code')),
      ),
      cashier: v.optional(foreignId<StaffId>('Who sat at the till.')),
      phone: v.optional(
        v.pipe(
          v.string('must be a text'),
          v.regex(PHONE, 'must be E.164: +8613800138000'),
          v.description("The customer's, E.164."),
        ),
      ),
      memberNo: v.optional(foreignId<string>("The customer's member number.")),
      discount: v.optional(v.pipe(amountFromZero, v.description('Taken off the sale as a whole.'))),
      lines: v.pipe(
        v.array(ReceiptLineInput, 'must be a list'),
        v.minLength(1, 'must hold at least one line'),
        v.maxLength(LINES_MAX, `must not hold more than ${LINES_MAX} lines`),
      ),
      payments: v.optional(
        v.pipe(
          v.array(PaymentInput, 'must be a list'),
          v.maxLength(PAYMENTS_MAX, `must not hold more than ${PAYMENTS_MAX} payments`),
          v.description('Split payments; where given they add up to what the customer owed.'),
        ),
      ),
    },
    strictObjectMessage('a receipt'),
  ),
  v.metadata({ title: 'Receipt', description: 'What a till closed: a sale, a return, or both at once.' }),
);

export type ReceiptInput = v.InferOutput<typeof ReceiptInput>;

export const ReceiptsRequest = v.pipe(
  v.strictObject(
    {
      receipts: v.pipe(
        v.array(v.unknown(), 'must be a list'),
        v.minLength(1, 'must hold at least one receipt'),
        v.maxLength(RECEIPTS_MAX, `must not hold more than ${RECEIPTS_MAX} receipts`),
      ),
    },
    strictObjectMessage('the body, { "receipts": [ … ] }'),
  ),
  v.metadata({ title: 'Receipts' }),
);

const index = v.pipe(v.number(), v.integer(), v.description('Place of the receipt in the request, from 0.'));

export const ReceiptResult = v.pipe(
  v.variant('status', [
    v.object({
      status: v.literal('accepted'),
      index,
      id: v.pipe(v.string(), v.description('Its name for ever: store/till/business day/receipt number.')),
    }),
    v.object({ status: v.literal('refused'), index, problem: Problem }),
    v.object({
      status: v.literal('not-accepted'),
      index,
      problem: Problem,
    }),
  ]),
  v.metadata({
    title: 'ReceiptResult',
    description:
      'accepted: durable, and counted once however often it is sent. refused: mend it. not taken: send it again later.',
  }),
);

export type ReceiptResult = v.InferOutput<typeof ReceiptResult>;

export const ReceiptsResponse = v.pipe(
  v.object({
    accepted: v.pipe(v.number(), v.integer()),
    refused: v.pipe(v.number(), v.integer()),
    notAccepted: v.pipe(v.number(), v.integer()),
    receipts: v.array(ReceiptResult),
  }),
  v.metadata({ title: 'ReceiptsResponse' }),
);

export type ReceiptsResponse = v.InferOutput<typeof ReceiptsResponse>;
