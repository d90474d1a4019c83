/**
 * The three cards of key figures: net sales with target attainment, transactions with average ticket, and units per
 * transaction with return rate.
 */
import type { FiguresResponse } from '#contracts/http/figures.ts';
import { KPIS, type KpiId } from '#domain/place/figures/kpis.ts';
import {
  forGeometry,
  formatCount,
  formatMoney,
  formatMoneyRounded,
  formatPercent,
  formatRounded,
} from './decimal.ts';
import type { Language, Words } from './words.ts';

/** Shown for an unknown figure, never a zero. */
const UNKNOWN = '–';

/** Units per transaction differ in the second decimal between a good and a bad day. */
const UPT_DECIMALS = 2;

export interface FigureView {
  readonly id: KpiId;
  /** Name in the chosen language. */
  readonly name: string;
  /** Name in the other language. */
  readonly otherName: string;
  readonly text: string;
  /** Why the figure is unknown. */
  readonly reason?: string;
}

export interface CardView {
  readonly main: FigureView;
  readonly mainNote?: string;
  readonly second: FigureView;
  readonly secondNote?: string;
  /** Attained share of the target, 0 … 1 and above; missing without a target. */
  readonly progress?: number;
}

const names = new Map(KPIS.map(({ id, en, zh }) => [id, { en, zh }]));

/** Returns a KPI's names in both languages, the chosen one first. */
export function kpiNames(id: KpiId, language: Language): readonly [name: string, otherName: string] {
  const { en, zh } = names.get(id) ?? { en: id, zh: id };
  return language === 'zh' ? [zh, en] : [en, zh];
}

const REASONS: Partial<Record<KpiId, (words: Words) => string>> = {
  attainment: (words) => words.noTarget,
  averageTicket: (words) => words.noTransactions,
  unitsPerTransaction: (words) => words.noTransactions,
  returnRate: (words) => words.noSales,
};

function textOf(id: KpiId, value: string, currency: string): string {
  switch (id) {
    case 'netSales':
    case 'grossSales':
    case 'discounts':
    case 'returns':
      return formatMoney(value, currency);
    case 'averageTicket':
    case 'salesPerVisitor':
      return formatMoneyRounded(value, currency);
    case 'unitsPerTransaction':
      return formatRounded(value, UPT_DECIMALS);
    case 'returnRate':
    case 'attainment':
    case 'conversion':
    case 'returningShare':
    case 'assistedShare':
      return formatPercent(value);
    case 'meanDwell':
    case 'medianDwell':
      return formatRounded(value, 0);
    case 'transactions':
    case 'units':
    case 'footfall':
    case 'footfallRaw':
    case 'footfallGroups':
    case 'doorEntries':
    case 'occupancy':
      return formatCount(value);
  }
}

/** Returns a figure as it is shown: a dash without a reason before the first response, and with a reason where it is unknown. */
export function figureView(
  id: KpiId,
  response: FiguresResponse | undefined,
  language: Language,
  words: Words,
): FigureView {
  const [name, otherName] = kpiNames(id, language);
  const view = { id, name, otherName };
  if (response === undefined) return { ...view, text: UNKNOWN };
  const { value = null, withheld } = response.total.figures[id] ?? {};
  if (value === null) {
    const reason =
      REASONS[id]?.(words) ?? (withheld === undefined ? words.notAvailable : words.withheld[withheld]);
    return { ...view, text: UNKNOWN, reason };
  }
  return { ...view, text: textOf(id, value, response.currency) };
}

/** Returns the three cards in their order. Notes show the operands of each figure, so that it can be verified. */
export function cardViews(
  response: FiguresResponse | undefined,
  language: Language,
  words: Words,
): CardView[] {
  const view = (id: KpiId) => figureView(id, response, language, words);
  const money = (value: string) => formatMoney(value, response?.currency ?? '');
  const part = (id: KpiId, name: 'value' | 'numerator' | 'denominator'): string | undefined =>
    response?.total.figures[id]?.[name] ?? undefined;
  const target = part('attainment', 'denominator');
  const attained = part('attainment', 'value');
  const discounts = part('discounts', 'value');
  const units = part('units', 'value');
  const transactions = part('transactions', 'value');
  const ticketSales = part('averageTicket', 'numerator');
  const returns = part('returns', 'value');
  return [
    {
      main: view('netSales'),
      ...(discounts && { mainNote: words.discountsOf(money(discounts)) }),
      second: view('attainment'),
      ...(target && { secondNote: words.ofTarget(money(target)) }),
      ...(attained && { progress: forGeometry(attained) }),
    },
    {
      main: view('transactions'),
      ...(units && { mainNote: words.unitsSold(formatCount(units)) }),
      second: view('averageTicket'),
      ...(ticketSales && { secondNote: words.ofSales(money(ticketSales)) }),
    },
    {
      main: view('unitsPerTransaction'),
      ...(units &&
        transactions && { mainNote: words.unitsIn(formatCount(units), formatCount(transactions)) }),
      second: view('returnRate'),
      ...(returns && { secondNote: words.returned(money(returns)) }),
    },
  ];
}
