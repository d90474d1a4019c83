/** Figures as they are written out: exact decimals as texts, each beside what it was divided from. */
import type { Figure } from '#contracts/http/figures.ts';
import { formatAmount, formatQuotient } from '#domain/chain/money.ts';
import { type DataCoverage, evaluate, type Kpi, type Quotient } from '#domain/place/figures/kpis.ts';
import type { Summary } from '#domain/place/figures/roll-up.ts';

type Unit = Kpi['unit'];

const MS_DECIMALS = 3;

const asMoney = formatAmount;
const asCount = (value: bigint): string => value.toString();
const asSeconds = (ms: bigint): string => formatQuotient(ms, 1_000n, MS_DECIMALS);

/**
 * How each unit is written: both sides of a quotient, the decimals of its value (a ticket to the ten-thousandth, as
 * prices are; rates to a millionth), and how many of the numerator's units one of the value's is.
 */
const WRITING: Readonly<
  Record<
    Unit,
    {
      readonly above: (value: bigint) => string;
      readonly below: (value: bigint) => string;
      readonly decimals: number;
      readonly scale: bigint;
    }
  >
> = {
  count: { above: asCount, below: asCount, decimals: 0, scale: 1n },
  money: { above: asMoney, below: asMoney, decimals: 4, scale: 10_000n },
  ratio: { above: asMoney, below: asMoney, decimals: 6, scale: 1n },
  share: { above: asCount, below: asCount, decimals: 6, scale: 1n },
  'money per transaction': { above: asMoney, below: asCount, decimals: 4, scale: 10_000n },
  'money per visitor': { above: asMoney, below: asCount, decimals: 4, scale: 10_000n },
  'units per transaction': { above: asCount, below: asCount, decimals: 4, scale: 1n },
  seconds: { above: asSeconds, below: asCount, decimals: 1, scale: 1_000n },
};

/** The figures of a dictionary, by their ids. */
export function figuresOf(
  kpis: readonly Kpi[],
  { counts, target }: Pick<Summary, 'counts' | 'target'>,
  witnesses: DataCoverage,
): Record<string, Figure> {
  return Object.fromEntries(
    kpis.map((kpi) => [kpi.id, figureOf(kpi, evaluate(kpi, counts, target, witnesses))]),
  );
}

function figureOf(kpi: Kpi, { numerator, denominator, isKnown }: Quotient): Figure {
  const { above, below, decimals, scale } = WRITING[kpi.unit];
  const value = (): string =>
    denominator === undefined ? above(numerator) : formatQuotient(numerator, denominator * scale, decimals);
  return {
    value: isKnown ? value() : null,
    numerator: above(numerator),
    denominator: denominator === undefined ? null : below(denominator),
    formulaVersion: kpi.version,
  };
}

/** A dictionary of figures, as it is told beside them. */
export const dictionaryOf = (kpis: readonly Kpi[]) =>
  Object.fromEntries(
    kpis.map((kpi) => [
      kpi.id,
      { en: kpi.en, zh: kpi.zh, unit: kpi.unit, formulaVersion: kpi.version, formula: formulaOf(kpi) },
    ]),
  );

/** A formula in words: `(gross − discount) ÷ (transactions)`. */
function formulaOf({ numerator, denominator }: Kpi): string {
  const side = (terms: Kpi['numerator']): string =>
    terms.map(([sign, term], index) => `${sign < 0 ? '− ' : index > 0 ? '+ ' : ''}${term}`).join(' ');
  return denominator === undefined ? side(numerator) : `(${side(numerator)}) ÷ (${side(denominator)})`;
}
