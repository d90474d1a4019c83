import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { dynamoSummaryStore } from '#adapters/dynamodb/summary-store.ts';
import { CHAIN } from '#domain/chain/staff-scope.ts';
import { november } from '../../support/chain.ts';
import { describeSummaryStore } from '../../support/describe-summary-store.ts';
import { memorySummaryStore } from '../../support/memory-summary-store.ts';
import { onEveryEngine } from '../../support/on-every-engine.ts';

describeSummaryStore('in memory', async () => memorySummaryStore());

onEveryEngine((name, newTable) =>
  describeSummaryStore(name, async () => {
    const { client, table } = await newTable();
    return dynamoSummaryStore(client, table);
  }),
);

onEveryEngine((name, newTable) => {
  describe(`products of a day that fit into no row: ${name}`, () => {
    it('are kept by revenue as far as there is room, and the others are counted (R10)', async () => {
      const { client, table } = await newTable();
      const sums = dynamoSummaryStore(client, table);
      const noise = (index: number) =>
        [0, 1, 2, 3].map((part) => createHash('sha256').update(`${index} ${part}`).digest('base64')).join('');
      const products = Array.from({ length: 5_000 }, (_, index) => ({
        productId: `P${index}`,
        name: noise(index),
        counts: { units: 1n, gross: BigInt(index + 1) },
      }));
      expect(await sums.writeProducts(CHAIN, november(22), { products, asOfMs: 7 }, 0)).toBe(true);
      const { kept } = await sums.readProducts(CHAIN, november(22));
      const ids = new Set(kept?.products.map(({ productId }) => productId));
      expect(ids.has('P4999')).toBe(true);
      expect(ids.has('P0')).toBe(false);
      expect(kept?.omitted).toBe(5_000 - ids.size);
      expect(ids.size).toBeGreaterThan(1_000);
    });
  });
});
