import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RETENTION_DAYS } from '#adapters/dynamodb/cell-store.ts';
import type { ProductId, StaffId } from '#domain/chain/ids.ts';
import {
  addCounts,
  type CellKey,
  type Counter,
  type Counts,
  equalCounts,
} from '#domain/place/figures/cell.ts';
import {
  type CellDelta,
  cellName,
  changeAfter,
  fold,
  MINUTE_LATE_MS_MAX,
} from '#domain/place/figures/fold.ts';
import { cellsOf } from '#domain/place/figures/receipt-cells.ts';
import { loggedReceipts, receipt, sequenceAt } from '../../../support/arbitraries.ts';
import { lineOf, receiptOf, shanghai } from '../../../support/receipts.ts';

type Cells = Map<string, Counts>;

const sumInto = (cells: Cells, deltas: readonly CellDelta[], after?: string): Cells => {
  for (const delta of deltas) {
    const change = changeAfter(delta, after);
    if (change === undefined) continue;
    const name = cellName(delta.key);
    cells.set(name, addCounts(cells.get(name) ?? {}, change.counts));
  }
  return cells;
};

const expectEqual = (left: Cells, right: Cells): void => {
  expect([...left.keys()].sort()).toEqual([...right.keys()].sort());
  for (const [name, counts] of left) expect(equalCounts(counts, right.get(name) ?? {}), name).toBe(true);
};

const LINE_COUNTERS = [
  'units',
  'lines',
  'gross',
  'discount',
  'givenUnits',
  'returnUnits',
  'returnLines',
  'returnValue',
] as const;

const totalOf = (
  additions: ReadonlyArray<{ key: CellKey; counts: Counts }>,
  isWanted: (key: CellKey) => boolean,
): Counts => additions.reduce((sum, { key, counts }) => (isWanted(key) ? addCounts(sum, counts) : sum), {});

const keep = (counts: Counts, names: readonly Counter[]): Counts =>
  Object.fromEntries(names.map((name) => [name, counts[name] ?? 0n]));

describe('a receipt that arrives late', () => {
  it.each([
    ['as long as minutes are kept', 0, ['minute', 'hour', 'day']],
    ['longer than minutes are kept', 1, ['hour', 'day']],
  ])('adds to the grains that are still looked at: %s', (_, moreMs, grains) => {
    const one = receiptOf({ closedAt: shanghai('2026-11-22T10:00:00') });
    const arrivedAtMs = one.closedAt.instantMs + MINUTE_LATE_MS_MAX + moreMs;
    const deltas = fold([{ cells: cellsOf(one), sequence: sequenceAt(1), arrivedAtMs }]);
    const touched = deltas.filter(({ key }) => key.dimension === 'all').map(({ key }) => key.grain);
    expect(touched).toEqual(grains);
  });
});

describe('the cells of a receipt', () => {
  it('come to the same total by minute, by hour, by day and by till', () => {
    fc.assert(
      fc.property(receipt, (one) => {
        const cells = cellsOf(one);
        const day = totalOf(cells, (key) => key.dimension === 'all' && key.grain === 'day');
        for (const grain of ['minute', 'hour'] as const) {
          const sum = totalOf(cells, (key) => key.dimension === 'all' && key.grain === grain);
          expect(equalCounts(sum, day), grain).toBe(true);
        }
        expect(
          equalCounts(
            totalOf(cells, (key) => key.dimension === 'till'),
            day,
          ),
        ).toBe(true);
        const staff = totalOf(cells, (key) => key.dimension === 'staff');
        expect(equalCounts(staff, one.cashierId === undefined ? {} : day)).toBe(true);
      }),
    );
  });

  it('come to the same total by product, in everything that is counted by lines', () => {
    fc.assert(
      fc.property(receipt, (one) => {
        const cells = cellsOf(one);
        const day = totalOf(cells, (key) => key.dimension === 'all' && key.grain === 'day');
        const products = totalOf(cells, (key) => key.dimension === 'product');
        expect(equalCounts(products, keep(day, LINE_COUNTERS))).toBe(true);
      }),
    );
  });

  it('belong to its store and its business day, each of them once', () => {
    fc.assert(
      fc.property(receipt, (one) => {
        const cells = cellsOf(one);
        for (const { key } of cells) {
          expect(key.scope).toEqual({ kind: 'store', id: one.storeId });
          expect(key.day).toBe(one.businessDay);
        }
        expect(new Set(cells.map(({ key }) => cellName(key))).size).toBe(cells.length);
      }),
    );
  });

  it('count sales, gifts and returns apart', () => {
    const cells = cellsOf(
      receiptOf({
        lines: [
          lineOf({ quantity: 2, unitPrice: 100_000n, discount: 10_000n }),
          lineOf({ quantity: 3, unitPrice: 0n }),
          lineOf({ quantity: -1, unitPrice: 50_000n, discount: 5_000n }),
        ],
        discount: 20_000n,
      }),
    );
    expect(totalOf(cells, (key) => key.dimension === 'all' && key.grain === 'day')).toEqual({
      transactions: 1n,
      units: 2n,
      lines: 1n,
      gross: 200_000n,
      discount: 30_000n,
      givenUnits: 3n,
      returnReceipts: 1n,
      returnUnits: 1n,
      returnLines: 1n,
      returnValue: 45_000n,
    });
  });

  it('are no transaction where all was given away or brought back', () => {
    const dayOf = (quantity: number, unitPrice: bigint) =>
      totalOf(
        cellsOf(receiptOf({ lines: [lineOf({ quantity, unitPrice })] })),
        (key) => key.grain === 'day' && key.dimension === 'all',
      );
    expect(dayOf(1, 0n)).toEqual({ givenUnits: 1n });
    expect(dayOf(-1, 0n)).toMatchObject({ returnReceipts: 1n, returnUnits: 1n });
    expect(dayOf(-1, 10n).transactions).toBeUndefined();
  });

  it('count a line in the minute it was scanned and the receipt in the minute it closed', () => {
    const cells = cellsOf(
      receiptOf({
        closedAt: shanghai('2026-11-22T11:01'),
        lines: [lineOf({ scannedAt: shanghai('2026-11-22T10:59:59') })],
      }),
    );
    const at = (text: string, grain: 'minute' | 'hour') =>
      cells.find(({ key }) => key.grain === grain && key.startMs === shanghai(text).instantMs)?.counts;
    expect(at('2026-11-22T10:59', 'minute')).toEqual({ units: 1n, lines: 1n, gross: 100_000n, discount: 0n });
    expect(at('2026-11-22T11:01', 'minute')).toEqual({ transactions: 1n });
    expect(at('2026-11-22T11:00', 'hour')).toEqual({ transactions: 1n });
  });

  it('name the products as the till did, the newest name last, and the till that reported', () => {
    const productId = 'SKU-9' as ProductId;
    const cells = cellsOf(
      receiptOf({
        lines: [
          lineOf({ productId, name: 'old' }),
          lineOf({ productId, name: 'new' }),
          lineOf({ productId }),
        ],
      }),
    );
    expect(cells.find(({ key }) => key.dimension === 'product')).toMatchObject({ label: 'new' });
    expect(cells.filter(({ reporter }) => reporter !== undefined)).toMatchObject([
      { reporter: 'T1', key: { dimension: 'all', grain: 'day' } },
    ]);
  });
});

