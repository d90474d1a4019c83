/** A stock store in memory that fulfils the contract suite and nothing more. */
import type { StockCount, StockStore } from '#application/ports/stock-store.ts';
import type { ProductId, StoreId } from '#domain/chain/ids.ts';

export function memoryStockStore(seed: readonly StockCount[] = []): StockStore {
  const nameOf = (storeId: StoreId, productId: ProductId): string => `${storeId}#${productId}`;
  const rows = new Map(seed.map((count) => [nameOf(count.storeId, count.productId), count]));

  return {
    async onHand(storeId, productId) {
      const row = rows.get(nameOf(storeId, productId));
      return row && { onHand: row.onHand, asOfMs: row.asOfMs };
    },
    async put(counts) {
      const written = new Set<string>();
      for (const count of counts) {
        const name = nameOf(count.storeId, count.productId);
        if ((rows.get(name)?.asOfMs ?? Number.NEGATIVE_INFINITY) > count.asOfMs) continue;
        rows.set(name, count);
        written.add(name);
      }
      return { kept: written.size, older: counts.length - written.size };
    },
    of: async (storeId) =>
      [...rows.values()]
        .filter((row) => row.storeId === storeId)
        .sort((a, b) => (a.productId < b.productId ? -1 : 1)),
  };
}
