/**
 * A ranking query → the products of each day → a ranking.
 *
 * Days are read concurrently and summed here: a quarter of a large store is ninety reads, while stored sums of each month
 * would be another derived value to keep consistent.
 */
import type * as v from 'valibot';
import type { CellStore } from '#application/ports/cell-store.ts';
import type { SummaryStore } from '#application/ports/summary-store.ts';
import { mapConcurrent } from '#application/support/concurrency.ts';
import type { RankingQuery, RankingResponse } from '#contracts/http/figures.ts';
import { addDays, countDays, formatLocalTime } from '#domain/chain/business-day.ts';
import { formatAmount } from '#domain/chain/money.ts';
import { formatScope } from '#domain/chain/staff-scope.ts';
import { rank } from '#domain/goods/ranking.ts';
import { sumProducts } from '#domain/place/figures/roll-up.ts';

export interface RankProductsPorts {
  readonly cells: Pick<CellStore, 'products'>;
  readonly sums: Pick<SummaryStore, 'readProducts'>;
}

const READS_AT_ONCE_MAX = 16;

/** Days are summed in groups, so that a year of products is never in memory at once. */
const DAYS_PER_SUM = 32;

/** Returns the top products of a scope and period. */
export async function rankProducts(
  ports: RankProductsPorts,
  { scope, from, to, by, limit }: v.InferOutput<typeof RankingQuery>,
  currency: string,
): Promise<RankingResponse> {
  const days = Array.from({ length: countDays(from, to) }, (_, index) => addDays(from, index));
  let products: ReturnType<typeof sumProducts> = [];
  let asOfMs = 0;
  let omitted = 0;
  for (let start = 0; start < days.length; start += DAYS_PER_SUM) {
    const lists = await mapConcurrent(
      days.slice(start, start + DAYS_PER_SUM),
      READS_AT_ONCE_MAX,
      async (day) =>
        scope.kind === 'store'
          ? ports.cells.products(scope.id, day)
          : (await ports.sums.readProducts(scope, day)).kept,
    );
    const found = lists.flatMap((list) => (list === undefined ? [] : [list]));
    products = sumProducts([products, ...found.map((list) => list.products)]);
    omitted += found.reduce((sum, list) => sum + ('omitted' in list ? (list.omitted ?? 0) : 0), 0);
    asOfMs = found.reduce((newest, list) => Math.max(newest, list.asOfMs), asOfMs);
  }
  return {
    scope: formatScope(scope),
    from,
    to,
    by,
    currency,
    asOf: asOfMs === 0 ? null : formatLocalTime({ instantMs: asOfMs, offsetMinutes: 0 }),
    ...(omitted === 0 ? {} : { omitted }),
    products: rank(products, by, limit).map(({ productId, name, counts }, index) => ({
      rank: index + 1,
      product: productId,
      name: name ?? null,
      units: String(counts.units ?? 0n),
      grossSales: formatAmount(counts.gross ?? 0n),
      netSales: formatAmount((counts.gross ?? 0n) - (counts.discount ?? 0n) - (counts.returnValue ?? 0n)),
      returnUnits: String(counts.returnUnits ?? 0n),
      returns: formatAmount(counts.returnValue ?? 0n),
    })),
  };
}
