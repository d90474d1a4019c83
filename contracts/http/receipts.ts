/**
 * The receipts that a till posts. Prices are numbers or texts. An unknown field is an error: a till that sends `discont`
 * would otherwise sell at full price in every report.
 */
import * as v from 'valibot';
import { parseLocalTime } from '#domain/chain/business-day.ts';
import type { ProductId, ReceiptNo, StaffId, StoreId, TillId } from '#domain/chain/ids.ts';
import { parseAmount } from '#domain/chain/money.ts';
import { LINE_KINDS, UNITS } from '#domain/place/figures/receipt.ts';
import { businessDay, count, examples, foreignId, jsonSchema, placeId, WELL_FORMED } from '../primitives.ts';
import { FieldError, Problem } from './problems.ts';
import { strictObjectMessage } from './strict-object-message.ts';

export const RECEIPTS_MAX = 500;
export const BATCH_BYTES_MAX = 1_000_000;
export const LINES_MAX = 1_000;
export const PAYMENTS_MAX = 50;
export const QUANTITY_MAX = 1_000_000;
export const TEXT_LENGTH_MAX = 200;

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
  examples('2026-11-22T10:03:12+08:00', '2026-11-22T10:03:12'),
);

/** Returns whether a quantity has at most three decimals, which a double holds exactly enough. */
const isThousandths = (value: number): boolean =>
  Number.isFinite(value) && Math.abs(value * 1_000 - Math.round(value * 1_000)) < 1e-6;

/** Beyond 15 digits a double no longer equals the number that the till printed. */
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

const DIGITS = '\\d{1,12}(?:\\.\\d{1,4})?';

const amountFromZero = v.pipe(
  amount,
  v.check((value) => value >= 0n, 'must not be below 0'),
  jsonSchema({
    anyOf: [
      { type: 'number', minimum: 0 },
      { type: 'string', pattern: `^${DIGITS}$` },
    ],
  }),
);

const signedAmount = v.pipe(
  amount,
  jsonSchema({ anyOf: [{ type: 'number' }, { type: 'string', pattern: `^-?${DIGITS}$` }] }),
);

const lineFields = v.strictObject(
  {
    product: v.pipe(
      foreignId<ProductId>(),
      v.description('The product: SKU, article number or barcode.'),
      examples('SKU-1001'),
    ),
    name: v.optional(v.pipe(text, v.description('The name that the till prints.'))),
    kind: v.optional(
      v.pipe(
        v.picklist(LINE_KINDS, `must be one of ${LINE_KINDS.join(', ')}`),
        v.description(
          'What the line is about; goods by default. Only goods count in sales, units and transactions; a coupon is taken off them.',
        ),
        examples('gift-card'),
      ),
    ),
    quantity: v.pipe(
      v.number('must be a number'),
      v.check((value) => isThousandths(value), 'must have at most three decimals'),
      v.minValue(-QUANTITY_MAX, `must not be below -${QUANTITY_MAX}`),
      v.maxValue(QUANTITY_MAX, `must not be above ${QUANTITY_MAX}`),
      v.notValue(0, 'must not be 0'),
      v.description(
        'Pieces, or a measure in `unit`, which counts as one piece; below 0 for what is returned.',
      ),
      examples(2, 0.333),
    ),
    unit: v.optional(
      v.pipe(
        v.picklist(UNITS, `must be one of ${UNITS.join(', ')}`),
        v.description('The unit of a measure; required for a quantity with decimals.'),
        examples('kg'),
      ),
    ),
    unitPrice: v.optional(
      v.pipe(
        amountFromZero,
        v.description(
          'Price of one piece or unit, up to four decimals; 0 for a gift. May be left out beside `amount`.',
        ),
        examples('99.00'),
      ),
    ),
    amount: v.optional(
      v.pipe(
        amountFromZero,
        v.description(
          'Value of the whole line before discounts, as printed: for weights, and 3 for 10.00. By default quantity times unitPrice, to the hundredth for a measure.',
        ),
        examples('10.00'),
      ),
    ),
    discount: v.optional(
      v.pipe(amountFromZero, v.description('Discount on the whole line.'), examples('10.00')),
    ),
    scannedAt: v.optional(
      v.pipe(time, v.description('When the product was scanned. Same format as closedAt.')),
    ),
  },
  strictObjectMessage('a line'),
);

export const ReceiptLineInput = v.pipe(
  lineFields,
  v.forward(
    v.partialCheck(
      [['quantity'], ['unit']],
      ({ quantity, unit }) => unit !== undefined || Number.isInteger(quantity),
      'must be a whole number of pieces, or have a unit such as kg',
    ),
    ['quantity'],
  ),
  v.forward(
    v.partialCheck(
      [['unitPrice'], ['amount']],
      ({ unitPrice, amount }) => unitPrice !== undefined || amount !== undefined,
      'is missing; a line has a unitPrice or an amount',
    ),
    ['unitPrice'],
  ),
);

export const PaymentInput = v.strictObject(
  {
    method: v.pipe(
      text,
      v.minLength(1, 'must not be empty'),
      v.description('cash, wechat, alipay, card, rounding, …'),
    ),
    amount: v.pipe(signedAmount, v.description('Below 0 for a refund.'), examples('89.00')),
  },
  strictObjectMessage('a payment'),
);

