import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { receiptOfRequest } from '#application/ingestion/receipt-of-request.ts';
import { ReceiptInput } from '#contracts/http/receipts.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import { totalOf } from '#domain/place/figures/receipt.ts';
import { type DemoStore, demoChain, demoTargets } from '#sim/chain/demo-chain.ts';
import { PRODUCTS } from '#sim/chain/products.ts';
import { planDay } from '#sim/tills/receipts.ts';

const FRIDAY = '2026-11-20' as BusinessDay;
const SATURDAY = '2026-11-21' as BusinessDay;
const [demo] = demoChain.stores as [DemoStore];

const settled = (store: DemoStore, day: BusinessDay) =>
  planDay(store, day, 'seed').map(({ receipt, closedAtMs }) => {
    const outcome = receiptOfRequest(
      v.parse(ReceiptInput, receipt),
      { store: store.store, country: 'CN', nowMs: closedAtMs },
      [],
    );
    if ('errors' in outcome) throw new Error(JSON.stringify(outcome.errors));
    return outcome.receipt;
  });

describe('planDay', () => {
  it('returns the same receipts for the same seed, and others for another seed', () => {
    expect(planDay(demo, FRIDAY, 'a')).toEqual(planDay(demo, FRIDAY, 'a'));
    expect(planDay(demo, FRIDAY, 'a')).not.toEqual(planDay(demo, FRIDAY, 'b'));
  });

  it('returns valid receipts of that business day, sorted by time', () => {
    for (const store of demoChain.stores) {
      const receipts = settled(store, FRIDAY);
      expect(new Set(receipts.map((receipt) => receipt.businessDay))).toEqual(new Set([FRIDAY]));
      const times = receipts.map((receipt) => receipt.closedAt.instantMs);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });

  it('gives every receipt of a till a unique number', () => {
    const receipts = settled(demo, FRIDAY);
    expect(new Set(receipts.map(({ tillId, receiptNo }) => `${tillId}/${receiptNo}`)).size).toBe(
      receipts.length,
    );
  });

  it('includes returns, discounts, gifts, split payments and members, and a busier weekend', () => {
    const receipts = settled(demo, FRIDAY);
    const lines = receipts.flatMap((receipt) => receipt.lines);
    expect(lines.some((line) => line.quantity < 0)).toBe(true);
    expect(lines.some((line) => line.discount > 0n)).toBe(true);
    expect(lines.some((line) => line.unitPrice === 0n)).toBe(true);
    expect(receipts.some((receipt) => receipt.discount > 0n)).toBe(true);
    expect(receipts.some((receipt) => receipt.payments.length > 1)).toBe(true);
    expect(receipts.some((receipt) => receipt.phone?.startsWith('+86199'))).toBe(true);
    expect(settled(demo, SATURDAY).length).toBeGreaterThan(receipts.length * 1.1);
  });

  it('sells about as much as the targets, so that attainment is meaningful', () => {
    const targets = demoTargets(demoChain, FRIDAY, 1);
    for (const store of demoChain.stores) {
      const sold = settled(store, FRIDAY).reduce((sum, receipt) => sum + totalOf(receipt), 0n);
      const target = targets.find(({ storeId }) => storeId === store.store.storeId)?.netSales ?? 0n;
      expect(Number(sold) / Number(target)).toBeGreaterThan(0.7);
      expect(Number(sold) / Number(target)).toBeLessThan(1.4);
    }
  });
});

describe('the demonstration chain', () => {
  it('has six stores in three cities and two regions, and sixty products', () => {
    const stores = demoChain.stores.map(({ store }) => store);
    expect(stores).toHaveLength(6);
    expect(new Set(stores.map(({ cityId }) => cityId)).size).toBe(3);
    expect(new Set(stores.map(({ regionId }) => regionId)).size).toBe(2);
    expect(new Set(PRODUCTS.map(({ productId }) => productId)).size).toBe(PRODUCTS.length);
    expect(PRODUCTS).toHaveLength(60);
  });

  it('has higher targets at the weekend', () => {
    const [friday, saturday] = demoTargets({ ...demoChain, stores: [demo] }, FRIDAY, 2);
    expect(saturday?.day).toBe(SATURDAY);
    expect(saturday?.netSales).toBeGreaterThan(friday?.netSales ?? 0n);
  });
});
