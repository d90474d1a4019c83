/**
 * Receipts, resends, other business days, conflicts and their settlements in any order, in batches cut anywhere and delivered
 * again, against an oracle that keeps a plain list of what was sent.
 */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogRecord } from '#application/ports/event-log.ts';
import { conflictSettled } from '#contracts/events/conflict-settled.ts';
import { receiptClosed } from '#contracts/events/receipt-closed.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { ReceiptNo } from '#domain/chain/ids.ts';
import type { Choice } from '#domain/place/figures/conflict.ts';
import { cellName, dayKey } from '#domain/place/figures/fold.ts';
import type { Receipt } from '#domain/place/figures/receipt.ts';
import { contentOf } from '#domain/place/figures/receipt-content.ts';
import { countEvents } from '#functions/count-events/count-events.ts';
import { reportingSensors } from '#functions/shared/reporting-sensors.ts';
import { sequenceAt } from '../../support/arbitraries.ts';
import { november, SZ01 } from '../../support/chain.ts';
import { memoryCellStore } from '../../support/memory-cell-store.ts';
import { memoryDeadLetterStore } from '../../support/memory-dead-letter-store.ts';
import { memoryFactStore } from '../../support/memory-fact-store.ts';
import { lineOf, receiptOf } from '../../support/receipts.ts';

interface Sale {
  readonly kind: 'sale';
  readonly number: number;
  /** Distinguishes the bodies under one number. */
  readonly body: number;
  /** The business day as the settings have it when it is sent. */
  readonly day: BusinessDay;
}
interface Decision {
  readonly kind: 'decision';
  readonly number: number;
  readonly body: number;
  readonly choice: Choice;
}

const DAYS = [november(22), november(23)] as const;
const number = fc.integer({ min: 1, max: 3 });
const body = fc.integer({ min: 1, max: 3 });
const action: fc.Arbitrary<Sale | Decision> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('sale' as const), number, body, day: fc.constantFrom(...DAYS) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('decision' as const),
      number,
      body,
      choice: fc.constantFrom<Choice>('first', 'second', 'both'),
    }),
  },
);

/** What one body is worth: pieces at 10.00. */
const piecesOf = ({ number: receiptNo, body: variant }: { number: number; body: number }): number =>
  receiptNo * 10 + variant;
const receiptIn = (sale: Omit<Sale, 'kind'>): Receipt =>
  receiptOf({
    receiptNo: String(sale.number) as ReceiptNo,
    businessDay: sale.day,
    lines: [lineOf({ quantity: piecesOf(sale) })],
  });

interface Known {
  readonly first: Sale;
  /** The other bodies in the order of their arrival, with the last decision about each. */
  readonly others: Array<{ readonly body: number; choice: Choice | undefined; decidedAt: number }>;
}

/** Returns per day the pieces, transactions and excluded receipts and pieces that the figures have to show. */
function oracle(actions: readonly (Sale | Decision)[]) {
  const known = new Map<number, Known>();
  actions.forEach((one, index) => {
    const receipt = known.get(one.number);
    if (one.kind === 'decision') {
      const other = receipt?.others.find((each) => each.body === one.body);
      if (other === undefined) return;
      other.choice = one.choice;
      other.decidedAt = index;
    } else if (receipt === undefined) known.set(one.number, { first: one, others: [] });
    else if (one.body !== receipt.first.body && !receipt.others.some((each) => each.body === one.body)) {
      receipt.others.push({ body: one.body, choice: undefined, decidedAt: -1 });
    }
  });
  return DAYS.map((day) => {
    const sum = { transactions: 0, units: 0, excluded: 0, excludedUnits: 0 };
    const count = (pieces: number): void => {
      sum.transactions += 1;
      sum.units += pieces;
    };
    for (const [receiptNo, { first, others }] of known) {
      if (first.day !== day) continue;
      const chosen = others
        .filter(({ choice }) => choice === 'second')
        .sort((a, b) => b.decidedAt - a.decidedAt)[0];
      count(piecesOf({ number: receiptNo, body: chosen?.body ?? first.body }));
      for (const other of others) {
        const pieces = piecesOf({ number: receiptNo, body: other.body });
        if (other.choice === 'both') count(pieces);
        if (other.choice !== undefined) continue;
        sum.excluded += 1;
        sum.excludedUnits += pieces;
      }
    }
    return sum;
  });
}

/** Returns the log of the actions; a decision about a body that is in no conflict by then is left out. */
function logOf(actions: readonly (Sale | Decision)[]): LogRecord[] {
  const firsts = new Map<number, Sale>();
  const conflicts = new Set<string>();
  const events = actions.flatMap((one): object[] => {
    const first = firsts.get(one.number);
    if (one.kind === 'sale') {
      if (first === undefined) firsts.set(one.number, one);
      else if (first.body !== one.body) conflicts.add(`${one.number} ${one.body}`);
      return [receiptClosed(receiptIn(one), '/test')];
    }
    if (first === undefined || !conflicts.has(`${one.number} ${one.body}`)) return [];
    const receipt = receiptIn({ ...one, day: first.day });
    const bodyId = createHash('sha256').update(contentOf(receipt)).digest('hex').slice(0, 16);
    const { storeId, tillId, receiptNo } = receipt;
    const id = { storeId, day: first.day, tillId, receiptNo, bodyId };
    return [conflictSettled(id, one.choice, { by: 'boss', time: '2026-11-24T00:00:00Z', source: '/test' })];
  });
  return events.map((event, index) => ({
    key: SZ01.storeId,
    sequence: sequenceAt(index + 1),
    bytes: Buffer.from(JSON.stringify(event)),
    arrivedAtMs: Date.UTC(2026, 10, 24) + index,
  }));
}

describe('receipts, resends, conflicts and settlements', () => {
  it('are counted like the oracle in any order, whatever the batches and repeats (R1, R4, R9)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { maxLength: 25 }),
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 30, maxLength: 30 }),
        fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
        async (actions, sizes, repeats) => {
          const cells = memoryCellStore();
          const silent = { send: async () => undefined };
          const ports = {
            cells,
            facts: memoryFactStore(),
            deadLetters: memoryDeadLetterStore(),
            changes: silent,
            productChanges: silent,
            reporting: reportingSensors(),
            nowMs: () => 0,
          };
          const log = logOf(actions);
          let start = 0;
          for (const [index, size] of sizes.entries()) {
            const batch = log.slice(start, start + size);
            if (batch.length === 0) break;
            await countEvents(ports, batch);
            // The log delivers a batch again from any of its records on.
            if (repeats[index]) await countEvents(ports, batch.slice(Math.floor(batch.length / 2)));
            start += size;
          }
          await countEvents(ports, log.slice(start));
          const counted = DAYS.map((day) => {
            const counts = cells.rows.get(cellName(dayKey(SZ01.storeId, day)))?.counts ?? {};
            return {
              transactions: Number(counts.transactions ?? 0n),
              units: Number(counts.units ?? 0n),
              excluded: Number(counts.excludedReceipts ?? 0n),
              excludedUnits: Number((counts.excludedSales ?? 0n) / 100_000n),
            };
          });
          expect(counted).toEqual(oracle(actions));
          // The money of every dimension follows: each piece is 10.00.
          for (const { key, counts } of cells.rows.values()) {
            if (key.dimension !== 'product') continue;
            expect(counts.gross ?? 0n).toBe((counts.units ?? 0n) * 100_000n);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
