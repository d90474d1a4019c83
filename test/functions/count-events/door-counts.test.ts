/** Counts of one door counter: running totals, overlaps and their traces. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LogRecord } from '#application/ports/event-log.ts';
import { passageRecorded } from '#contracts/events/passage-recorded.ts';
import { recountRequested } from '#contracts/events/recount-requested.ts';
import { MINUTE_MS } from '#domain/chain/duration.ts';
import type { SensorId } from '#domain/chain/ids.ts';
import { cellName, dayKey } from '#domain/place/figures/fold.ts';
import { countEvents } from '#functions/count-events/count-events.ts';
import { reportingSensors } from '#functions/shared/reporting-sensors.ts';
import { sequenceAt } from '../../support/arbitraries.ts';
import { november, SZ01 } from '../../support/chain.ts';
import { gather } from '../../support/gather.ts';
import { memoryCellStore } from '../../support/memory-cell-store.ts';
import { memoryDeadLetterStore } from '../../support/memory-dead-letter-store.ts';
import { memoryFactStore } from '../../support/memory-fact-store.ts';
import { shanghai } from '../../support/receipts.ts';

const DAY = november(22);
const TEN = shanghai('2026-11-22T10:00:00');

function world() {
  const cells = memoryCellStore();
  const nothing = { send: async () => undefined };
  return {
    cells,
    deadLetters: memoryDeadLetterStore(),
    facts: memoryFactStore(),
    changes: nothing,
    productChanges: nothing,
    reporting: reportingSensors(),
    nowMs: () => 1,
    counts: () => cells.rows.get(cellName(dayKey(SZ01.storeId, DAY)))?.counts ?? {},
  };
}
let ports: ReturnType<typeof world>;
beforeEach(() => {
  ports = world();
});

/** A count in minutes after ten, and how many entered. */
const counted = (place: number, from: number, to: number, entered: number, sensor = 'door'): LogRecord => {
  const passage = {
    storeId: SZ01.storeId,
    sensorId: sensor as SensorId,
    day: DAY,
    startedAt: { ...TEN, instantMs: TEN.instantMs + from * MINUTE_MS },
    endedAtMs: TEN.instantMs + to * MINUTE_MS,
    entered,
    left: 0,
  };
  return {
    key: SZ01.storeId,
    sequence: sequenceAt(place),
    bytes: Buffer.from(JSON.stringify(passageRecorded(passage, 's'))),
    arrivedAtMs: TEN.instantMs,
  };
};
const recount = (place: number): LogRecord => ({
  ...counted(place, 0, 1, 0),
  bytes: Buffer.from(
    JSON.stringify(recountRequested(SZ01.storeId, DAY, 'r', '2026-11-22T12:00:00+08:00', 's')),
  ),
});

describe('a running total of a door counter', () => {
  const totals = Array.from({ length: 15 }, (_, index) => counted(index + 1, 0, index + 1, 4 * (index + 1)));

  it('is replaced by the newest of its beginning, and none is a dead letter (V3)', async () => {
    expect(await countEvents(ports, totals)).toMatchObject({ claimed: 15, deadLetters: 0 });
    expect(ports.counts()).toMatchObject({ doorIn: 60n });
    expect(await gather(ports.deadLetters.list())).toEqual([]);
    await countEvents(ports, [recount(99)]);
    expect(ports.counts()).toMatchObject({ doorIn: 60n });
  });

  it('is the longest one in whatever batches it arrives, however often and in any order (V3)', async () => {
    const order = fc.shuffledSubarray([...totals.keys()], { minLength: totals.length });
    await fc.assert(
      fc.asyncProperty(order, fc.integer({ min: 1, max: 15 }), async (places, size) => {
        ports = world();
        const log = places.map((place, index) => counted(index + 1, 0, place + 1, 4 * (place + 1)));
        for (let start = 0; start < log.length; start += size) {
          const batch = log.slice(start, start + size);
          await countEvents(ports, batch);
          await countEvents(ports, batch);
        }
        expect(ports.counts()).toEqual({ doorIn: 60n, doorCounts: 1n });
        await countEvents(ports, [recount(99)]);
        expect(ports.counts()).toMatchObject({ doorIn: 60n });
      }),
      { numRuns: 30 },
    );
  });
});

describe('counts of one door counter that overlap', () => {
  const quarters = [0, 15, 30, 45].map((from, index) => counted(index + 1, from, from + 15, 10));

  it('are counted once, and the other one is a conflict that marks the day (V4)', async () => {
    await countEvents(ports, [...quarters, counted(5, 0.1, 60, 40)]);
    expect(ports.counts()).toEqual({ doorIn: 40n, doorCounts: 4n, conflictingCounts: 1n });
    expect(await gather(ports.deadLetters.list())).toMatchObject([
      { why: 'conflict', reason: expect.stringContaining('it overlaps another count of the sensor') },
    ]);
    await countEvents(ports, [counted(5, 0.1, 60, 40), counted(6, 0.1, 60, 40)]);
    expect(ports.counts()).toEqual({ doorIn: 40n, doorCounts: 4n, conflictingCounts: 1n });
    await countEvents(ports, [recount(99)]);
    expect(ports.counts()).toMatchObject({ doorIn: 40n, doorCounts: 4n, conflictingCounts: 1n });
  });

  it('are a conflict where a total of the hour would swallow later quarters, and where one second is off (V4)', async () => {
    await countEvents(ports, [...quarters, counted(5, 0, 60, 40), counted(6, 45 + 1 / 60, 60, 12)]);
    expect(ports.counts()).toEqual({ doorIn: 40n, doorCounts: 4n, conflictingCounts: 2n });
  });

  it('are a conflict where two bodies have one beginning and end (V4)', async () => {
    await countEvents(ports, [counted(1, 0, 15, 10), counted(2, 0, 15, 11)]);
    expect(ports.counts()).toEqual({ doorIn: 10n, doorCounts: 1n, conflictingCounts: 1n });
  });

  it('are two counts where two counters made them, and where one ends as the next begins (V4)', async () => {
    await countEvents(ports, [...quarters, counted(5, 0, 60, 40, 'door-2')]);
    expect(ports.counts()).toEqual({ doorIn: 80n, doorCounts: 5n });
  });
});
