import { describe, expect, it } from 'vitest';
import type { Counts } from '#domain/place/cell.ts';
import { evaluate, KPIS, type KpiId } from '#domain/place/kpis.ts';

/** Ten receipts at 20.00 apiece less 2.00 each, and one return of 18.00; the target is 200.00. */
const COUNTS: Counts = {
  transactions: 10n,
  units: 15n,
  lines: 12n,
  gross: 2_000_000n,
  discount: 200_000n,
  givenUnits: 4n,
  returnReceipts: 1n,
  returnUnits: 1n,
  returnLines: 1n,
  returnValue: 180_000n,
};
const TARGET = 2_000_000n;

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
      isKnown: true,
    });
  });

  it.each<KpiId>(['unitsPerTransaction', 'averageTicket', 'returnRate'])(
    'does not know %s where nothing was sold, returns or not',
    (id) => {
      expect(evaluate(kpi(id), {}, TARGET).isKnown).toBe(false);
      expect(evaluate(kpi(id), { returnValue: 5n, returnUnits: 1n }, TARGET).isKnown).toBe(false);
    },
  );

  it('does not know the attainment of no target, nor of a target of nothing', () => {
    expect(evaluate(kpi('attainment'), COUNTS, undefined)).toEqual({ numerator: 1_620_000n, isKnown: false });
    expect(evaluate(kpi('attainment'), COUNTS, 0n).isKnown).toBe(false);
  });

  it('knows that nothing sold is none of a target, and that more came back than went', () => {
    expect(evaluate(kpi('attainment'), {}, TARGET)).toEqual({
      numerator: 0n,
      denominator: TARGET,
      isKnown: true,
    });
    expect(evaluate(kpi('netSales'), { returnValue: 5n }, undefined)).toEqual({
      numerator: -5n,
      isKnown: true,
    });
  });

  it('has each figure once, in both languages, with the version of its formula', () => {
    expect(new Set(KPIS.map(({ id }) => id)).size).toBe(KPIS.length);
    for (const { en, zh, version } of KPIS) {
      expect(en).toMatch(/^[A-Z]/);
      expect(zh).toMatch(/^\p{Script=Han}+$/u);
      expect(version).toBeGreaterThanOrEqual(1);
    }
  });
});
