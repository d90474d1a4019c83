import { beforeEach, describe, expect, it } from 'vitest';
import { listConflicts, settleConflict } from '#application/figures/conflicts.ts';
import type { LogRecord } from '#application/ports/event-log.ts';
import { formatConflictId, parseConflictId } from '#contracts/conflict-id.ts';
import { conflictSettled } from '#contracts/events/conflict-settled.ts';
import { receiptClosed } from '#contracts/events/receipt-closed.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { ProductId, StaffId } from '#domain/chain/ids.ts';
import { type Choice, conflictKeyIn } from '#domain/place/figures/conflict.ts';
import { cellName, dayKey } from '#domain/place/figures/fold.ts';
import { type Receipt, totalOf } from '#domain/place/figures/receipt.ts';
import { countEvents } from '#functions/count-events/count-events.ts';
import { reportingSensors } from '#functions/shared/reporting-sensors.ts';
import { sequenceAt } from '../../support/arbitraries.ts';
import { november, SZ01 } from '../../support/chain.ts';
import { gather } from '../../support/gather.ts';
import { memoryCellStore } from '../../support/memory-cell-store.ts';
import { memoryDeadLetterStore } from '../../support/memory-dead-letter-store.ts';
import { memoryFactStore } from '../../support/memory-fact-store.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { lineOf, receiptOf, shanghai } from '../../support/receipts.ts';

function world() {
  const cells = memoryCellStore();
  const silent = { send: async () => undefined };
  return {
    cells,
    facts: memoryFactStore(),
    deadLetters: memoryDeadLetterStore(),
    changes: silent,
    productChanges: silent,
    reporting: reportingSensors(),
    nowMs: () => 4_711,
  };
}

let ports: ReturnType<typeof world>;
let place: number;
beforeEach(() => {
  ports = world();
  place = 0;
});

function logged(event: object): LogRecord {
  place += 1;
  const bytes = Buffer.from(JSON.stringify(event));
  return {
    key: SZ01.storeId,
    sequence: sequenceAt(place),
    bytes,
    arrivedAtMs: Date.UTC(2026, 10, 22, 3) + place,
  };
}
const sale = (more: Partial<Receipt> = {}): LogRecord => logged(receiptClosed(receiptOf(more), '/test'));
const countsOn = (day: BusinessDay = november(22)) =>
  ports.cells.rows.get(cellName(dayKey(SZ01.storeId, day)))?.counts ?? {};
const excluded = () => [countsOn().excludedReceipts ?? 0n, countsOn().excludedSales ?? 0n];
const letters = () => gather(ports.deadLetters.list());

/** Returns the event that settles the conflict of the newest body. */
async function settlement(choice: Choice): Promise<LogRecord> {
  const bodies = await ports.facts.ofDay(SZ01.storeId, november(22), 'CONFLICT');
  const key = conflictKeyIn(bodies.at(-1)?.name ?? '');
  if (key === undefined) throw new Error('no conflict');
  const { tillId, receiptNo } = receiptOf();
  const id = { storeId: SZ01.storeId, day: november(22), tillId, receiptNo, bodyId: key.bodyId };
  return logged(conflictSettled(id, choice, { by: 'boss', time: '2026-11-23T10:00:00Z', source: '/test' }));
}

const BIG = { lines: [lineOf({ quantity: 9, productId: 'SKU-9' as ProductId })] };

describe('a receipt that is sent again', () => {
  it.each([
    ['one day earlier', november(21)],
    ['one day later', november(23)],
  ])('counts once when its business day is %s by another day cut (R4)', async (_, businessDay) => {
    await countEvents(ports, [sale()]);
    expect(await countEvents(ports, [sale({ businessDay })])).toMatchObject({ claimed: 0, duplicates: 1 });
    expect(countsOn()).toMatchObject({ transactions: 1n });
    expect(countsOn(businessDay)).toEqual({});
    expect(await letters()).toEqual([]);
  });

  it('counts once when both business days are in one batch (R4)', async () => {
    const batch = [sale(), sale({ businessDay: november(23) })];
    expect(await countEvents(ports, batch)).toMatchObject({ claimed: 1, duplicates: 1 });
    expect(await countEvents(ports, batch)).toMatchObject({ claimed: 1, duplicates: 1 });
    expect([countsOn(), countsOn(november(23))]).toMatchObject([{ transactions: 1n }, {}]);
  });

  it('is another receipt where a till uses its number again on the next day (R4)', async () => {
    const next = { businessDay: november(23), closedAt: shanghai('2026-11-23T10:00:30') };
    expect(await countEvents(ports, [sale(), sale(next)])).toMatchObject({ claimed: 2, duplicates: 0 });
  });

  it('is no conflict where only what is not counted differs: payments, names, member, line order (R18)', async () => {
    const lines = [lineOf({ name: 'Cola' }), lineOf({ productId: 'SKU-2' as ProductId })];
    const payments = [
      { method: 'cash', amount: 50_000n },
      { method: 'card', amount: 150_000n },
    ];
    await countEvents(ports, [sale({ lines, payments })]);
    const again = {
      lines: [lineOf({ productId: 'SKU-2' as ProductId }), lineOf({ name: 'Coke' })],
      payments: payments.toReversed(),
      memberNo: 'M-1',
    };
    expect(await countEvents(ports, [sale(again)])).toMatchObject({ duplicates: 1, deadLetters: 0 });
    expect(await letters()).toEqual([]);
  });

  it.each([
    ['quantity', { lines: [lineOf({ quantity: 2 })] }],
    ['price', { lines: [lineOf({ unitPrice: 1n })] }],
    ['cashier', { cashierId: 'li' as StaffId }],
    ['closing time', { closedAt: shanghai('2026-11-22T10:00:31') }],
  ])('is a conflict where its %s differs (R18)', async (_, more) => {
    await countEvents(ports, [sale()]);
    expect(await countEvents(ports, [sale(more)])).toMatchObject({ duplicates: 0, deadLetters: 1 });
  });
});

