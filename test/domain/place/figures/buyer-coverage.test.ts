import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Store } from '#domain/chain/store.ts';
import { buyerCoverageOf, sensorsDisagree, uncoveredHours } from '#domain/place/figures/buyer-coverage.ts';
import type { Cell, Counts } from '#domain/place/figures/cell.ts';
import { DWELL_CLASSES_MS, DWELL_MS_MAX, medianDwellMs } from '#domain/place/figures/dwell.ts';
import { evaluate, KPIS, type KpiId } from '#domain/place/figures/kpis.ts';
import { coverageOfDays, keyIn, sum, summaryOfStore } from '#domain/place/figures/roll-up.ts';
import { cellsOfVisit } from '#domain/place/figures/visit-cells.ts';
import { november, SZ01, SZ02 } from '../../../support/chain.ts';
import { shanghai } from '../../../support/receipts.ts';

const DAY = november(22);
/** Hours of the morning in Shenzhen, as cells name them. */
const hours = (...clock: number[]): Set<string> =>
  new Set(clock.map((hour) => `2026-11-22T${String(hour - 8).padStart(2, '0')}:00`));

const cellOf = (store: Store, counts: Counts, more: Partial<Cell> = {}): Cell => ({
  key: keyIn({ kind: 'store', id: store.storeId }, { day: DAY, grain: 'day' }),
  counts,
  asOfMs: 1,
  ...more,
});
const summaryOf = (store: Store, counts: Counts, more: Partial<Cell> = {}, target?: bigint) =>
  summaryOfStore(store, cellOf(store, counts, more), 'day', target);

const figure = (id: KpiId, summary: ReturnType<typeof sum>) => {
  const kpi = KPIS.find((one) => one.id === id);
  if (kpi === undefined) throw new Error(id);
  return evaluate(kpi, summary.counts, summary.target, coverageOfDays(summary));
};

describe('conversion', () => {
  it('is withheld where sensors began at noon, and says that hours are not covered (F2)', () => {
    const counts = { bodies: 100n, visitors: 100n, transactions: 60n };
    const day = { soldHours: hours(9, 10, 11, 12, 13, 14), seenHours: hours(12, 13, 14) };
    expect(uncoveredHours(day)).toHaveLength(3);
    expect(buyerCoverageOf({ counts, ...day })).toBe('hours not covered');
    expect(figure('conversion', summaryOf(SZ01, counts, day))).toMatchObject({
      withheld: 'hours not covered',
    });
    expect(figure('footfall', summaryOf(SZ01, counts, day))).toEqual({ numerator: 100n });
  });

  it('is given where each sale has a visitor in its hour or the one before (F2)', () => {
    const counts = { bodies: 100n, visitors: 100n, transactions: 60n };
    const day = { soldHours: hours(9, 10, 12), seenHours: hours(9, 11) };
    expect(figure('conversion', summaryOf(SZ01, counts, day))).toEqual({ numerator: 60n, denominator: 100n });
  });

  it('is withheld where more was sold than visitors were seen: 33 receipts and 27 visitors (F2)', () => {
    const counts = { bodies: 27n, visitors: 27n, transactions: 33n };
    expect(figure('conversion', summaryOf(SZ01, counts))).toMatchObject({ withheld: 'above one' });
    expect(figure('salesPerVisitor', summaryOf(SZ01, counts))).toMatchObject({ withheld: 'above one' });
  });

  it('is, for a chain, that of the stores and days that allow it, and of no others (F2)', () => {
    const good = summaryOf(SZ01, { bodies: 100n, visitors: 100n, transactions: 30n });
    const bad = summaryOf(SZ02, { bodies: 27n, visitors: 27n, transactions: 380n });
    const both = sum([good, bad]);
    expect(figure('conversion', both)).toEqual({ numerator: 30n, denominator: 100n });
    expect(both.buyers).toEqual({ covered: 1, hoursNotCovered: 0, aboveOne: 1 });
    expect(figure('footfall', both)).toEqual({ numerator: 127n });
  });
});

