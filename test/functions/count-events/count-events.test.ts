import { beforeEach, describe, expect, it } from 'vitest';
import type { CellStore } from '#application/ports/cell-store.ts';
import type { DeadLetter } from '#application/ports/dead-letter-store.ts';
import type { LogRecord } from '#application/ports/event-log.ts';
import type { FactStore } from '#application/ports/fact-store.ts';
import type { CellsChanged, ProductsChanged } from '#contracts/events/change-notices.ts';
import { receiptClosed } from '#contracts/events/receipt-closed.ts';
import { recountRequested } from '#contracts/events/recount-requested.ts';
import type { ReceiptNo, TillId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { cellName } from '#domain/place/figures/fold.ts';
import type { Receipt } from '#domain/place/figures/receipt.ts';
import { countEvents } from '#functions/count-events/count-events.ts';
import { reportingSensors } from '#functions/shared/reporting-sensors.ts';
import { sequenceAt } from '../../support/arbitraries.ts';
import { november, SZ01, SZ02 } from '../../support/chain.ts';
import { gather } from '../../support/gather.ts';
import { memoryCellStore } from '../../support/memory-cell-store.ts';
import { memoryDeadLetterStore } from '../../support/memory-dead-letter-store.ts';
import { memoryFactStore } from '../../support/memory-fact-store.ts';
import { lineOf, receiptOf } from '../../support/receipts.ts';

const NOW_MS = 4_711;

function world() {
  const sent: CellsChanged[] = [];
  const sentProducts: ProductsChanged[] = [];
  const letters = memoryDeadLetterStore();
  const cells = memoryCellStore();
  return {
    sent,
    sentProducts,
    cells,
    deadLetters: letters,
    facts: memoryFactStore(),
    changes: { send: async (notices: readonly unknown[]) => void sent.push(...(notices as CellsChanged[])) },
    productChanges: {
      send: async (notices: readonly unknown[]) => void sentProducts.push(...(notices as ProductsChanged[])),
    },
    reporting: reportingSensors(),
    nowMs: () => NOW_MS,
    async kept(): Promise<DeadLetter[]> {
      return gather(letters.list());
    },
    /** The counts of the store's day. */
    dayOf({ storeId }: Store) {
      const key = {
        scope: { kind: 'store', id: storeId },
        dimension: 'all',
        day: november(22),
        grain: 'day',
      } as const;
      return cells.rows.get(cellName(key))?.counts;
    },
  };
}

const recordOf = (place: number, bytes: Uint8Array, key = 'sz01'): LogRecord => ({
  key,
  sequence: sequenceAt(place),
  bytes,
  arrivedAtMs: Date.UTC(2026, 10, 22, 3) + place,
});
const sale = (
  place: number,
  receiptNo: number,
  more: Partial<Receipt> = {},
  store: Store = SZ01,
): LogRecord => {
  const receipt = receiptOf({ storeId: store.storeId, receiptNo: `${receiptNo}` as ReceiptNo, ...more });
  return recordOf(place, Buffer.from(JSON.stringify(receiptClosed(receipt, 's'))), store.storeId);
};
const recount = (place: number): LogRecord =>
  recordOf(
    place,
    Buffer.from(JSON.stringify(recountRequested(SZ01.storeId, november(22), `r${place}`, 't', 's'))),
  );

let ports: ReturnType<typeof world>;
beforeEach(() => {
  ports = world();
});

describe('a batch of events', () => {
  it('counts each receipt once', async () => {
    expect(await countEvents(ports, [sale(1, 1), sale(2, 2)])).toMatchObject({
      claimed: 2,
      duplicates: 0,
      deadLetters: 0,
      failures: [],
    });
    expect(ports.dayOf(SZ01)).toMatchObject({ transactions: 2n, gross: 200_000n });
  });

  it('changes nothing when it is delivered again, in whatever pieces', async () => {
    const batch = [sale(1, 1), sale(2, 2), sale(3, 3)];
    await countEvents(ports, batch.slice(0, 2));
    const before = ports.dayOf(SZ01);
    await countEvents(ports, batch.slice(0, 2));
    expect(ports.dayOf(SZ01)).toEqual(before);
    await countEvents(ports, batch);
    expect(ports.dayOf(SZ01)).toMatchObject({ transactions: 3n });
  });

  it('drops a receipt that a till sent twice, in one batch or in two', async () => {
    expect(await countEvents(ports, [sale(1, 1), sale(2, 1), sale(3, 2), sale(4, 1)])).toMatchObject({
      claimed: 2,
      duplicates: 2,
    });
    expect(await countEvents(ports, [sale(5, 2)])).toMatchObject({ claimed: 0, duplicates: 1 });
    expect(ports.dayOf(SZ01)).toMatchObject({ transactions: 2n });
    expect(await ports.kept()).toEqual([]);
  });

  it('keeps the first of two receipts with one number, also within one batch, and stores the other as a dead letter', async () => {
    const other = sale(2, 1, { lines: [lineOf({ quantity: 9 })] });
    expect(await countEvents(ports, [sale(1, 1), other])).toMatchObject({ claimed: 1, deadLetters: 1 });
    expect(ports.dayOf(SZ01)).toMatchObject({ transactions: 1n, units: 1n });
    expect(await ports.kept()).toEqual([
      {
        sequence: sequenceAt(2),
        why: 'conflict',
        reason: 'another receipt has the id sz01/T1/2026-11-22/1: 10.00 is counted, 90.00 is excluded',
        storeId: 'sz01',
        bytes: other.bytes,
        arrivedAtMs: other.arrivedAtMs,
        keptAtMs: NOW_MS,
      },
    ]);
  });

  it('keeps the first however slowly it is claimed, whatever the ids of the events', async () => {
    const first = sale(1, 1);
    const bytes = JSON.stringify({ ...JSON.parse(Buffer.from(first.bytes).toString()), id: 'another' });
    let isFirst = true;
    const facts: FactStore = {
      ...ports.facts,
      async claim(fact) {
        if (isFirst) {
          isFirst = false;
          await new Promise((resolve) => setImmediate(resolve));
        }
        return ports.facts.claim(fact);
      },
    };
    await countEvents({ ...ports, facts }, [first, recordOf(2, Buffer.from(bytes))]);
    const [fact] = await ports.facts.ofDay(SZ01.storeId, november(22));
    expect(fact?.sequence).toBe(sequenceAt(1));
  });

  it('stores unreadable records as dead letters and counts the others', async () => {
    const poison = [
      recordOf(2, Buffer.from([0xff, 0xfe])),
      recordOf(3, Buffer.from('{"type":"aisle.receipt.closed"}')),
      recordOf(4, sale(4, 4, {}, SZ02).bytes, 'sz01'),
      recordOf(5, Buffer.from('null')),
    ];
    expect(await countEvents(ports, [sale(1, 1), ...poison, sale(6, 2)])).toMatchObject({
      claimed: 2,
      deadLetters: 4,
      failures: [],
    });
    expect(ports.dayOf(SZ01)).toMatchObject({ transactions: 2n });
    expect(ports.dayOf(SZ02)).toBeUndefined();
    const kept = await ports.kept();
    expect(kept.map(({ why }) => why)).toEqual(poison.map(() => 'unreadable'));
    expect(kept.map(({ bytes }) => bytes)).toEqual(poison.map(({ bytes }) => bytes));
    expect(kept[2]?.reason).toBe('belongs to another store than its key');
  });

  it('stores as a dead letter what the table can never hold, and continues', async () => {
    const facts: FactStore = {
      ...ports.facts,
      claim: async (fact) =>
        fact.name.endsWith('#1') ? { kind: 'unstorable', reason: 'Item size' } : ports.facts.claim(fact),
    };
    expect(await countEvents({ ...ports, facts }, [sale(1, 1), sale(2, 2)])).toMatchObject({
      claimed: 1,
      deadLetters: 1,
      failures: [],
    });
    expect(await ports.kept()).toMatchObject([{ why: 'unstorable', reason: 'Item size' }]);
  });
});

describe('a store that fails', () => {
  const failing = (matches: (storeId: string) => boolean): CellStore => ({
    ...ports.cells,
    async add(key, change) {
      if (key.scope.kind === 'store' && matches(key.scope.id)) throw new Error('throttled');
      return ports.cells.add(key, change);
    },
  });

  it('does not hold up the others, and reports the sequence number to retry from', async () => {
    const batch = [sale(1, 1, {}, SZ02), sale(2, 1), sale(3, 2, {}, SZ02), sale(4, 2)];
    const result = await countEvents({ ...ports, cells: failing((id) => id === 'sz01') }, batch);
    expect(result.failures).toEqual([{ sequence: sequenceAt(2), error: new Error('throttled') }]);
    expect(ports.dayOf(SZ02)).toMatchObject({ transactions: 2n });
    expect(ports.sent.map(({ storeId }) => storeId)).toEqual(['sz02']);

    // Lambda delivers everything from there on again, the other store's records included.
    expect((await countEvents(ports, batch.slice(1))).failures).toEqual([]);
    expect(ports.dayOf(SZ01)).toMatchObject({ transactions: 2n });
    expect(ports.dayOf(SZ02)).toMatchObject({ transactions: 2n });
  });

  it('is counted exactly after a failure at any of its writes', async () => {
    const batch = [sale(1, 1), sale(2, 2, { tillId: 'T2' as TillId })];
    const whole = world();
    await countEvents(whole, batch);
    for (let fatal = 1; fatal <= 12; fatal++) {
      ports = world();
      let writes = 0;
      const crash = (): void => {
        if (++writes === fatal) throw new Error('crash');
      };
      const cells: CellStore = {
        ...ports.cells,
        async add(key, change) {
          const outcome = await ports.cells.add(key, change);
          crash();
          return outcome;
        },
      };
      const facts: FactStore = {
        ...ports.facts,
        async claim(fact) {
          const outcome = await ports.facts.claim(fact);
          crash();
          return outcome;
        },
      };
      expect((await countEvents({ ...ports, cells, facts }, batch)).failures).toHaveLength(
        writes >= fatal ? 1 : 0,
      );
      await countEvents(ports, batch);
      expect([...ports.cells.rows].sort()).toEqual([...whole.cells.rows].sort());
    }
  });

  it('is retried when its notices could not be sent', async () => {
    const changes = {
      send: async () => {
        throw new Error('queue is away');
      },
    };
    expect((await countEvents({ ...ports, changes }, [sale(1, 1)])).failures).toHaveLength(1);
    await countEvents(ports, [sale(1, 1)]);
    expect(ports.sent).toHaveLength(1);
  });

  it('fails on a cell that another writer keeps changing', async () => {
    const cells: CellStore = {
      ...ports.cells,
      add: async () => ({ kind: 'ahead', sequence: sequenceAt(0) }),
    };
    const { failures } = await countEvents({ ...ports, cells }, [sale(1, 1)]);
    expect(String(failures[0]?.error)).toMatch(/contended/);
  });
});

describe('a recount', () => {
  it('recomputes a day from its facts, and later events add to it', async () => {
    await countEvents(ports, [sale(1, 1), sale(2, 2)]);
    const key = [...ports.cells.rows.values()].find(
      ({ key }) => key.dimension === 'all' && key.grain === 'day',
    )?.key;
    if (key === undefined) throw new Error('no cell of the day');
    ports.cells.addUnguarded(key, {
      counts: { gross: 7n },
      firstSequence: sequenceAt(3),
      lastSequence: sequenceAt(3),
      asOfMs: 1,
    });
    await countEvents(ports, [sale(4, 3), recount(5), sale(6, 4)]);
    expect(ports.dayOf(SZ01)).toMatchObject({ transactions: 4n, gross: 400_000n });
  });

  it('corrects a day of which some cells were counted and others were not', async () => {
    const cells: CellStore = {
      ...ports.cells,
      async add(key, change) {
        if (key.grain === 'hour') throw new Error('throttled');
        return ports.cells.add(key, change);
      },
    };
    await countEvents({ ...ports, cells }, [sale(1, 1)]);
    await countEvents(ports, [sale(2, 2)]);
    // The first batch was given up; replayed, it is a duplicate, and the recount after it corrects every cell.
    await countEvents(ports, [sale(3, 1), recount(4)]);
    for (const { key, counts } of ports.cells.rows.values()) {
      if (key.dimension === 'all') expect(counts.transactions).toBe(2n);
    }
  });

  it('counts no later event, even if a timed-out invocation has claimed it', async () => {
    const cells: CellStore = {
      ...ports.cells,
      add: async () => {
        throw new Error('too late');
      },
    };
    await countEvents({ ...ports, cells }, [sale(3, 2)]);
    await countEvents(ports, [sale(1, 1), recount(2), sale(3, 2)]);
    expect(ports.dayOf(SZ01)).toMatchObject({ transactions: 2n });
  });

  it('changes nothing when it is delivered again, and leaves cells that have counted later events', async () => {
    await countEvents(ports, [sale(1, 1), recount(2), sale(3, 2)]);
    await countEvents(ports, [recount(2), sale(3, 2)]);
    expect(ports.dayOf(SZ01)).toMatchObject({ transactions: 2n });
  });
});

describe('the notices of a batch', () => {
  it('list each changed bucket once, and the days on which products changed', async () => {
    await countEvents(ports, [sale(1, 1), sale(2, 2)]);
    expect(ports.sent).toEqual([{ storeId: 'sz01', buckets: expect.any(Array) }]);
    expect(ports.sent[0]?.buckets.map(({ grain }) => grain).sort()).toEqual(['day', 'hour', 'minute']);
    expect(ports.sentProducts).toEqual([{ storeId: 'sz01', days: [november(22)] }]);
  });

  it('are sent again when the batch is delivered again', async () => {
    await countEvents(ports, [sale(1, 1)]);
    await countEvents(ports, [sale(1, 1)]);
    expect(ports.sent).toHaveLength(2);
  });

  it('are split where a batch changes three thousand minutes', async () => {
    const minuteMs = 60_000;
    const closed = (minute: number) => ({
      closedAt: { instantMs: Date.UTC(2026, 10, 20) + minute * minuteMs, offsetMinutes: 480 },
    });
    await countEvents(
      ports,
      Array.from({ length: 2_500 }, (_, n) => sale(n + 1, n, closed(n))),
    );
    expect(ports.sent.length).toBe(3);
    expect(
      new Set(ports.sent.flatMap(({ buckets }) => buckets.map((one) => `${one.grain}${one.startMs}`))).size,
    ).toBe(2_500 + 42 + 1);
  });

  it('are empty for a batch of dead letters only', async () => {
    await countEvents(ports, [recordOf(1, Buffer.from('x'))]);
    expect([ports.sent, ports.sentProducts]).toEqual([[], []]);
  });
});
