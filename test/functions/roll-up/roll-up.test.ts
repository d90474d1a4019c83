import { beforeEach, describe, expect, it } from 'vitest';
import type { SummaryStore } from '#application/ports/summary-store.ts';
import type { ChangeNotice } from '#contracts/events/change-notices.ts';
import { CHAIN, type Scope } from '#domain/chain/staff-scope.ts';
import type { Store } from '#domain/chain/store.ts';
import type { CellKey, Counts } from '#domain/place/figures/cell.ts';
import type { Bucket } from '#domain/place/figures/roll-up.ts';
import { rollUp } from '#functions/roll-up/roll-up.ts';
import { GZ01, KTM1, november, STORES, SZ01, SZ02 } from '../../support/chain.ts';
import { changeOf } from '../../support/describe-cell-store.ts';
import { memoryCellStore } from '../../support/memory-cell-store.ts';
import { memoryChainStore } from '../../support/memory-chain-store.ts';
import { memorySummaryStore } from '../../support/memory-summary-store.ts';

const DAY: Bucket = { day: november(22), grain: 'day' };
const SHENZHEN: Scope = { kind: 'city', id: SZ01.cityId };
const SOUTH: Scope = { kind: 'region', id: SZ01.regionId };

function world() {
  const cells = memoryCellStore();
  let place = 0;
  return {
    cells,
    isTimeLeft: () => true,
    sums: memorySummaryStore(),
    chain: memoryChainStore({
      stores: STORES,
      targets: [{ storeId: SZ01.storeId, day: november(22), netSales: 1_000n }],
    }),
    count(store: Store, counts: Counts, more: Partial<CellKey> = {}) {
      place += 1;
      const key: CellKey = { scope: { kind: 'store', id: store.storeId }, dimension: 'all', ...DAY, ...more };
      return cells.add(key, changeOf(place, place, counts, { reporters: new Set(['T1']) }));
    },
  };
}
let ports: ReturnType<typeof world>;
beforeEach(() => {
  ports = world();
});

const changed = (store: Store, buckets: Bucket[] = [DAY]) => ({ storeId: store.storeId, buckets });
const kept = async (scope: Scope, bucket = DAY) => (await ports.sums.read(scope, bucket)).kept;

describe('the sums of cities, regions and the chain', () => {
  it('include every store, with targets and tills, also stores without a sale', async () => {
    await ports.count(SZ01, { gross: 10n });
    await ports.count(GZ01, { gross: 5n });
    await ports.count(KTM1, { gross: 1n });
    expect(
      await rollUp(
        ports,
        [SZ01, GZ01, KTM1].map((store) => changed(store)),
      ),
    ).toEqual({ rows: 6, left: [] });
    expect(await kept(SHENZHEN)).toEqual({
      counts: { gross: 10n, targetedSales: 10n },
      asOfMs: 1,
      reporting: { expected: 4, reported: 1 },
      seen: { expected: 2, reported: 0 },
      tills: 4,
      target: 1_000n,
    });
    expect(await kept(SOUTH)).toMatchObject({
      counts: { gross: 15n },
      reporting: { expected: 6, reported: 2 },
    });
    expect(await kept(CHAIN)).toMatchObject({
      counts: { gross: 16n },
      asOfMs: 3,
      reporting: { expected: 8, reported: 3 },
    });
  });

  it('are computed again from the cells, so a repeated, late or needless notice changes nothing', async () => {
    await ports.count(SZ01, { gross: 10n });
    await rollUp(ports, [changed(SZ01), changed(SZ01)]);
    await ports.count(SZ02, { gross: 7n });
    await rollUp(ports, [changed(SZ01), changed(SZ02), changed(GZ01)]);
    await rollUp(ports, [changed(SZ01)]);
    expect(await kept(SHENZHEN)).toMatchObject({ counts: { gross: 17n } });
    expect(await kept(CHAIN)).toMatchObject({ counts: { gross: 17n } });
  });

  it('cost one row per level for a thousand notices of one bucket', async () => {
    await ports.count(SZ01, { gross: 10n });
    expect(
      await rollUp(
        ports,
        Array.from({ length: 1_000 }, () => changed(SZ01)),
      ),
    ).toEqual({ rows: 3, left: [] });
    expect(await rollUp(ports, [])).toEqual({ rows: 0, left: [] });
  });

  it('keep buckets apart, and have targets and tills only by the day', async () => {
    const hour: Bucket = { day: november(22), grain: 'hour', startMs: Date.UTC(2026, 10, 22, 2) };
    await ports.count(SZ01, { gross: 10n });
    await ports.count(SZ01, { gross: 4n }, hour);
    await rollUp(ports, [changed(SZ01, [DAY, hour])]);
    expect(await kept(CHAIN, hour)).toEqual({ counts: { gross: 4n }, asOfMs: 2 });
    expect(await kept(CHAIN)).toMatchObject({ counts: { gross: 10n }, target: 1_000n });
  });

  it('add up products, each level from the level below', async () => {
    await ports.count(SZ01, { units: 1n }, { dimension: 'product', member: 'b' });
    await ports.count(SZ02, { units: 2n }, { dimension: 'product', member: 'b' });
    await ports.count(KTM1, { units: 4n }, { dimension: 'product', member: 'a' });
    await rollUp(
      ports,
      [SZ01, SZ02, KTM1].map(({ storeId }) => ({ storeId, days: [november(22)] })),
    );
    expect((await ports.sums.readProducts(SHENZHEN, november(22))).kept?.products).toEqual([
      { productId: 'b', counts: { units: 3n } },
    ]);
    expect((await ports.sums.readProducts(CHAIN, november(22))).kept).toEqual({
      products: [
        { productId: 'a', counts: { units: 4n } },
        { productId: 'b', counts: { units: 3n } },
      ],
      asOfMs: 3,
    });
  });
});