describe('attainment', () => {
  const sales = (gross: bigint): Counts => ({ gross, transactions: 1n });

  it('divides the sales of stores that have a target by these targets alone (F1)', () => {
    const total = sum([summaryOf(SZ01, sales(620n), {}, 1_000n), summaryOf(SZ02, sales(133n))]);
    expect(figure('attainment', total)).toEqual({ numerator: 620n, denominator: 1_000n });
    expect(figure('netSales', total)).toEqual({ numerator: 753n });
  });

  it('divides the sales of days that have a target by these targets alone (F1)', () => {
    const days = [
      summaryOf(SZ01, sales(33n), {}, 100n),
      ...[1, 2, 3].map(() => summaryOf(SZ01, sales(100n))),
    ];
    expect(figure('attainment', sum(days))).toEqual({ numerator: 33n, denominator: 100n });
  });

  it('is 0 of a target on a day without a sale (F1)', () => {
    expect(figure('attainment', summaryOfStore(SZ01, undefined, 'day', 100n))).toEqual({
      numerator: 0n,
      denominator: 100n,
    });
  });
});

describe('door counter, tracker and tills of a store', () => {
  it('disagree where their numbers do not fit, and not by chance (F2)', () => {
    expect(sensorsDisagree({ doorIn: 100n, bodies: 90n, visitors: 85n, transactions: 30n })).toBeUndefined();
    expect(sensorsDisagree({ doorIn: 100n, bodies: 40n, visitors: 40n, transactions: 30n })).toEqual({
      doorEntries: 100,
      visits: 40,
      transactions: 30,
    });
    expect(sensorsDisagree({ bodies: 27n, visitors: 27n, transactions: 33n })).toBeDefined();
    expect(sensorsDisagree({ transactions: 33n })).toBeUndefined();
    expect(sensorsDisagree({ doorIn: 9n, bodies: 1n, visitors: 1n })).toBeUndefined();
  });
});

describe('dwell', () => {
  const counted = (minutes: readonly number[]): Counts =>
    sum(
      minutes.flatMap((length, index) => {
        const firstSeenAt = shanghai('2026-11-22T10:00:00');
        const visit = {
          number: index + 1,
          firstSeenAt,
          lastSeenAtMs: firstSeenAt.instantMs + length * 60_000,
          isClosed: true,
          isStaff: false,
          isAssisted: false,
          frequency: 'unknown' as const,
          zones: [],
        };
        return cellsOfVisit(SZ01.storeId, DAY, visit)
          .filter(({ key }) => key.grain === 'day')
          .map(({ counts }) => ({ counts, asOfMs: 0 }));
      }),
    ).counts;

  it('adds no more than the cap for a stay of eleven hours, which hardly moves the median (V8)', () => {
    const usual = [4, 5, 5, 6, 7];
    const [before, after] = [counted(usual), counted([...usual, 660])];
    expect(after.dwellMs).toBe((before.dwellMs ?? 0n) + BigInt(DWELL_MS_MAX));
    // Four of five between five and eight minutes, taken as evenly spread.
    expect(Number(medianDwellMs(before)) / 60_000).toBe(6.125);
    expect(Number(medianDwellMs(after)) / 60_000).toBe(6.5);
    expect(medianDwellMs({})).toBeUndefined();
  });

  it('has a median in the class of the middle visit (V8)', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 179 }), { minLength: 1, maxLength: 40 }), (lengths) => {
        const median = Number(medianDwellMs(counted(lengths))) / 60_000;
        const sorted = [...lengths].sort((a, b) => a - b);
        const middle = sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
        const place = DWELL_CLASSES_MS.findIndex((belowMs) => middle * 60_000 < belowMs);
        expect(median).toBeGreaterThanOrEqual((DWELL_CLASSES_MS[place - 1] ?? 0) / 60_000);
        expect(median).toBeLessThanOrEqual((DWELL_CLASSES_MS[place] ?? 0) / 60_000);
      }),
    );
  });
});
