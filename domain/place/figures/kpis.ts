/**
 * The dictionary of figures, as data: what a figure is called, what it is made of and in which version.
 * A formula that changes gets a new version, so that two reports that disagree can be distinguished.
 *
 * The definitions are the trade's: 连带率 is units per transaction (UPT), 客单价 is average ticket (ATV).
 * A transaction is a receipt on which at least one piece was sold at a price; gifts count apart.
 *
 * Figures of people need sensors. Where no sensor reported a visit, footfall is unknown and not 0, and sales per
 * visitor are taken only from where visitors were seen: a store without cameras must not make the
 * conversion of its city look better.
 */
import type { Counter, Counts } from './cell.ts';
import { medianDwellMs } from './dwell.ts';

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
  | 'attainment'
  | 'footfall'
  | 'footfallRaw'
  | 'footfallGroups'
  | 'doorEntries'
  | 'occupancy'
  | 'conversion'
  | 'salesPerVisitor'
  | 'meanDwell'
  | 'medianDwell'
  | 'returningShare'
  | 'assistedShare';

/** A term of a formula: a counter, the target of the scope and time, or the median of the ended visits' lengths. */
export type Term = Counter | 'target' | 'medianDwellMs';

/** What a zone of a store is judged by. */
export type ZoneKpiId = 'draw' | 'engagement' | 'zoneDwell';

export interface Kpi<Id extends string = KpiId | ZoneKpiId> {
  readonly id: Id;
  readonly en: string;
  readonly zh: string;
  /** `money` is in the chain's currency; `ratio` is money over money and `share` count over count (0.08 is 8 %). */
  readonly unit:
    | 'count'
    | 'money'
    | 'ratio'
    | 'share'
    | 'money per transaction'
    | 'money per visitor'
    | 'units per transaction'
    | 'seconds';
  /** Added, with their sign. */
  readonly numerator: ReadonlyArray<readonly [sign: 1 | -1, term: Term]>;
  /** Absent where the figure is a plain sum. */
  readonly denominator?: ReadonlyArray<readonly [sign: 1 | -1, term: Term]>;
  readonly version: number;
  /** Below this many in the denominator's unit the figure is not given. */
  readonly denominatorMin: bigint;
  /** Whether more than all is impossible: above 1, numerator and denominator do not belong together. */
  readonly isAtMostOne?: true;
  /** The coverage that the figure needs beyond the tills': without it, the figure is unknown. */
  readonly needs?: keyof DataCoverage;
}

/** Which kinds of devices reported for the scope and time. */
export interface DataCoverage {
  /** Sensors that make visits. */
  readonly visits: boolean;
  /** Door counters. */
  readonly doors: boolean;
  /** Both tills and sensors, of the same stores and hours: sales there may be divided by visitors. A reason where not. */
  readonly buyers: boolean | Extract<WithheldReason, 'hours not covered' | 'above one'>;
}

export const NO_COVERAGE: DataCoverage = { visits: false, doors: false, buyers: false };

/**
 * Returns which kinds of devices reported on a day: only visits and passages leave these counters. A door that counted no one
 * reported, too.
 */
export function coverageOf(dayCounts: Counts): DataCoverage {
  const visits = (dayCounts.bodies ?? 0n) > 0n;
  return {
    visits,
    doors:
      (dayCounts.doorCounts ?? 0n) > 0n || (dayCounts.doorIn ?? 0n) > 0n || (dayCounts.doorOut ?? 0n) > 0n,
    buyers: visits,
  };
}

/** With fewer visitors than this, one more buyer moves the rate by more than a good day does. */
export const VISITORS_MIN = 20n;

export const KPIS: ReadonlyArray<Kpi<KpiId>> = [
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
    numerator: [[1, 'targetedSales']],
    denominator: [[1, 'target']],
    version: 2,
    denominatorMin: 1n,
  },
  {
    id: 'footfall',
    en: 'Footfall',
    zh: '客流',
    unit: 'count',
    numerator: [[1, 'visitors']],
    version: 1,
    denominatorMin: 0n,
    needs: 'visits',
  },
  {
    id: 'footfallRaw',
    en: 'Footfall, staff included',
    zh: '含员工客流',
    unit: 'count',
    numerator: [[1, 'bodies']],
    version: 1,
    denominatorMin: 0n,
    needs: 'visits',
  },
  {
    id: 'footfallGroups',
    en: 'Groups whose visit has ended',
    zh: '批次客流',
    unit: 'count',
    numerator: [[1, 'groups']],
    version: 1,
    denominatorMin: 0n,
    needs: 'visits',
  },
  {
    id: 'doorEntries',
    en: 'Door entries',
    zh: '进门人次',
    unit: 'count',
    numerator: [[1, 'doorIn']],
    version: 1,
    denominatorMin: 0n,
    needs: 'doors',
  },
  {
    id: 'occupancy',
    en: 'In the store',
    zh: '在店人数',
    unit: 'count',
    numerator: [
      [1, 'visitors'],
      [-1, 'closedVisits'],
    ],
    version: 1,
    denominatorMin: 0n,
    needs: 'visits',
  },
  {
    id: 'conversion',
    en: 'Conversion',
    zh: '成交率',
    unit: 'share',
    numerator: [[1, 'seenTransactions']],
    denominator: [[1, 'seenVisitors']],
    version: 2,
    denominatorMin: VISITORS_MIN,
    isAtMostOne: true,
    needs: 'buyers',
  },
  {
    id: 'salesPerVisitor',
    en: 'Sales per visitor',
    zh: '客单产出',
    unit: 'money per visitor',
    numerator: [[1, 'seenSales']],
    denominator: [[1, 'seenVisitors']],
    version: 2,
    denominatorMin: VISITORS_MIN,
    needs: 'buyers',
  },
  {
    id: 'meanDwell',
    en: 'Mean dwell',
    zh: '停留时长',
    unit: 'seconds',
    numerator: [[1, 'dwellMs']],
    denominator: [[1, 'closedVisits']],
    version: 2,
    denominatorMin: 1n,
    needs: 'visits',
  },
  {
    id: 'medianDwell',
    en: 'Median dwell',
    zh: '停留时长中位数',
    unit: 'seconds',
    numerator: [[1, 'medianDwellMs']],
    version: 1,
    denominatorMin: 0n,
    needs: 'visits',
  },
  {
    id: 'returningShare',
    en: 'Returning visitors',
    zh: '回头客占比',
    unit: 'share',
    numerator: [
      [1, 'secondVisits'],
      [1, 'regularVisits'],
    ],
    denominator: [
      [1, 'firstVisits'],
      [1, 'secondVisits'],
      [1, 'regularVisits'],
    ],
    version: 1,
    denominatorMin: 1n,
    needs: 'visits',
  },
  {
    id: 'assistedShare',
    en: 'Assisted visits',
    zh: '接待率',
    unit: 'share',
    numerator: [[1, 'assistedVisits']],
    denominator: [[1, 'closedVisits']],
    version: 1,
    denominatorMin: 1n,
    needs: 'visits',
  },
];

