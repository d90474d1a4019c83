/**
 * The dictionary of figures, as data: what a figure is called, what it is made of and in which version.
 * A formula that changes gets a new version, so that two reports that disagree can be told apart.
 *
 * The definitions are the trade's: 连带率 is units per transaction (UPT), 客单价 is average ticket (ATV).
 * A transaction is a receipt on which at least one piece was sold at a price; gifts count apart.
 */
import type { Counter, Counts } from './cell.ts';

export type KpiId =
  | 'transactions'
  | 'units'
  | 'grossSales'
  | 'discounts'
  | 'returns'
  | 'netSales'
  | 'unitsPerTransaction'
  | 'averageTicket'
  | 'returnRate'
  | 'attainment';

/** A term of a formula: a counter, or the target of the scope and time. */
type Term = Counter | 'target';

export interface Kpi {
  readonly id: KpiId;
  readonly en: string;
  readonly zh: string;
  /** `money` is in the chain's currency, `ratio` a plain quotient (0.08 is 8 %). */
  readonly unit: 'count' | 'money' | 'ratio' | 'money per transaction' | 'units per transaction';
  /** Added, with their sign. */
  readonly numerator: ReadonlyArray<readonly [sign: 1 | -1, term: Term]>;
  /** Absent where the figure is a plain sum. */
  readonly denominator?: ReadonlyArray<readonly [sign: 1 | -1, term: Term]>;
  readonly version: number;
  /** Below this many in the denominator's unit the figure is not given. */
  readonly denominatorMin: bigint;
}

export const KPIS: readonly Kpi[] = [
  {
    id: 'transactions',
    en: 'Transactions',
    zh: '交易笔数',
    unit: 'count',
    numerator: [[1, 'transactions']],
    version: 1,
    denominatorMin: 0n,
  },
  {
    id: 'units',
    en: 'Units sold',
    zh: '销售件数',
    unit: 'count',
    numerator: [[1, 'units']],
    version: 1,
    denominatorMin: 0n,
  },
  {
    id: 'grossSales',
    en: 'Gross sales',
    zh: '销售总额',
    unit: 'money',
    numerator: [[1, 'gross']],
    version: 1,
    denominatorMin: 0n,
  },
  {
    id: 'discounts',
    en: 'Discounts',
    zh: '折扣额',
    unit: 'money',
    numerator: [[1, 'discount']],
    version: 1,
    denominatorMin: 0n,
  },
  {
    id: 'returns',
    en: 'Returns',
    zh: '退货额',
    unit: 'money',
    numerator: [[1, 'returnValue']],
    version: 1,
    denominatorMin: 0n,
  },
  {
    id: 'netSales',
    en: 'Net sales',
    zh: '净销售额',
    unit: 'money',
    numerator: [
      [1, 'gross'],
      [-1, 'discount'],
      [-1, 'returnValue'],
    ],
    version: 1,
    denominatorMin: 0n,
  },
  {
    id: 'unitsPerTransaction',
    en: 'Units per transaction',
    zh: '连带率',
    unit: 'units per transaction',
    numerator: [[1, 'units']],
    denominator: [[1, 'transactions']],
    version: 1,
    denominatorMin: 1n,
  },
  {
    id: 'averageTicket',
    en: 'Average ticket',
    zh: '客单价',
    unit: 'money per transaction',
    numerator: [
      [1, 'gross'],
      [-1, 'discount'],
    ],
    denominator: [[1, 'transactions']],
    version: 1,
    denominatorMin: 1n,
  },
  {
    id: 'returnRate',
    en: 'Return rate',
    zh: '退货率',
    unit: 'ratio',
    numerator: [[1, 'returnValue']],
    denominator: [
      [1, 'gross'],
      [-1, 'discount'],
    ],
    version: 1,
    denominatorMin: 1n,
  },
  {
    id: 'attainment',
    en: 'Target attainment',
    zh: '目标达成率',
    unit: 'ratio',
    numerator: [
      [1, 'gross'],
      [-1, 'discount'],
      [-1, 'returnValue'],
    ],
    denominator: [[1, 'target']],
    version: 1,
    denominatorMin: 1n,
  },
];

/** A figure before it is written out: both sides of the quotient, each absent where it is not known. */
export interface Quotient {
  readonly numerator: bigint;
  /** Absent for a plain sum, or where nothing is known to divide by (no target set). */
  readonly denominator?: bigint;
  /** Whether the figure may be given: a quotient needs a denominator of at least `denominatorMin`. */
  readonly isKnown: boolean;
}

/** Works a KPI out over counts and, for attainment, a target. */
export function evaluate(kpi: Kpi, counts: Counts, target: bigint | undefined): Quotient {
  const add = (terms: Kpi['numerator']): bigint =>
    terms.reduce(
      (total, [sign, term]) =>
        total + BigInt(sign) * (term === 'target' ? (target ?? 0n) : (counts[term] ?? 0n)),
      0n,
    );
  const numerator = add(kpi.numerator);
  if (kpi.denominator === undefined) return { numerator, isKnown: true };
  if (target === undefined && kpi.denominator.some(([, term]) => term === 'target'))
    return { numerator, isKnown: false };
  const denominator = add(kpi.denominator);
  return { numerator, denominator, isKnown: denominator >= kpi.denominatorMin };
}
