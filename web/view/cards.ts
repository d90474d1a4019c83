/**
 * The three cards that stand before everything else: what was sold and how far that is from the target, how many
 * bought and for how much each, and how much each took and brought back.
 */
import type { FiguresAnswer } from '#contracts/figures.ts';
import { KPIS, type KpiId } from '#domain/place/kpis.ts';
import {
  forGeometry,
  formatCount,
  formatMoney,
  formatMoneyRounded,
  formatPercent,
  formatRounded,
} from './decimal.ts';
import type { Language, Words } from './words.ts';

/** What stands where a figure is not known. It is not a zero. */
const NOT_KNOWN = '–';

/** Pieces per receipt differ in the second decimal between a good and a bad day. */
const UPT_DECIMALS = 2;

export interface FigureView {
  readonly id: KpiId;
  /** The name in the chosen language, and in the other one. */
  readonly name: string;
  readonly otherName: string;
  readonly text: string;
  /** Why there is no figure. */
  readonly reason?: string;
}

export interface CardView {
  readonly main: FigureView;
  readonly mainNote?: string;
  readonly second: FigureView;
  readonly secondNote?: string;
  /** How much of the target is reached, 0 … 1 and beyond, where there is one. */
  readonly progress?: number;
}

const names = new Map(KPIS.map(({ id, en, zh }) => [id, { en, zh }]));

/** The two names of a figure, the chosen language's first. */
export function kpiNames(id: KpiId, language: Language): readonly [name: string, otherName: string] {
  const { en, zh } = names.get(id) ?? { en: id, zh: id };
  return language === 'zh' ? [zh, en] : [en, zh];
}

const REASONS: Partial<Record<KpiId, (words: Words) => string>> = {
  attainment: (words) => words.noTarget,
  averageTicket: (words) => words.noTransactions,
  unitsPerTransaction: (words) => words.noTransactions,
  returnRate: (words) => words.nothingSold,
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

/** One figure as it is shown; before the first answer it is a dash without a reason. */
export function figureView(
  id: KpiId,
  answer: FiguresAnswer | undefined,
  language: Language,
  words: Words,
): FigureView {
  const [name, otherName] = kpiNames(id, language);
  const view = { id, name, otherName };
  if (answer === undefined) return { ...view, text: NOT_KNOWN };
  const value = answer.total.figures[id]?.value ?? null;
  if (value === null) return { ...view, text: NOT_KNOWN, reason: (REASONS[id] ?? notGiven)(words) };
  return { ...view, text: textOf(id, value, answer.currency) };
}

const notGiven = (words: Words): string => words.notGiven;

/** The three cards, in their order. Beside each figure stands what it was made of, so that it can be checked. */
export function cards(answer: FiguresAnswer | undefined, language: Language, words: Words): CardView[] {
  const view = (id: KpiId) => figureView(id, answer, language, words);
  const money = (value: string) => formatMoney(value, answer?.currency ?? '');
  const side = (id: KpiId, of: 'value' | 'numerator' | 'denominator'): string | undefined =>
    answer?.total.figures[id]?.[of] ?? undefined;
  const target = side('attainment', 'denominator');
  const attained = side('attainment', 'value');
  const discounts = side('discounts', 'value');
  const units = side('units', 'value');
  const transactions = side('transactions', 'value');
  const ticketSales = side('averageTicket', 'numerator');
  const returns = side('returns', 'value');
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
      ...(ticketSales && { secondNote: words.ofSold(money(ticketSales)) }),
    },
    {
      main: view('unitsPerTransaction'),
      ...(units &&
        transactions && { mainNote: words.unitsIn(formatCount(units), formatCount(transactions)) }),
      second: view('returnRate'),
      ...(returns && { secondNote: words.broughtBack(money(returns)) }),
    },
  ];
}
