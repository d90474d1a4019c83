/** Arbitraries for properties: any receipt that a till may close, and its parts. */

import fc from 'fast-check';
import { defined } from '#application/support/defined.ts';
import { type BusinessDay, type LocalTime, offsetMinutesAt } from '#domain/chain/business-day.ts';
import { isForeignId, type ProductId, type ReceiptNo, type StaffId, type TillId } from '#domain/chain/ids.ts';
import type { LoggedAdditions } from '#domain/place/figures/fold.ts';
import { lineValueOf, type Payment, type Receipt, type ReceiptLine } from '#domain/place/figures/receipt.ts';
import { cellsOf } from '#domain/place/figures/receipt-cells.ts';
import { SZ01 } from './chain.ts';

/** Zones with unusual clocks: half and quarter hours, half hours of summer time, a change at 00:01, a skipped day. */
export const TIME_ZONES = [
  'UTC',
  'Asia/Shanghai',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Europe/Berlin',
] as const;

export const timeZone = fc.constantFrom(...TIME_ZONES);

/** Any instant of this century's first forty years. */
export const instantMs = fc.integer({ min: Date.UTC(2000, 0, 2), max: Date.UTC(2040, 0, 1) });

const DAY_START_MS = Date.UTC(2026, 10, 22);
const timeOfDay: fc.Arbitrary<LocalTime> = fc
  .tuple(fc.integer({ min: 0, max: 86_399_999 }), timeZone)
  .map(([ms, zone]) => ({
    instantMs: DAY_START_MS + ms,
    offsetMinutes: offsetMinutesAt(DAY_START_MS + ms, zone),
  }));

export const foreignId = <Id extends string>(): fc.Arbitrary<Id> =>
  fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).filter(isForeignId) as fc.Arbitrary<Id>;

export const amount = fc.bigInt({ min: 0n, max: 9_999_999_999_999_999n });

const printable = fc
  .string({ maxLength: 12, unit: 'grapheme' })
  .filter((text) => /^[^\p{Cc}\p{Cs}\uFFFD]*$/u.test(text));

const product = fc.constantFrom('SKU-1', 'SKU-2', '苹果', '6901234567892') as fc.Arbitrary<ProductId>;

const line: fc.Arbitrary<ReceiptLine> = fc
  .record({
    productId: product,
    name: fc.option(printable, { nil: undefined }),
    quantity: fc.integer({ min: -20, max: 20 }).filter((quantity) => quantity !== 0),
    unitPrice: fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 9_999_999n })),
    share: fc.bigInt({ min: 0n, max: 100n }),
    scannedAt: fc.option(timeOfDay, { nil: undefined }),
  })
  .map(({ share, name, scannedAt, ...rest }) => {
    const bare: ReceiptLine = { ...rest, quantity: rest.quantity, discount: 0n };
    return {
      ...bare,
      discount: (lineValueOf(bare) * share) / 100n,
      ...defined({ name, scannedAt }),
    };
  });

const payment: fc.Arbitrary<Payment> = fc.record({
  method: fc.constantFrom('cash', 'wechat', 'alipay', 'rounding'),
  amount: fc.bigInt({ min: -9_999_999n, max: 9_999_999n }),
});

/** A valid receipt of one store and day; its payments do not add up. */
export const receipt: fc.Arbitrary<Receipt> = fc
  .record({
    tillId: fc.constantFrom('T1', 'T2', 'T/3') as fc.Arbitrary<TillId>,
    receiptNo: foreignId<ReceiptNo>(),
    closedAt: timeOfDay,
    lines: fc.array(line, { minLength: 1, maxLength: 8 }),
    share: fc.bigInt({ min: 0n, max: 100n }),
    payments: fc.array(payment, { maxLength: 3 }),
    cashierId: fc.option(foreignId<StaffId>(), { nil: undefined }),
    phone: fc.option(fc.constant('+8613800138000'), { nil: undefined }),
    memberNo: fc.option(foreignId<string>(), { nil: undefined }),
  })
  .map(({ share, cashierId, phone, memberNo, ...rest }) => ({
    storeId: SZ01.storeId,
    businessDay: '2026-11-22' as BusinessDay,
    ...rest,
    discount: (soldValueOf(rest.lines) * share) / 100n,
    ...defined({ cashierId, phone, memberNo }),
  }));

/** The value of the sold lines after their own discounts. */
export const soldValueOf = (lines: readonly ReceiptLine[]): bigint =>
  lines.reduce((sum, one) => (one.quantity > 0 ? sum + lineValueOf(one) - one.discount : sum), 0n);

/** Receipts with their sequence numbers, in log order. */
export const loggedReceipts: fc.Arbitrary<LoggedAdditions[]> = fc
  .array(receipt, { minLength: 1, maxLength: 12 })
  .map((receipts) =>
    receipts.map((one, index) => ({
      cells: cellsOf(one),
      sequence: sequenceAt(index + 1),
      arrivedAtMs: DAY_START_MS + index * 1_000,
    })),
  );

/** The n-th sequence number of a log, padded. */
export const sequenceAt = (place: number): string => String(place).padStart(64, '0');