export const ReceiptInput = v.pipe(
  v.strictObject(
    {
      store: v.optional(
        v.pipe(
          placeId<StoreId>('must be a store id'),
          v.description('Optional: the store of the key. Another store is refused.'),
          examples('sz01'),
        ),
      ),
      till: v.pipe(foreignId<TillId>(), v.description('The till.'), examples('T1')),
      receiptNo: v.pipe(
        foreignId<ReceiptNo>(),
        v.description('The number that the till gave it; unique for store, till and business day.'),
        examples('000123'),
      ),
      closedAt: v.pipe(
        time,
        v.description('RFC 3339. Without an offset it is the local time of the store: 2026-11-22T10:03:12.'),
      ),
      businessDay: v.optional(
        v.pipe(
          businessDay(),
          v.description("The till's own business day; by default from closedAt and the store's day cut."),
          examples('2026-11-22'),
        ),
      ),
      currency: v.optional(
        v.pipe(
          v.string('must be a text'),
          v.regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code'),
          v.description('ISO 4217. Optional: the currency of the chain. Another currency is refused.'),
        ),
      ),
      cashier: v.optional(v.pipe(foreignId<StaffId>(), v.description('The cashier at the till.'))),
      phone: v.optional(
        v.pipe(
          v.union([v.string(), v.number()], 'must be a text'),
          v.transform(String),
          v.description(
            "The customer's phone number: +8613800138000, or as it is dialled in the chain's country. One that cannot be read is left out, with a warning.",
          ),
          jsonSchema({ type: 'string' }),
          examples('+8613800138000', '138 0013 8000'),
        ),
      ),
      memberNo: v.optional(v.pipe(foreignId(), v.description("The customer's member number."))),
      voids: v.optional(
        v.pipe(
          foreignId<ReceiptNo>(),
          v.description(
            'The number of a receipt that this one takes back as if it had never been; all of its lines are below 0.',
          ),
          examples('000122'),
        ),
      ),
      discount: v.optional(
        v.pipe(amountFromZero, v.description('Discount on the whole receipt.'), examples('5.00')),
      ),
      lines: v.pipe(
        v.array(ReceiptLineInput, 'must be a list'),
        v.minLength(1, 'must hold at least one line'),
        v.maxLength(LINES_MAX, `must not hold more than ${LINES_MAX} lines`),
        v.description('Sold, given and returned products, in the order of the receipt.'),
      ),
      payments: v.optional(
        v.pipe(
          v.array(PaymentInput, 'must be a list'),
          v.maxLength(PAYMENTS_MAX, `must not hold more than ${PAYMENTS_MAX} payments`),
          v.description('Split payments; if present, they add up to the amount due.'),
        ),
      ),
    },
    strictObjectMessage('a receipt'),
  ),
  v.metadata({ title: 'Receipt', description: 'A closed receipt: a sale, a return, or both at once.' }),
);

export type ReceiptInput = v.InferOutput<typeof ReceiptInput>;

export const ReceiptsRequest = v.pipe(
  v.strictObject(
    {
      receipts: v.pipe(
        v.array(v.unknown(), 'must be a list'),
        v.minLength(1, 'must hold at least one receipt'),
        v.maxLength(RECEIPTS_MAX, `must not hold more than ${RECEIPTS_MAX} receipts`),
        v.description('Each is accepted or refused on its own; an invalid one does not hold up the others.'),
        jsonSchema({ items: { $ref: '#/components/schemas/Receipt' } }),
      ),
    },
    strictObjectMessage('the body, { "receipts": [ … ] }'),
  ),
  v.metadata({ title: 'Receipts' }),
);

/** What was left out of an accepted receipt. */
const warnings = v.pipe(
  v.optional(v.array(FieldError)),
  v.description(
    'Fields that could not be read and were left out: a phone number. The receipt counts without them.',
  ),
);

const index = v.pipe(count, v.description('Index of the receipt in the request, from 0.'));

export const ReceiptResult = v.pipe(
  v.variant('status', [
    v.object({
      status: v.literal('accepted'),
      index,
      id: v.pipe(
        v.string(),
        v.description('The permanent name of the receipt: store/till/business day/receipt number.'),
      ),
      warnings,
    }),
    v.object({ status: v.literal('refused'), index, problem: Problem }),
    v.object({ status: v.literal('not-accepted'), index, problem: Problem }),
  ]),
  v.metadata({
    title: 'ReceiptResult',
    description:
      'accepted: stored durably and counted once, however often it is sent. refused: correct it. not-accepted: send it again later.',
  }),
);

export type ReceiptResult = v.InferOutput<typeof ReceiptResult>;

export const ReceiptsResponse = v.pipe(
  v.object({
    accepted: v.pipe(count, v.description('Number of accepted receipts.')),
    refused: v.pipe(count, v.description('Number of refused receipts.')),
    notAccepted: v.pipe(count, v.description('Number of receipts to send again.')),
    receipts: v.pipe(
      v.array(ReceiptResult),
      v.description('One result per receipt, in the order of the request.'),
    ),
  }),
  v.metadata({ title: 'ReceiptsResponse' }),
);

export type ReceiptsResponse = v.InferOutput<typeof ReceiptsResponse>;
