/**
 * Generates receipts as a till posts them. Amounts are computed in whole ten-thousandths, because the payments must add up
 * exactly to the total.
 */
import type * as v from 'valibot';
import type { ReceiptInput } from '#contracts/http/receipts.ts';
import { type BusinessDay, formatLocalTime, offsetMinutesAt } from '#domain/chain/business-day.ts';
import { MINUTE_MS } from '#domain/chain/duration.ts';
import type { TillId } from '#domain/chain/ids.ts';
import { type Amount, formatAmount } from '#domain/chain/money.ts';
import type { DemoStore } from '../chain/demo-chain.ts';
import { GIFT_PRODUCTS, PRODUCTS, type Product } from '../chain/products.ts';
import { type Random, seededRandom } from '../random.ts';
import { arrivalsMs, isWeekend, WEEKEND_FACTOR } from './arrivals.ts';

/** A receipt as it is posted. */
export type PostedReceipt = v.InferInput<typeof ReceiptInput>;
type PostedLine = PostedReceipt['lines'][number];

/** A generated receipt with its closing time. */
export interface PlannedReceipt {
  readonly closedAtMs: number;
  readonly receipt: PostedReceipt;
}

const RETURNS = 0.03;
const GIFTS = 0.08;
const LINE_DISCOUNTS = 0.12;
const COUPONS = 0.06;
const COUPON_YUAN = 20;
/** Minimum total for a coupon, in yuan. */
const COUPON_FROM_YUAN = 200;
const MEMBERS = 0.45;
const MEMBERS_MAX = 4_000;
const SPLIT_PAYMENTS = 0.07;
const LINES_WEIGHTS = [52, 26, 12, 6, 3, 1];

const METHODS = [
  { method: 'wechat', weight: 56 },
  { method: 'alipay', weight: 32 },
  { method: 'card', weight: 9 },
  { method: 'cash', weight: 3 },
] as const;

const AMOUNT_PER_FEN = 100n;
const fenOf = (yuan: number): bigint => BigInt(Math.round(yuan * 100));
const text = (fen: bigint): string => formatAmount((fen * AMOUNT_PER_FEN) as Amount);

/** Returns all receipts of a store's business day, sorted by time. The same seed gives the same receipts. */
export function planDay(demo: DemoStore, day: BusinessDay, seed: string): PlannedReceipt[] {
  const { store, receiptsPerDay } = demo;
  const random = seededRandom(`${seed}/${store.storeId}/${day}`);
  const usual = receiptsPerDay * (isWeekend(day) ? WEEKEND_FACTOR : 1);
  const count = Math.round(usual * (0.9 + random.next() * 0.2));
  const midnightMs = Date.parse(`${day}T00:00:00Z`);
  const beganMs =
    midnightMs + (store.dayCutMinutes - offsetMinutesAt(midnightMs, store.timeZone)) * MINUTE_MS;
  const printed = new Map<TillId, number>();
  return arrivalsMs(random, count, store.dayCutMinutes).map((sinceMs) => {
    const closedAtMs = beganMs + sinceMs - (sinceMs % 1_000);
    const till = random.pick(store.tills);
    const number = (printed.get(till) ?? 0) + 1;
    printed.set(till, number);
    const receiptNo = String(number).padStart(4, '0');
    return { closedAtMs, receipt: receiptAt(random, demo, till, receiptNo, closedAtMs) };
  });
}

/** Returns a receipt that closes now, at a random till. */
export function receiptNow(random: Random, demo: DemoStore, nowMs: number): PostedReceipt {
  // The number contains the time, so it never equals the number of a planned receipt.
  return receiptAt(
    random,
    demo,
    random.pick(demo.store.tills),
    `L${nowMs.toString(36).toUpperCase()}`,
    nowMs,
  );
}

function receiptAt(
  random: Random,
  { store, staff }: DemoStore,
  till: TillId,
  receiptNo: string,
  closedAtMs: number,
): PostedReceipt {
  const closedAt = formatLocalTime({
    instantMs: closedAtMs,
    offsetMinutes: offsetMinutesAt(closedAtMs, store.timeZone),
  });
  const head = { store: store.storeId, till, receiptNo, closedAt, currency: store.currency };
  const member = random.isTrue(MEMBERS) ? random.between(0, MEMBERS_MAX - 1) : undefined;
  const who = {
    cashier: random.pick(staff),
    ...(member === undefined ? {} : { phone: phoneOf(member), memberNo: `M${10_000 + member}` }),
  };
  if (random.isTrue(RETURNS)) {
    const product = random.pick(PRODUCTS, ({ weight }) => weight);
    const fen = fenOf(product.priceYuan);
    const lines = [lineOf(product, -1, fen)];
    return { ...head, ...who, lines, payments: [{ method: 'wechat', amount: text(-fen) }] };
  }
  const { lines, owed } = basket(random);
  const hasCoupon = owed >= fenOf(COUPON_FROM_YUAN) && random.isTrue(COUPONS);
  const coupon = hasCoupon ? fenOf(COUPON_YUAN) : 0n;
  return {
    ...head,
    ...who,
    lines,
    ...(hasCoupon ? { discount: text(coupon) } : {}),
    payments: paymentsOf(random, owed - coupon),
  };
}

const lineOf = (product: Product, quantity: number, fen: bigint): PostedLine => ({
  product: product.productId,
  name: product.name,
  quantity,
  unitPrice: text(fen),
});

/** Returns the lines of one to six products, usually one piece each, and the total. */
function basket(random: Random): { lines: PostedLine[]; owed: bigint } {
  const size = random.pick(
    LINES_WEIGHTS.map((weight, index) => ({ weight, count: index + 1 })),
    (one) => one.weight,
  );
  const chosen = new Set<Product>();
  while (chosen.size < size.count) chosen.add(random.pick(PRODUCTS, ({ weight }) => weight));
  let owed = 0n;
  const lines = [...chosen].map((product) => {
    const quantity = product.priceYuan < 100 && random.isTrue(0.2) ? random.between(2, 3) : 1;
    const fen = fenOf(product.priceYuan);
    const value = fen * BigInt(quantity);
    const discount = random.isTrue(LINE_DISCOUNTS) ? value / 10n : 0n;
    owed += value - discount;
    const line = lineOf(product, quantity, fen);
    return discount === 0n ? line : { ...line, discount: text(discount) };
  });
  if (random.isTrue(GIFTS))
    lines.push(
      lineOf(
        random.pick(GIFT_PRODUCTS, ({ weight }) => weight),
        1,
        0n,
      ),
    );
  return { lines, owed };
}

function paymentsOf(random: Random, owed: bigint): NonNullable<PostedReceipt['payments']> {
  const { method } = random.pick(METHODS, ({ weight }) => weight);
  if (!random.isTrue(SPLIT_PAYMENTS)) return [{ method, amount: text(owed) }];
  const first = (owed * BigInt(random.between(20, 80))) / 100n;
  const other = method === 'wechat' ? 'card' : 'wechat';
  return [
    { method, amount: text(first) },
    { method: other, amount: text(owed - first) },
  ];
}

/** Returns a mobile number of the simulation; nothing is ever sent to it. */
const phoneOf = (member: number): string => `+861990100${String(member).padStart(4, '0')}`;
