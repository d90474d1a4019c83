/** The best selling products, each with a bar as long as its share of the first one's sales. */
import type { RankingAnswer } from '#contracts/figures.ts';
import { forGeometry, formatCount, formatMoney } from './decimal.ts';
import type { Words } from './words.ts';

export interface ProductView {
  readonly id: string;
  readonly rank: string;
  readonly name: string;
  /** The id, where the name does not say it already. */
  readonly code?: string;
  readonly sales: string;
  readonly units: string;
  /** 0 … 1 of the longest bar. */
  readonly share: number;
}

export function productViews(answer: RankingAnswer | undefined, words: Words): ProductView[] {
  if (answer === undefined) return [];
  const longest = Math.max(0, ...answer.products.map(({ grossSales }) => forGeometry(grossSales)));
  return answer.products.map(({ rank, product, name, units, grossSales }) => ({
    id: product,
    rank: String(rank),
    name: name ?? product,
    ...(name === null || name === product ? {} : { code: product }),
    sales: formatMoney(grossSales, answer.currency),
    units: words.units(formatCount(units)),
    share: longest === 0 ? 0 : forGeometry(grossSales) / longest,
  }));
}