describe('a conflict', () => {
  it('is counted beside the figures, with its receipts and money, once however often it is sent (R9)', async () => {
    await countEvents(ports, [sale(), sale(BIG), sale(BIG)]);
    await countEvents(ports, [sale({ ...BIG, memberNo: 'M-1' })]);
    expect(countsOn()).toMatchObject({
      transactions: 1n,
      gross: 100_000n,
      excludedReceipts: 1n,
      excludedSales: 900_000n,
    });
    expect((await letters()).map(({ why, reason }) => [why, reason])).toEqual([
      ['conflict', 'another receipt has the id sz01/T1/2026-11-22/1: 10.00 is counted, 90.00 is excluded'],
    ]);
  });

  it('survives a recount and a second delivery of its batch (R9)', async () => {
    const batch = [sale(), sale(BIG)];
    await countEvents(ports, batch);
    await countEvents(ports, batch);
    await countEvents(ports, [await settlement('first')]);
    expect(countsOn()).toMatchObject({ transactions: 1n });
    expect(excluded()).toEqual([0n, 0n]);
  });

  it('counts the second body once it is chosen, and nothing of the first (R1)', async () => {
    const batch = [sale(), sale(BIG)];
    await countEvents(ports, batch);
    const settled = await settlement('second');
    await countEvents(ports, [settled]);
    expect(countsOn()).toMatchObject({
      transactions: 1n,
      units: 9n,
      gross: 900_000n,
    });
    expect(excluded()).toEqual([0n, 0n]);
    const product = [...ports.cells.rows.values()].find(({ key }) => key.member === 'SKU-1');
    expect(Object.values(product?.counts ?? {}).filter((count) => count !== 0n)).toEqual([]);
    const before = structuredClone([...ports.cells.rows]);
    await countEvents(ports, [...batch, settled]);
    await countEvents(ports, [sale(), sale(BIG)]);
    expect([...ports.cells.rows]).toEqual(before);
  });

  it('counts both bodies once they are settled as two receipts (R9)', async () => {
    await countEvents(ports, [sale(), sale(BIG)]);
    await countEvents(ports, [await settlement('both')]);
    expect(countsOn()).toMatchObject({
      transactions: 2n,
      units: 10n,
      gross: 1_000_000n,
    });
    expect(excluded()).toEqual([0n, 0n]);
  });

  it('can be settled again, and the last decision holds (R9)', async () => {
    await countEvents(ports, [sale(), sale(BIG)]);
    for (const choice of ['second', 'both', 'first'] as const) {
      await countEvents(ports, [await settlement(choice)]);
    }
    expect(countsOn()).toMatchObject({ transactions: 1n, gross: 100_000n });
    expect(excluded()).toEqual([0n, 0n]);
  });
});

describe('the list of conflicts', () => {
  const list = () => listConflicts({ letters: ports.deadLetters, facts: ports.facts }, () => true);
  const totals = async () =>
    (await list()).map(({ first, second, standing }) => [totalOf(first), totalOf(second), standing]);

  it('holds each conflict with both bodies and how it stands (R9)', async () => {
    await countEvents(ports, [
      sale(),
      sale(BIG),
      sale({ businessDay: november(23), lines: [lineOf({ quantity: 3 })] }),
    ]);
    expect(await totals()).toEqual([
      [100_000n, 900_000n, 'excluded'],
      [100_000n, 300_000n, 'excluded'],
    ]);
    const [conflict] = await list();
    expect(await listConflicts({ letters: ports.deadLetters, facts: ports.facts }, () => false)).toEqual([]);
    const word = formatConflictId(conflict?.id ?? ({} as never));
    expect(word).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(parseConflictId(word)).toEqual(conflict?.id);
  });

  it('still holds a conflict whose retries ran out, which replaces its dead letter (R9)', async () => {
    await countEvents(ports, [sale(), sale(BIG)]);
    const [letter] = await letters();
    if (letter === undefined) throw new Error('no dead letter');
    await ports.deadLetters.keep({ ...letter, why: 'exhausted', reason: 'all retries failed' });
    expect((await letters()).map(({ why }) => why)).toEqual(['exhausted']);
    expect(await totals()).toEqual([[100_000n, 900_000n, 'excluded']]);
  });

  it('shows a conflict as settled once its decision is counted (R9)', async () => {
    await countEvents(ports, [sale(), sale(BIG)]);
    const log = memoryLog();
    const pauses = { pause: async () => {}, random: () => 0 };
    const settling = { facts: ports.facts, log, pauses, nowMs: () => 0 };
    const [conflict] = await list();
    if (conflict === undefined) throw new Error('no conflict');
    expect(await settleConflict(settling, conflict.id, 'both', 'boss')).toEqual({ kind: 'settled' });
    await countEvents(
      ports,
      log.records.map(({ key, bytes }) => ({ ...logged({}), key, bytes })),
    );
    expect(await totals()).toEqual([[100_000n, 900_000n, 'counted']]);
    expect((await list()).map(({ second }) => second.receiptNo)).toEqual(['1~2']);
    const unknown = { ...conflict.id, bodyId: '0123456789abcdef' };
    expect(await settleConflict(settling, unknown, 'both', 'boss')).toEqual({ kind: 'unknown' });
  });

  it.each(['', '!', 'c3owMQ', 'c3owMSMyMDI2LTExLTIyI1QxIzEjeA'])(
    'names no conflict by the word "%s"',
    (word) => {
      expect(parseConflictId(word)).toBeUndefined();
    },
  );
});
