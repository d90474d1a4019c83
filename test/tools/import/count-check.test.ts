import { beforeEach, describe, expect, it } from 'vitest';
import type { FactStore } from '#application/ports/fact-store.ts';
import { receiptClosed } from '#contracts/events/receipt-closed.ts';
import type { ReceiptNo } from '#domain/chain/ids.ts';
import type { Receipt } from '#domain/place/figures/receipt.ts';
import { countEvents } from '#functions/count-events/count-events.ts';
import { reportingSensors } from '#functions/shared/reporting-sensors.ts';
import { createCountCheck } from '#tools/import/count-check.ts';
import { sequenceAt } from '../../support/arbitraries.ts';
import { november, SZ01 } from '../../support/chain.ts';
import { memoryCellStore } from '../../support/memory-cell-store.ts';
import { memoryDeadLetterStore } from '../../support/memory-dead-letter-store.ts';
import { memoryFactStore } from '../../support/memory-fact-store.ts';
import { lineOf, receiptOf } from '../../support/receipts.ts';

let facts: FactStore;
let place: number;
let nowMs: number;

beforeEach(() => {
  facts = memoryFactStore();
  place = 0;
  nowMs = 0;
});

/** Counts receipts like the stream does. */
async function count(...receipts: Receipt[]): Promise<void> {
  const silent = { send: async () => undefined };
  await countEvents(
    {
      facts,
      cells: memoryCellStore(),
      deadLetters: memoryDeadLetterStore(),
      changes: silent,
      productChanges: silent,
      reporting: reportingSensors(),
      nowMs: () => 0,
    },
    receipts.map((receipt) => ({
      key: SZ01.storeId,
      sequence: sequenceAt(++place),
      bytes: Buffer.from(JSON.stringify(receiptClosed(receipt, '/test'))),
      arrivedAtMs: place,
    })),
  );
}

const check = (onWait: () => Promise<void> = async () => undefined) =>
  createCountCheck({
    facts,
    nowMs: () => nowMs,
    wait: async (ms) => {
      nowMs += ms;
      await onWait();
    },
    stop: new AbortController().signal,
  });
const numbered = (receiptNo: number, more: Partial<Receipt> = {}) =>
  receiptOf({ receiptNo: String(receiptNo) as ReceiptNo, ...more });
const BIG = { lines: [lineOf({ quantity: 9 })] };

describe('the check of accepted receipts', () => {
  it('waits until each is counted, and says how many are (R20)', async () => {
    const steps: number[] = [];
    const checked = check(() => count(numbered(2)));
    await count(numbered(1));
    for (const receiptNo of [1, 2]) checked.add(numbered(receiptNo));
    await checked.finish(60_000, (counted) => steps.push(counted));
    expect(steps).toEqual([1, 2]);
    expect([checked.counted(), checked.waiting(), checked.conflicts()]).toEqual([2, 0, []]);
  });

  it('finds a receipt whose number was used before with another content, also in a second run (R1)', async () => {
    await count(numbered(1), numbered(1, BIG));
    for (let run = 0; run < 2; run++) {
      const checked = check();
      checked.add(numbered(1, BIG));
      await checked.finish(60_000, () => {});
      expect(checked.conflicts().map(({ receipt }) => receipt)).toEqual([numbered(1, BIG)]);
    }
  });

  it('takes a receipt for counted that was sent before on the neighbouring business day (R4)', async () => {
    await count(numbered(1));
    const checked = check();
    checked.add(numbered(1, { businessDay: november(21) }));
    await checked.finish(60_000, () => {});
    expect([checked.counted(), checked.conflicts()]).toEqual([1, []]);
  });

  it('gives up after the patience has ended, and says how many are left (R20)', async () => {
    const checked = check();
    checked.add(numbered(1));
    await checked.finish(5_000, () => {});
    expect([checked.waiting(), checked.counted()]).toEqual([1, 0]);
    expect(nowMs).toBeGreaterThan(5_000);
  });
});
