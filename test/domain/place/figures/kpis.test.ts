import { describe, expect, it } from 'vitest';
import type { Counts } from '#domain/place/figures/cell.ts';
import {
  coverageOf,
  evaluate,
  KPIS,
  type KpiId,
  NO_COVERAGE,
  VISITORS_MIN,
  ZONE_KPIS,
  type ZoneKpiId,
} from '#domain/place/figures/kpis.ts';
import { withBuyers } from '#domain/place/figures/roll-up.ts';

/** Ten receipts at 20.00 apiece less 2.00 each, and one return of 18.00; the target is 200.00. */
const COUNTS: Counts = {
  transactions: 10n,
  units: 15n,
  lines: 12n,
  gross: 2_000_000n,
  discount: 200_000n,
  targetedSales: 1_620_000n,
  givenUnits: 4n,
  returnReceipts: 1n,
  returnUnits: 1n,
  returnLines: 1n,
  returnValue: 180_000n,
};
const TARGET = 2_000_000n;

/** Forty visitors and two of the staff; thirty of the visitors have left again. */
const SEEN: Counts = withBuyers({
  ...COUNTS,
  bodies: 42n,
  visitors: 40n,
  firstVisits: 20n,
  secondVisits: 5n,
  regularVisits: 5n,
  closedVisits: 30n,
  dwellMs: 9_000_000n,
  assistedVisits: 12n,
  doorIn: 55n,
  doorOut: 44n,
});
const ALL = { visits: true, doors: true, buyers: true };

const kpi = (id: KpiId) => {
  const found = KPIS.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no KPI ${id}`);
  return found;
};

describe('the dictionary of figures', () => {
  it.each<[KpiId, bigint, bigint | undefined]>([
    ['transactions', 10n, undefined],
    ['units', 15n, undefined],
    ['grossSales', 2_000_000n, undefined],
    ['discounts', 200_000n, undefined],
    ['returns', 180_000n, undefined],
    ['netSales', 1_620_000n, undefined],
    ['unitsPerTransaction', 15n, 10n],
    ['averageTicket', 1_800_000n, 10n],
    ['returnRate', 180_000n, 1_800_000n],
    ['attainment', 1_620_000n, 2_000_000n],
  ])('makes %s of %s and %s', (id, numerator, denominator) => {
    expect(evaluate(kpi(id), COUNTS, TARGET)).toEqual({
      numerator,
      ...(denominator === undefined ? {} : { denominator }),
    });
  });

  it.each<KpiId>(['unitsPerTransaction', 'averageTicket', 'returnRate'])(
    'does not know %s where nothing was sold, returns or not',
    (id) => {
      expect(evaluate(kpi(id), {}, TARGET).withheld).toBeDefined();
      expect(evaluate(kpi(id), { returnValue: 5n, returnUnits: 1n }, TARGET).withheld).toBeDefined();
    },
  );

  it('does not know the attainment of no target, nor of a target of nothing', () => {
    expect(evaluate(kpi('attainment'), COUNTS, undefined)).toEqual({
      numerator: 1_620_000n,
      withheld: 'no target',
    });
    expect(evaluate(kpi('attainment'), COUNTS, 0n).withheld).toBeDefined();
  });

  it('knows that nothing sold is none of a target, and that more came back than went', () => {
    expect(evaluate(kpi('attainment'), {}, TARGET)).toEqual({
      numerator: 0n,
      denominator: TARGET,
    });
    expect(evaluate(kpi('netSales'), { returnValue: 5n }, undefined)).toEqual({
      numerator: -5n,
    });
  });

  it.each<[KpiId, bigint, bigint | undefined]>([
    ['footfall', 40n, undefined],
    ['footfallRaw', 42n, undefined],
    ['doorEntries', 55n, undefined],
    ['occupancy', 10n, undefined],
    ['conversion', 10n, 40n],
    ['salesPerVisitor', 1_620_000n, 40n],
    ['meanDwell', 9_000_000n, 30n],
    ['returningShare', 10n, 30n],
    ['assistedShare', 12n, 30n],
  ])('makes %s of %s and %s', (id, numerator, denominator) => {
    expect(evaluate(kpi(id), SEEN, undefined, ALL)).toEqual({
      numerator,
      ...(denominator === undefined ? {} : { denominator }),
    });
    expect(evaluate(kpi(id), SEEN, undefined, NO_COVERAGE).withheld).toBeDefined();
  });

  it('hears of visits and of doors apart, and of neither from a till', () => {
    expect(coverageOf(COUNTS)).toEqual(NO_COVERAGE);
    expect(coverageOf({ bodies: 1n })).toEqual({ visits: true, doors: false, buyers: true });
    expect(coverageOf({ doorOut: 1n })).toEqual({ visits: false, doors: true, buyers: false });
  });

  it('withholds a conversion beyond one and of fewer visitors than twenty, and says why (F2)', () => {
    const of = (seenVisitors: bigint) =>
      evaluate(kpi('conversion'), { ...SEEN, seenVisitors }, undefined, ALL);
    expect(of(VISITORS_MIN).withheld).toBeUndefined();
    expect(of(VISITORS_MIN - 1n).withheld).toBeDefined();
    expect(of(VISITORS_MIN - 1n).withheld).toBe('too few');
    const crowd = { ...SEEN, seenVisitors: 27n, seenTransactions: 33n };
    expect(evaluate(kpi('conversion'), crowd, undefined, ALL)).toEqual({
      numerator: 33n,
      denominator: 27n,
      withheld: 'above one',
    });
    expect(evaluate(kpi('salesPerVisitor'), crowd, undefined, ALL)).not.toHaveProperty('withheld');
  });

  it.each<[ZoneKpiId, bigint, bigint]>([
    ['draw', 12n, 30n],
    ['engagement', 9n, 12n],
    ['zoneDwell', 240_000n, 12n],
  ])('makes %s of a zone of %s and %s', (id, numerator, denominator) => {
    const counts = {
      closedVisits: 30n,
      zoneVisits: 12n,
      zoneEntries: 14n,
      engagedVisits: 9n,
      zoneMs: 240_000n,
    };
    const of = ZONE_KPIS.find((one) => one.id === id);
    expect(of && evaluate(of, counts, undefined)).toEqual({ numerator, denominator });
    expect(of && evaluate(of, {}, undefined).withheld).toBeDefined();
  });

  it('has each figure once, in both languages, with the version of its formula', () => {
    const all = [...KPIS, ...ZONE_KPIS];
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set(all.map(({ zh }) => zh)).size).toBe(all.length);
    for (const { en, zh, version } of all) {
      expect(en).toMatch(/^[A-Z]/);
      expect(zh).toMatch(/^\p{Script=Han}+$/u);
      expect(version).toBeGreaterThanOrEqual(1);
    }
  });
});