describe('a chain whose region is late', () => {
  it('says how many of its stores and tills the sum is made of (F3)', async () => {
    await ports.count(SZ01, { gross: 10n });
    await ports.count(KTM1, { gross: 1n });
    await rollUp(ports, [changed(SZ01)]);
    const before = await kept(CHAIN);
    expect(before).toMatchObject({ counts: { gross: 10n }, seen: { expected: 2 }, tills: 4 });
    await rollUp(ports, [changed(KTM1), changed(GZ01)]);
    expect(await kept(CHAIN)).toMatchObject({ counts: { gross: 11n }, seen: { expected: 4 }, tills: 8 });
  });
});

describe('a run that reaches its time limit', () => {
  const at = (hour: number): Bucket => ({
    day: november(22),
    grain: 'hour',
    startMs: Date.UTC(2026, 10, 22, hour),
  });

  it('still computes one sum, and returns every other bucket of every store', async () => {
    const notices = [
      changed(SZ01, [at(1), at(2), DAY]),
      changed(KTM1, [at(2)]),
      { storeId: GZ01.storeId, days: [november(22)] },
    ];
    const { rows, left } = await rollUp({ ...ports, isTimeLeft: () => false }, notices);
    expect(rows).toBe(3);
    expect(left).toEqual([
      changed(SZ01, [at(2), DAY]),
      changed(KTM1, [at(2)]),
      { storeId: GZ01.storeId, days: [november(22)] },
    ]);
  });

  it('reaches the same sums over several runs, with nothing left', async () => {
    await ports.count(SZ01, { gross: 10n });
    await ports.count(SZ01, { gross: 4n }, at(1));
    await ports.count(KTM1, { gross: 2n }, at(1));
    let notices: readonly ChangeNotice[] = [changed(SZ01, [at(1), DAY]), changed(KTM1, [at(1)])];
    for (let run = 0; run < 2; run++)
      ({ left: notices } = await rollUp({ ...ports, isTimeLeft: () => false }, notices));
    expect(notices).toEqual([]);
    expect(await kept(CHAIN)).toMatchObject({ counts: { gross: 10n } });
    expect(await kept(CHAIN, at(1))).toMatchObject({ counts: { gross: 6n } });
  });

  it('returns notices small enough for one queue message each', async () => {
    const buckets = Array.from(
      { length: 2_500 },
      (_, minute): Bucket => ({ day: november(22), grain: 'minute', startMs: minute * 60_000 }),
    );
    const { left } = await rollUp({ ...ports, isTimeLeft: () => false }, [changed(SZ01, buckets)]);
    expect(left.map((notice) => ('buckets' in notice ? notice.buckets.length : 0))).toEqual([
      1_000, 1_000, 499,
    ]);
  });
});

describe('concurrent runs over one sum', () => {
  it('end with the newest cells: a run that read too early reads again', async () => {
    await ports.count(SZ01, { gross: 10n });
    let hasRaced = false;
    const sums: SummaryStore = {
      ...ports.sums,
      async write(scope, bucket, summary, version) {
        // Between reading the parts and writing the sum, a sale is counted and another run writes its sum.
        if (!hasRaced && scope.kind === 'city') {
          hasRaced = true;
          await ports.count(SZ02, { gross: 7n });
          await rollUp(ports, [changed(SZ02)]);
        }
        return ports.sums.write(scope, bucket, summary, version);
      },
    };
    await rollUp({ ...ports, sums }, [changed(SZ01)]);
    for (const scope of [SHENZHEN, SOUTH, CHAIN])
      expect(await kept(scope)).toMatchObject({ counts: { gross: 17n } });
  });

  it('end with the same sums at every level and for products', async () => {
    await ports.count(SZ01, { units: 1n }, { dimension: 'product', member: 'a' });
    let races = 0;
    const sums: SummaryStore = {
      ...ports.sums,
      async writeProducts(scope, day, summary, version) {
        if (races < 3 && scope.kind !== 'city') {
          races += 1;
          await ports.count(KTM1, { units: 1n }, { dimension: 'product', member: 'a' });
          await rollUp(ports, [{ storeId: KTM1.storeId, days: [day] }]);
        }
        return ports.sums.writeProducts(scope, day, summary, version);
      },
    };
    await rollUp({ ...ports, sums }, [{ storeId: SZ01.storeId, days: [november(22)] }]);
    expect((await ports.sums.readProducts(CHAIN, november(22))).kept?.products).toEqual([
      { productId: 'a', counts: { units: 4n } },
    ]);
  });

  it('fail after a bounded number of tries, so that the notice is delivered again', async () => {
    await ports.count(SZ01, { gross: 10n });
    const sums: SummaryStore = { ...ports.sums, write: async () => false };
    await expect(rollUp({ ...ports, sums }, [changed(SZ01)])).rejects.toThrow(/contended/);
  });
});