/** Of one zone: over what it counts, and the ended visits of its store. */
export const ZONE_KPIS: ReadonlyArray<Kpi<ZoneKpiId>> = [
  {
    id: 'draw',
    en: 'Draw',
    zh: '区域吸引率',
    unit: 'share',
    numerator: [[1, 'zoneVisits']],
    denominator: [[1, 'closedVisits']],
    version: 1,
    denominatorMin: 1n,
  },
  {
    id: 'engagement',
    en: 'Engagement',
    zh: '驻足率',
    unit: 'share',
    numerator: [[1, 'engagedVisits']],
    denominator: [[1, 'zoneVisits']],
    version: 1,
    denominatorMin: 1n,
  },
  {
    id: 'zoneDwell',
    en: 'Mean time in the zone',
    zh: '区域停留时长',
    unit: 'seconds',
    numerator: [[1, 'zoneMs']],
    denominator: [[1, 'zoneVisits']],
    version: 1,
    denominatorMin: 1n,
  },
];

/**
 * Why a figure is not given. `no data`: no device of the kind that it needs reported. `hours not covered`: sales were made in
 * hours in which no sensor saw a visitor. `above one`: more buyers than visitors. `too few`: the denominator is too small.
 * `no target`: none is set.
 */
export const WITHHELD_REASONS = [
  'no data',
  'hours not covered',
  'above one',
  'too few',
  'no target',
] as const;
export type WithheldReason = (typeof WITHHELD_REASONS)[number];

/** A figure before it is written out: both sides of the quotient, each absent where it is not known. */
export interface Quotient {
  readonly numerator: bigint;
  /** Absent for a plain sum, or where the denominator is unknown (no target set). */
  readonly denominator?: bigint;
  /** Why the figure is not given; absent where it is. */
  readonly withheld?: WithheldReason;
}

/** Returns both sides of a KPI's quotient over counts and, for attainment, a target. */
export function evaluate(
  kpi: Kpi,
  counts: Counts,
  target: bigint | undefined,
  coverage: DataCoverage = NO_COVERAGE,
): Quotient {
  const countOf = (term: Term): bigint => {
    if (term === 'target') return target ?? 0n;
    return (term === 'medianDwellMs' ? medianDwellMs(counts) : counts[term]) ?? 0n;
  };
  const add = (terms: Kpi['numerator']): bigint =>
    terms.reduce((total, [sign, term]) => total + BigInt(sign) * countOf(term), 0n);
  const gap = kpi.needs === undefined ? undefined : gapIn(coverage, kpi.needs);
  const numerator = add(kpi.numerator);
  if (kpi.denominator === undefined) {
    const isMedian = kpi.numerator.some(([, term]) => term === 'medianDwellMs');
    return withheld({ numerator }, gap ?? (isMedian && numerator === 0n ? 'too few' : undefined));
  }
  if (target === undefined && kpi.denominator.some(([, term]) => term === 'target'))
    return withheld({ numerator }, 'no target');
  const denominator = add(kpi.denominator);
  const isTooFew = denominator < kpi.denominatorMin;
  const isImpossible = kpi.isAtMostOne === true && numerator > denominator;
  return withheld(
    { numerator, denominator },
    gap ?? (isTooFew ? 'too few' : isImpossible ? 'above one' : undefined),
  );
}

const gapIn = (coverage: DataCoverage, needs: keyof DataCoverage): WithheldReason | undefined => {
  const given = coverage[needs];
  return given === true ? undefined : given === false ? 'no data' : given;
};

const withheld = (quotient: Quotient, reason: WithheldReason | undefined): Quotient =>
  reason === undefined ? quotient : { ...quotient, withheld: reason };
