/** Contract of every cell store. */

import { beforeEach, describe, expect, it } from 'vitest';
import { OTHER_REPORTERS, REPORTERS_MAX } from '#adapters/dynamodb/cell-store.ts';
import type { CellStore } from '#application/ports/cell-store.ts';
import { HOUR_MS } from '#domain/chain/duration.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { CellKey, Counts } from '#domain/place/figures/cell.ts';
import type { CellChange } from '#domain/place/figures/fold.ts';
import { sequenceAt } from './arbitraries.ts';
import { november, SZ01 } from './chain.ts';

const NINE_MS = Date.UTC(2026, 10, 22, 1);
const scope = { kind: 'store', id: SZ01.storeId } as const;
export const DAY_CELL: CellKey = { scope, dimension: 'all', day: november(22), grain: 'day' };

export const cellAt = (grain: 'minute' | 'hour', startMs: number, day = november(22)): CellKey => ({
  scope,
  dimension: 'all',
  day,
  grain,
  startMs,
});

/** A change from the sequence numbers `first` … `last` of the log. */
export const changeOf = (
  first: number,
  last: number,
  counts: Counts,
  more: Partial<CellChange> = {},
): CellChange => ({
  counts,
  firstSequence: sequenceAt(first),
  lastSequence: sequenceAt(last),
  asOfMs: last,
  ...more,
});

