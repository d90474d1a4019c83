/** Formats figures for responses: exact decimals as texts, each with its numerator and denominator. */
import type { Figure } from '#contracts/http/figures.ts';
import { formatAmount, formatQuotient } from '#domain/chain/money.ts';
import type { Counts } from '#domain/place/figures/cell.ts';
import { type DataCoverage, evaluate, type Kpi, type Quotient } from '#domain/place/figures/kpis.ts';
import type { Summary } from '#domain/place/figures/roll-up.ts';
import { termName } from '#domain/place/figures/term-names.ts';
import { defined } from '../support/defined.ts';

type Unit = Kpi['unit'];

const MS_DECIMALS = 3;

const asMoney = formatAmount;
const asCount = (value: bigint): string => value.toString();
const asSeconds = (ms: bigint): string => formatQuotient(ms, 1_000n, MS_DECIMALS);

/**
 * The format of each unit: of numerator and denominator, the decimals of the value (average tickets to the ten-thousandth,
 * like prices; rates to the millionth), and how many of the numerator's units make one of the value's.
 */
const FORMATS: Readonly<
  Record<
    Unit,
    {
      readonly numerator: (value: bigint) => string;
      readonly denominator: (value: bigint) => string;
      readonly decimals: number;
      readonly scale: bigint;
    }
  >
> = {
  count: { numerator: asCount, denominator: asCount, decimals: 0, scale: 1n },
  money: { numerator: asMoney, denominator: asMoney, decimals: 4, scale: 10_000n },
  ratio: { numerator: asMoney, denominator: asMoney, decimals: 6, scale: 1n },
  share: { numerator: asCount, denominator: asCount, decimals: 6, scale: 1n },
  'money per transaction': { numerator: asMoney, denominator: asCount, decimals: 4, scale: 10_000n },
  'money per visitor': { numerator: asMoney, denominator: asCount, decimals: 4, scale: 10_000n },
  'units per transaction': { numerator: asCount, denominator: asCount, decimals: 4, scale: 1n },
  seconds: { numerator: asSeconds, denominator: asCount, decimals: 1, scale: 1_000n },
};

/** Returns the receipts that are in conflict and in none of the figures, with their net sales. */
export const excludedOf = ({
  excludedReceipts = 0n,
  excludedSales = 0n,
}: Counts): { readonly receipts: number; readonly netSales: string } => ({
  receipts: Number(excludedReceipts),
  netSales: asMoney(excludedSales),
});

/** Returns the formatted figures of a dictionary, by KPI id. */
export function figuresOf(
  kpis: readonly Kpi[],
  { counts, target }: Pick<Summary, 'counts' | 'target'>,
  coverage: DataCoverage,
): Record<string, Figure> {
  return Object.fromEntries(
    kpis.map((kpi) => [kpi.id, figureOf(kpi, evaluate(kpi, counts, target, coverage))]),
  );
}

function figureOf(kpi: Kpi, { numerator, denominator, withheld }: Quotient): Figure {
  const { decimals, scale, ...format } = FORMATS[kpi.unit];
  const value = (): string =>
    denominator === undefined
      ? format.numerator(numerator)
      : formatQuotient(numerator, denominator * scale, decimals);
  return {
    value: withheld === undefined ? value() : null,
    ...defined({ withheld }),
    numerator: format.numerator(numerator),
    denominator: denominator === undefined ? null : format.denominator(denominator),
    formulaVersion: kpi.version,
  };
}

/** Returns the dictionary of figures as responses carry it: names, unit and formula of each KPI. */
export const dictionaryOf = (kpis: readonly Kpi[]) =>
  Object.fromEntries(
    kpis.map((kpi) => [
      kpi.id,
      {
        en: kpi.en,
        zh: kpi.zh,
        unit: kpi.unit,
        formulaVersion: kpi.version,
        formula: formulaOf(kpi, 'en'),
        formulaZh: formulaOf(kpi, 'zh'),
      },
    ]),
  );

/** Returns a formula in words: `(gross sales − discounts) ÷ transactions`. */
function formulaOf({ numerator, denominator }: Kpi, language: 'en' | 'zh'): string {
  const side = (terms: Kpi['numerator']): string =>
    terms
      .map(([sign, term], index) => `${sign < 0 ? '− ' : index > 0 ? '+ ' : ''}${termName(term, language)}`)
      .join(' ');
  const inBrackets = (terms: Kpi['numerator']): string =>
    terms.length > 1 ? `(${side(terms)})` : side(terms);
  return denominator === undefined
    ? side(numerator)
    : `${inBrackets(numerator)} ÷ ${inBrackets(denominator)}`;
}
