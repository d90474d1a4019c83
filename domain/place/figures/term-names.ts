/** What the terms of formulas are called in the trade, so that a formula reads as a sentence of a report. */
import type { Term } from './kpis.ts';

const NAMES = {
  transactions: ['transactions', '交易笔数'],
  units: ['units sold', '销售件数'],
  gross: ['gross sales', '销售总额'],
  discount: ['discounts', '折扣额'],
  returnValue: ['returns', '退货额'],
  target: ['target', '目标额'],
  targetedSales: ['net sales of stores and days with a target', '有目标的门店与日期的净销售额'],
  visitors: ['visitors', '进店人数'],
  bodies: ['visitors and staff', '进店人数（含员工）'],
  groups: ['groups', '批次'],
  doorIn: ['entries at the doors', '进门人次'],
  closedVisits: ['ended visits', '已离店访问'],
  seenTransactions: ['transactions where visitors were counted', '有客流统计的交易笔数'],
  seenSales: ['net sales where visitors were counted', '有客流统计的净销售额'],
  seenVisitors: ['visitors of the same stores and days', '同门店同日期的进店人数'],
  dwellMs: ['length of ended visits, each at most 3 hours', '已离店访问时长（每次最多 3 小时）'],
  medianDwellMs: ['the middle length of ended visits', '已离店访问时长的中位数'],
  firstVisits: ['first visits', '首次到访'],
  secondVisits: ['second visits', '二次到访'],
  regularVisits: ['visits of regulars', '常客到访'],
  assistedVisits: ['assisted visits', '有员工接待的访问'],
  zoneVisits: ['visits to the zone', '进入区域的访问'],
  engagedVisits: ['visits that stayed in the zone', '在区域驻足的访问'],
  zoneMs: ['time in the zone', '区域内停留时长'],
} as const satisfies Partial<Record<Term, readonly [en: string, zh: string]>>;

/** Returns what a term of a formula is called; a counter that no formula uses has no name but its own. */
export function termName(term: Term, language: 'en' | 'zh'): string {
  const names: Partial<Record<Term, readonly [en: string, zh: string]>> = NAMES;
  return names[term]?.[language === 'en' ? 0 : 1] ?? term;
}