export function describeCellStore(name: string, create: () => Promise<CellStore>): void {
  describe(`a cell store: ${name}`, () => {
    let cells: CellStore;
    beforeEach(async () => {
      cells = await create();
    });
    const day = async () => (await cells.ofStores([SZ01.storeId], DAY_CELL)).get(SZ01.storeId);

    it('adds records after the last counted one, and rejects others', async () => {
      expect(await cells.add(DAY_CELL, changeOf(1, 3, { units: 2n, gross: 5n }))).toEqual({ kind: 'added' });
      expect(await cells.add(DAY_CELL, changeOf(4, 6, { units: 1n, discount: 7n }))).toEqual({
        kind: 'added',
      });
      const ahead = { kind: 'ahead', sequence: sequenceAt(6) };
      expect(await cells.add(DAY_CELL, changeOf(4, 6, { units: 1n }))).toEqual(ahead);
      expect(await cells.add(DAY_CELL, changeOf(6, 9, { units: 1n }))).toEqual(ahead);
      expect(await cells.add(DAY_CELL, changeOf(1, 1, { units: 1n }))).toEqual(ahead);
      expect(await day()).toMatchObject({ counts: { units: 3n, gross: 5n, discount: 7n }, asOfMs: 6 });
    });

    it('counts exactly beyond the precision of a double', async () => {
      const gross = 90_071_992_547_409_931_234_567n;
      await cells.add(DAY_CELL, changeOf(1, 1, { gross }));
      await cells.add(DAY_CELL, changeOf(2, 2, { gross: 1n }));
      expect((await day())?.counts).toEqual({ gross: gross + 1n });
    });

    it('replaces a cell with a recount, down to 0, unless it has counted later records', async () => {
      await cells.add(DAY_CELL, changeOf(1, 3, { units: 2n, gross: 5n }, { reporters: new Set(['T1']) }));
      expect(await cells.overwrite(DAY_CELL, changeOf(5, 5, { units: 1n }))).toEqual({ kind: 'added' });
      const recounted = await day();
      expect(recounted?.counts.units).toBe(1n);
      expect(recounted?.counts.gross ?? 0n).toBe(0n);
      expect(recounted?.reporters).toEqual(new Set(['T1']));
      expect(await cells.overwrite(DAY_CELL, changeOf(4, 4, { units: 9n }))).toEqual({
        kind: 'ahead',
        sequence: sequenceAt(5),
      });
      expect(await cells.add(DAY_CELL, changeOf(6, 6, { units: 1n }))).toEqual({ kind: 'added' });
      expect((await day())?.counts.units).toBe(2n);
    });

    it('stores every till that reported', async () => {
      await cells.add(DAY_CELL, changeOf(1, 1, {}, { reporters: new Set(['T1']) }));
      await cells.add(DAY_CELL, changeOf(2, 2, {}, { reporters: new Set(['T2', 'T1']) }));
      expect((await day())?.reporters).toEqual(new Set(['T1', 'T2']));
    });

    it('stores at most 200 names of tills, and the others as one, and counts on (R10)', async () => {
      const named = (from: number, size: number) =>
        new Set(Array.from({ length: size }, (_, index) => `${from + index}`.padStart(64, 'T')));
      await cells.add(DAY_CELL, changeOf(1, 1, { units: 1n }, { reporters: named(0, 150) }));
      await cells.add(DAY_CELL, changeOf(2, 2, { units: 1n }, { reporters: named(100, 100) }));
      await cells.add(DAY_CELL, changeOf(3, 3, { units: 1n }, { reporters: named(1_000, 1_000) }));
      await cells.add(DAY_CELL, changeOf(4, 4, { units: 1n }, { reporters: named(5_000, 1) }));
      await cells.add(DAY_CELL, changeOf(5, 5, { units: 1n }, { reporters: named(0, 1) }));
      const found = await day();
      expect(found?.counts.units).toBe(5n);
      expect(found?.reporters?.size).toBeLessThanOrEqual(REPORTERS_MAX + 1);
      expect(found?.reporters?.has(OTHER_REPORTERS)).toBe(true);
      expect(await cells.add(DAY_CELL, changeOf(5, 5, {}, { reporters: named(9_000, 1) }))).toEqual({
        kind: 'ahead',
        sequence: sequenceAt(5),
      });
    });

    it('stores every sensor that reported, apart from the tills, even without counts', async () => {
      await cells.add(DAY_CELL, changeOf(1, 1, {}, { sensors: new Set(['door-1']) }));
      await cells.add(DAY_CELL, changeOf(2, 2, {}, { reporters: new Set(['T1']) }));
      await cells.add(DAY_CELL, changeOf(3, 3, {}, { sensors: new Set(['cam-1', 'door-1']) }));
      const found = await day();
      expect(found?.sensors).toEqual(new Set(['door-1', 'cam-1']));
      expect(found?.reporters).toEqual(new Set(['T1']));
    });

    it('subtracts down to 0 and below', async () => {
      await cells.add(DAY_CELL, changeOf(1, 1, { visitors: 2n, dwellMs: 5n }));
      await cells.add(DAY_CELL, changeOf(2, 2, { visitors: -2n, dwellMs: -7n, bodies: 1n }));
      const counts = (await day())?.counts;
      expect([counts?.visitors ?? 0n, counts?.dwellMs, counts?.bodies]).toEqual([0n, -2n, 1n]);
    });

    it("returns the cells of a store's zones by day and zone, both ends inclusive", async () => {
      const zone = (member: string, date: number): CellKey => ({
        ...DAY_CELL,
        dimension: 'zone',
        member,
        day: november(date),
      });
      const keys = [zone('entry', 22), zone('shoes.1', 22), zone('entry', 23)];
      for (const key of [zone('entry', 21), ...keys, zone('entry', 24)])
        await cells.add(key, changeOf(1, 9, { zoneVisits: 3n, zoneMs: 20_000n }));
      const found = await cells.zones(SZ01.storeId, november(22), november(23));
      expect(found.map(({ key }) => key)).toEqual(keys);
      expect(found[0]).toMatchObject({ counts: { zoneVisits: 3n, zoneMs: 20_000n }, asOfMs: 9 });
    });

    it('returns the cells of a range of days in time order, both ends inclusive', async () => {
      const keys = [
        cellAt('hour', NINE_MS + HOUR_MS),
        cellAt('hour', NINE_MS),
        cellAt('hour', NINE_MS + 24 * HOUR_MS, november(23)),
        cellAt('hour', NINE_MS - 24 * HOUR_MS, november(21)),
        cellAt('minute', NINE_MS),
        DAY_CELL,
        { ...DAY_CELL, dimension: 'till' as const, member: 'T1' },
      ];
      for (const [index, key] of keys.entries())
        await cells.add(key, changeOf(1, 1, { units: BigInt(index) }));
      const hours = await cells.range(SZ01.storeId, 'hour', november(22), november(23));
      expect(hours.map(({ key }) => key)).toEqual([keys[1], keys[0], keys[2]]);
      const days = await cells.range(SZ01.storeId, 'day', november(22), november(22));
      expect(days).toMatchObject([{ key: DAY_CELL, counts: { units: 5n } }]);
      expect(await cells.range('sz0' as StoreId, 'day', november(1), november(30))).toEqual([]);
    });

    it('lists the buckets of a day that have cells', async () => {
      for (const key of [DAY_CELL, cellAt('hour', NINE_MS), cellAt('minute', NINE_MS)]) {
        await cells.add(key, changeOf(1, 1, { units: 1n }));
      }
      await cells.add(cellAt('hour', NINE_MS, november(23)), changeOf(1, 1, { units: 1n }));
      const buckets = await cells.bucketsOf(SZ01.storeId, november(22));
      expect(buckets.sort((a, b) => (a.grain < b.grain ? -1 : 1))).toEqual([
        { day: november(22), grain: 'day' },
        { day: november(22), grain: 'hour', startMs: NINE_MS },
        { day: november(22), grain: 'minute', startMs: NINE_MS },
      ]);
    });

    it('reads one bucket of more stores than one request holds, and omits those without a cell', async () => {
      const ids = Array.from({ length: 130 }, (_, index) => `s${index + 100}` as StoreId);
      const key = cellAt('hour', NINE_MS);
      for (const id of ids.slice(1)) {
        await cells.add(
          { ...key, scope: { kind: 'store', id } },
          changeOf(1, 1, { units: BigInt(id.slice(1)) }),
        );
      }
      const found = await cells.ofStores(ids, { day: key.day, grain: 'hour', startMs: NINE_MS });
      expect(found.size).toBe(129);
      for (const id of ids.slice(1)) expect(found.get(id)?.counts).toEqual({ units: BigInt(id.slice(1)) });
      expect(await cells.ofStores([], DAY_CELL)).toEqual(new Map());
    });

    it("keeps each product's newest name, and the freshness of the day's products", async () => {
      const product = (member: string): CellKey => ({ ...DAY_CELL, dimension: 'product', member });
      await cells.add(product('b'), changeOf(1, 1, { units: 1n }, { label: 'old' }));
      await cells.add(product('b'), changeOf(2, 2, { units: 1n }, { label: 'new' }));
      await cells.add(product('b'), changeOf(3, 7, { units: 1n }));
      await cells.add(product('苹果/1'), changeOf(1, 1, { gross: 4n }));
      await cells.add({ ...product('b'), day: november(23) }, changeOf(1, 1, { units: 9n }));
      expect(await cells.products(SZ01.storeId, november(22))).toEqual({
        products: [
          { productId: 'b', name: 'new', counts: { units: 3n } },
          { productId: '苹果/1', counts: { gross: 4n } },
        ],
        asOfMs: 7,
      });
      expect(await cells.products(SZ01.storeId, november(1))).toEqual({ products: [], asOfMs: 0 });
    });
  });
}