describe('a fold', () => {
  it('comes to the same cells however a batch is cut, since each part takes up where the other ended', () => {
    fc.assert(
      fc.property(loggedReceipts, fc.nat(), (batch, cut) => {
        const whole = sumInto(new Map(), fold(batch));
        const at = cut % (batch.length + 1);
        const twoBatches = sumInto(sumInto(new Map(), fold(batch.slice(0, at))), fold(batch.slice(at)));
        expectEqual(twoBatches, whole);
        // The whole batch again, onto cells that hold its beginning.
        const resumed = sumInto(sumInto(new Map(), fold(batch.slice(0, at))), fold(batch), sequenceAt(at));
        expectEqual(resumed, whole);
      }),
    );
  });

  it('comes to the same cells in any order of its receipts', () => {
    fc.assert(
      fc.property(loggedReceipts, (batch) => {
        expectEqual(sumInto(new Map(), fold([...batch].reverse())), sumInto(new Map(), fold(batch)));
      }),
    );
  });

  it('has nothing left for a cell that holds it all', () => {
    fc.assert(
      fc.property(loggedReceipts, (batch) => {
        for (const delta of fold(batch)) {
          expect(changeAfter(delta, sequenceAt(batch.length))).toBeUndefined();
          expect(changeAfter(delta, changeAfter(delta, undefined)?.lastSequence)).toBeUndefined();
        }
      }),
    );
  });

  it('has no minutes for what arrives later than minutes are kept, and all the rest of it', () => {
    const closedAt = shanghai('2026-11-22T10:00');
    const grainsOf = (lateMs: number) => {
      const logged = {
        cells: cellsOf(receiptOf({ closedAt })),
        sequence: sequenceAt(1),
        arrivedAtMs: closedAt.instantMs + lateMs,
      };
      return fold([logged]).map(({ key }) => key.grain);
    };
    expect(MINUTE_LATE_MS_MAX).toBe(RETENTION_DAYS.minute * 86_400_000);
    const inTime = grainsOf(MINUTE_LATE_MS_MAX);
    expect(inTime).toContain('minute');
    expect(grainsOf(MINUTE_LATE_MS_MAX + 1)).toEqual(inTime.filter((grain) => grain !== 'minute'));
  });

  it('says of a change where in the log it begins and ends, when its newest arrived, and who reported', () => {
    const batch = [1, 2, 3].map((place) => ({
      cells: cellsOf(
        receiptOf({
          tillId: `T${place}` as never,
          lines: [lineOf(place === 3 ? {} : { name: `name ${place}` })],
        }),
      ),
      sequence: sequenceAt(place),
      arrivedAtMs: 10 - place,
    }));
    const deltas = fold(batch);
    const day = deltas.find(({ key }) => key.dimension === 'all' && key.grain === 'day');
    const product = deltas.find(({ key }) => key.dimension === 'product');
    expect(day && changeAfter(day, sequenceAt(1))).toMatchObject({
      firstSequence: sequenceAt(2),
      lastSequence: sequenceAt(3),
      asOfMs: 8,
      reporters: new Set(['T2', 'T3']),
    });
    expect(product && changeAfter(product, undefined)?.label).toBe('name 2');
    expect(product && changeAfter(product, sequenceAt(2))?.label).toBeUndefined();
  });
});

describe('the name of a cell', () => {
  it('is one per cell', () => {
    const staff = { cashierId: 'T1' as StaffId };
    const names = cellsOf(receiptOf(staff)).map(({ key }) => cellName(key));
    expect(new Set(names).size).toBe(6);
    expect(
      cellName({ scope: { kind: 'chain' }, dimension: 'all', day: '2026-11-22' as never, grain: 'day' }),
    ).toBe('chain#all#day#2026-11-22##');
  });
});
