/** The top products, each with a bar relative to the highest gross sales. */
import type { RankingResponse } from '#contracts/http/figures.ts';
import { forGeometry, formatCount, formatMoney } from './decimal.ts';
import type { Words } from './words.ts';

export interface ProductView {
  readonly id: string;
  readonly rank: string;
  readonly name: string;
  /** Product id; missing where it is shown as the name. */
  readonly code?: string;
  readonly sales: string;
  readonly units: string;
  /** Bar length, 0 … 1 of the longest. */
  readonly share: number;
}

/** Returns the products of a ranking as they are shown, in its order. */
export function productViews(response: RankingResponse | undefined, words: Words): ProductView[] {
  if (response === undefined) return [];
  const longest = Math.max(0, ...response.products.map(({ grossSales }) => forGeometry(grossSales)));
  return response.products.map(({ rank, product, name, units, grossSales }) => ({
    id: product,
    rank: String(rank),
    name: name ?? product,
    ...(name === null || name === product ? {} : { code: product }),
    sales: formatMoney(grossSales, response.currency),
    units: words.units(formatCount(units)),
    share: longest === 0 ? 0 : forGeometry(grossSales) / longest,
  }));
}
