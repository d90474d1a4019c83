/** Contract of every summary store. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { SummaryStore } from '#application/ports/summary-store.ts';
import { CHAIN, type Scope } from '#domain/chain/staff-scope.ts';
import type { Bucket, ProductCounts, Summary } from '#domain/place/figures/roll-up.ts';
import { november, SZ01 } from './chain.ts';

const CITY: Scope = { kind: 'city', id: SZ01.cityId };
const REGION: Scope = { kind: 'region', id: SZ01.regionId };
const DAY: Bucket = { day: november(22), grain: 'day' };
const NINE_MS = Date.UTC(2026, 10, 22, 1);
const hour = (startMs: number, day = november(22)): Bucket => ({ day, grain: 'hour', startMs });

const SUMMARY: Summary = {
  counts: { units: 3n, gross: 90_071_992_547_409_931_234n },
  asOfMs: 1_795_300_000_123,
  reporting: { expected: 4, reported: 3 },
  seen: { expected: 2, reported: 1 },
  target: 50_000_000n,
};

export function describeSummaryStore(name: string, create: () => Promise<SummaryStore>): void {
  describe(`a summary store: ${name}`, () => {
    let sums: SummaryStore;
    beforeEach(async () => {
      sums = await create();
    });

    it('returns a summary as written, and nothing if there is none', async () => {
      expect(await sums.read(CITY, DAY)).toEqual({ kept: undefined, version: 0 });
      expect(await sums.write(CITY, DAY, SUMMARY, 0)).toBe(true);
      expect(await sums.read(CITY, DAY)).toEqual({ kept: SUMMARY, version: 1 });
      const bare = { counts: {}, asOfMs: 0 };
      expect(await sums.write(CITY, hour(NINE_MS), bare, 0)).toBe(true);
      expect((await sums.read(CITY, hour(NINE_MS))).kept).toEqual(bare);
    });

    it('replaces a summary as a whole: absent fields are removed', async () => {
      await sums.write(CITY, DAY, SUMMARY, 0);
      const next = { counts: { units: 1n }, asOfMs: 2 };
      expect(await sums.write(CITY, DAY, next, 1)).toBe(true);
      expect(await sums.read(CITY, DAY)).toEqual({ kept: next, version: 2 });
    });

    it('accepts one of several writes at the same version and rejects the others', async () => {
      const attempts = Array.from({ length: 8 }, () => sums.write(CITY, DAY, SUMMARY, 0));
      expect((await Promise.all(attempts)).filter(Boolean)).toEqual([true]);
      expect(await sums.write(CITY, DAY, SUMMARY, 0)).toBe(false);
      expect(await sums.write(CITY, DAY, SUMMARY, 2)).toBe(false);
      expect(await sums.write(REGION, DAY, SUMMARY, 1)).toBe(false);
      expect(await sums.write(CITY, DAY, SUMMARY, 1)).toBe(true);
    });

    it('reads the summaries of more scopes than one request holds, and omits absent ones', async () => {
      const scopes = Array.from(
        { length: 130 },
        (_, index): Scope => ({ kind: 'city', id: `c${index}` as typeof SZ01.cityId }),
      );
      for (const scope of scopes) await sums.write(scope, DAY, { counts: { units: 1n }, asOfMs: 1 }, 0);
      const found = await sums.readMany([...scopes, REGION], DAY);
      expect(found).toHaveLength(130);
      expect(found[0]).toEqual({ counts: { units: 1n }, asOfMs: 1 });
      expect(await sums.readMany([REGION], DAY)).toEqual([]);
    });

    it('returns the summaries of a range of days in time order, for one scope and grain', async () => {
      const buckets = [
        hour(NINE_MS + 3_600_000),
        hour(NINE_MS),
        hour(NINE_MS, november(23)),
        hour(NINE_MS, november(24)),
      ];
      for (const bucket of [...buckets, DAY]) await sums.write(CHAIN, bucket, SUMMARY, 0);
      await sums.write(REGION, hour(NINE_MS), SUMMARY, 0);
      const found = await sums.range(CHAIN, 'hour', november(22), november(23));
      expect(found.map(({ bucket }) => bucket)).toEqual([buckets[1], buckets[0], buckets[2]]);
      expect(await sums.range(CHAIN, 'day', november(1), november(30))).toMatchObject([
        { bucket: DAY, summary: SUMMARY },
      ]);
    });

    it('keeps five thousand products of a day in one row, exact, under a version of their own', async () => {
      const products = Array.from(
        { length: 5_000 },
        (_, index): ProductCounts => ({
          productId: `69012345${index}`,
          counts: { units: BigInt(index + 1), gross: 90_071_992_547_409_931_234n + BigInt(index) },
          ...(index % 3 === 0 ? {} : { name: `商品 ${index}` }),
        }),
      );
      expect(await sums.readProducts(CITY, november(22))).toEqual({ kept: undefined, version: 0 });
      expect(await sums.writeProducts(CITY, november(22), { products, asOfMs: 7 }, 0)).toBe(true);
      expect(await sums.readProducts(CITY, november(22))).toEqual({
        kept: { products, asOfMs: 7 },
        version: 1,
      });
      expect(await sums.writeProducts(CITY, november(22), { products: [], asOfMs: 8 }, 0)).toBe(false);
      expect(await sums.writeProducts(CITY, november(22), { products: [], asOfMs: 8 }, 1)).toBe(true);
      expect((await sums.readProducts(CITY, november(22))).kept).toEqual({ products: [], asOfMs: 8 });
      expect((await sums.readProducts(CITY, november(23))).kept).toBeUndefined();
    });
  });
}
