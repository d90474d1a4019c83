/**
 * Rankings of products: the trade's "top 30". Ties go by product id, so that a page read twice is the same page.
 */
import type { ProductCounts } from '../place/figures/roll-up.ts';

export const RANKED_BY = ['revenue', 'units', 'returns'] as const;
export type RankedBy = (typeof RANKED_BY)[number];

/** The trade looks at thirty. */
export const RANKING_SIZE_DEFAULT = 30;
export const RANKING_SIZE_MAX = 500;

function measureOf({ counts }: ProductCounts, by: RankedBy): bigint {
  if (by === 'revenue') return counts.gross ?? 0n;
  return by === 'units' ? (counts.units ?? 0n) : (counts.returnValue ?? 0n);
}

/** Returns the first `size` products by revenue (before discounts and returns), pieces sold, or value returned. */
export function rank(products: readonly ProductCounts[], by: RankedBy, size: number): ProductCounts[] {
  return products
    .filter((product) => measureOf(product, by) > 0n)
    .sort((a, b) => {
      const [left, right] = [measureOf(a, by), measureOf(b, by)];
      if (left !== right) return left > right ? -1 : 1;
      return a.productId < b.productId ? -1 : 1;
    })
    .slice(0, size);
}
