/** Contract of every stock store. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { StockCount, StockStore } from '#application/ports/stock-store.ts';
import type { ProductId, StoreId } from '#domain/chain/ids.ts';

const SZ01 = 'sz01' as StoreId;
const SZ02 = 'sz02' as StoreId;
const NOON_MS = Date.UTC(2026, 10, 22, 4);

const count = (product: string, onHand: number, asOfMs = NOON_MS, storeId = SZ01): StockCount => ({
  storeId,
  productId: product as ProductId,
  onHand,
  asOfMs,
});

export function describeStockStore(name: string, create: () => Promise<StockStore>): void {
  describe(`a stock store: ${name}`, () => {
    let store: StockStore;
    beforeEach(async () => {
      store = await create();
    });

    it('returns nothing for a product that was never counted', async () => {
      expect(await store.onHand(SZ01, 'A1' as ProductId)).toBeUndefined();
      expect(await store.of(SZ01)).toEqual([]);
      expect(await store.put([])).toEqual({ kept: 0, older: 0 });
    });

    it('distinguishes none on hand from never counted', async () => {
      await store.put([count('A1', 0)]);
      expect(await store.onHand(SZ01, 'A1' as ProductId)).toEqual({ onHand: 0, asOfMs: NOON_MS });
      expect(await store.onHand(SZ02, 'A1' as ProductId)).toBeUndefined();
    });

    it("lists a store's counts by product, and no other store's", async () => {
      const counts = [count('苹果', 3), count('A 1', 2), count('A1', Number.MAX_SAFE_INTEGER)];
      expect(await store.put([...counts, count('A1', 7, NOON_MS, SZ02)])).toEqual({ kept: 4, older: 0 });
      expect(await store.of(SZ01)).toEqual([counts[1], counts[2], counts[0]]);
    });

    it('accepts only later counts', async () => {
      await store.put([count('A1', 5)]);
      expect(await store.put([count('A1', 9, NOON_MS - 1), count('B1', 1)])).toEqual({ kept: 1, older: 1 });
      expect(await store.onHand(SZ01, 'A1' as ProductId)).toEqual({ onHand: 5, asOfMs: NOON_MS });
      expect(await store.put([count('A1', 4, NOON_MS + 1)])).toEqual({ kept: 1, older: 0 });
      expect(await store.onHand(SZ01, 'A1' as ProductId)).toEqual({ onHand: 4, asOfMs: NOON_MS + 1 });
    });

    it('replaces a count with a corrected one of the same time', async () => {
      await store.put([count('A1', 5)]);
      expect(await store.put([count('A1', 6)])).toEqual({ kept: 1, older: 0 });
      expect(await store.onHand(SZ01, 'A1' as ProductId)).toMatchObject({ onHand: 6 });
    });

    it('keeps the newest of all counts in any order and batching', async () => {
      const anyCount = fc.record({ onHand: fc.nat(9), ago: fc.nat(4) });
      const lists = fc.array(fc.array(anyCount, { maxLength: 5 }), { minLength: 1, maxLength: 4 });
      let product = 0;
      await fc.assert(
        fc.asyncProperty(lists, async (told) => {
          product++;
          let newest: { onHand: number; asOfMs: number } | undefined;
          for (const list of told) {
            const counts = list.map(({ onHand, ago }) => count(`P${product}`, onHand, NOON_MS - ago));
            const { kept, older } = await store.put(counts);
            expect(kept + older).toBe(counts.length);
            for (const { onHand, asOfMs } of counts) {
              if (newest === undefined || asOfMs >= newest.asOfMs) newest = { onHand, asOfMs };
            }
          }
          expect(await store.onHand(SZ01, `P${product}` as ProductId)).toEqual(newest);
        }),
        { numRuns: 25 },
      );
    });

    it('accepts more counts than are written concurrently', async () => {
      const counts = Array.from({ length: 100 }, (_, index) => count(`P${index + 100}`, index));
      expect(await store.put(counts)).toEqual({ kept: 100, older: 0 });
      expect(await store.of(SZ01)).toEqual(counts);
    });
  });
}
