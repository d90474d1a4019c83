/** Facts other than receipts: visit revisions and door counts; and events that are not facts. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { CellStore } from '#application/ports/cell-store.ts';
import type { LogRecord } from '#application/ports/event-log.ts';
import type { WireEvent } from '#contracts/events/parse-event.ts';
import { passageRecorded } from '#contracts/events/passage-recorded.ts';
import { receiptClosed } from '#contracts/events/receipt-closed.ts';
import { recountRequested } from '#contracts/events/recount-requested.ts';
import { sensorReported } from '#contracts/events/sensor-reported.ts';
import { sightingRecorded } from '#contracts/events/sighting-recorded.ts';
import { visitRevisionEvent } from '#contracts/events/visit-revised.ts';
import { visitorsMerged } from '#contracts/events/visitor-merged.ts';
import type { SensorId, ZoneId } from '#domain/chain/ids.ts';
import { cellName, dayKey } from '#domain/place/figures/fold.ts';
import { coverageOfDays, summaryOfStore } from '#domain/place/figures/roll-up.ts';
import type { Passage } from '#domain/place/visits/sighting.ts';
import type { VisitSummary } from '#domain/place/visits/visit.ts';
import type { VisitRevision } from '#domain/place/visits/visit-revision.ts';
import { countEvents } from '#functions/count-events/count-events.ts';
import { reportingSensors } from '#functions/shared/reporting-sensors.ts';
import { sequenceAt } from '../../support/arbitraries.ts';
import { november, SZ01 } from '../../support/chain.ts';
import { gather } from '../../support/gather.ts';
import { memoryCellStore } from '../../support/memory-cell-store.ts';
import { memoryDeadLetterStore } from '../../support/memory-dead-letter-store.ts';
import { memoryFactStore } from '../../support/memory-fact-store.ts';
import { receiptOf, shanghai } from '../../support/receipts.ts';
import { ANN, BEN, held, sightingOf } from '../../support/sightings.ts';

const DAY = november(22);
const STORE = SZ01.storeId;

const OPEN: VisitSummary = {
  number: 1,
  firstSeenAt: shanghai('2026-11-22T10:03:12'),
  lastSeenAtMs: shanghai('2026-11-22T10:05:12').instantMs,
  isClosed: false,
  isStaff: false,
  isAssisted: false,
  frequency: 'first',
  zones: [],
};
const CLOSED: VisitSummary = {
  ...OPEN,
  isClosed: true,
  zones: [{ zoneId: 'shoes' as ZoneId, entries: 2, ms: 30_000 }],
};

function world() {
  const cells = memoryCellStore();
  const letters = memoryDeadLetterStore();
  const nothing = { send: async () => undefined };
  const key = dayKey(STORE, DAY);
  return {
    cells,
    deadLetters: letters,
    facts: memoryFactStore(),
    changes: nothing,
    productChanges: nothing,
    reporting: reportingSensors(),
    nowMs: () => 1,
    day: () => cells.rows.get(cellName(key)),
    zone: (member: string) => cells.rows.get(cellName({ ...key, dimension: 'zone', member }))?.counts,
  };
}

const recordOf = (place: number, event: WireEvent): LogRecord => ({
  key: 'sz01',
  sequence: sequenceAt(place),
  bytes: Buffer.from(JSON.stringify(event)),
  arrivedAtMs: Date.UTC(2026, 10, 22, 3) + place,
});
const revisionOf = (
  place: number,
  revision: number,
  before: readonly VisitSummary[],
  after: readonly VisitSummary[],
  more: Partial<VisitRevision> = {},
): LogRecord =>
  recordOf(
    place,
    visitRevisionEvent({
      visitorId: ANN,
      storeId: STORE,
      day: DAY,
      kind: 'opened',
      revision,
      before,
      after,
      ...more,
    }),
  );
const passed = (place: number, more: Partial<Passage> = {}): LogRecord =>
  recordOf(
    place,
    passageRecorded(
      {
        storeId: STORE,
        sensorId: 'door' as SensorId,
        day: DAY,
        startedAt: shanghai('2026-11-22T10:00:00'),
        endedAtMs: shanghai('2026-11-22T10:01:00').instantMs,
        entered: 3,
        left: 1,
        ...more,
      },
      's',
    ),
  );
const seen = (place: number, sensorId = 'cam-1'): LogRecord =>
  recordOf(
    place,
    sightingRecorded(
      sightingOf(ANN, [held('shoes', place)], { sensorId: sensorId as SensorId }),
      `${place}`,
      's',
    ),
  );

let ports: ReturnType<typeof world>;
beforeEach(() => {
  ports = world();
});

describe('a sensor that sees no one', () => {
  it('has reported, and the day has no visitors and no entries rather than none known (V7)', async () => {
    const nothing = passed(1, { entered: 0, left: 0 });
    const report = { storeId: STORE, sensorId: 'cam-1' as SensorId, day: DAY, isCounting: true };
    const empty = recordOf(2, sensorReported(report, '2026-11-22T10:00:00+08:00', 's'));
    await countEvents(ports, [nothing, empty]);
    await countEvents(ports, [recordOf(3, recountRequested(STORE, DAY, 'r', 't', 's'))]);
    expect(ports.day()?.sensors).toEqual(new Set(['door', 'cam-1']));
    const summary = summaryOfStore(SZ01, ports.day(), 'day', undefined);
    expect(coverageOfDays(summary)).toMatchObject({ visits: true, doors: true });
    expect(summary.seen).toEqual({ expected: 1, reported: 1 });
  });

  it('has reported without its visits being known where it does not count all visitors (V7)', async () => {
    const report = { storeId: STORE, sensorId: 'cam-1' as SensorId, day: DAY, isCounting: false };
    await countEvents(ports, [recordOf(2, sensorReported(report, '2026-11-22T10:00:00+08:00', 's'))]);
    expect(ports.day()?.sensors).toEqual(new Set(['cam-1']));
    expect(coverageOfDays(summaryOfStore(SZ01, ports.day(), 'day', undefined)).visits).toBe(false);
  });
});

describe('a visit', () => {
  it('is counted when it opens, and its closing adds the difference', async () => {
    await countEvents(ports, [revisionOf(1, 1, [], [OPEN])]);
    expect(ports.day()?.counts).toEqual({ bodies: 1n, visitors: 1n, firstVisits: 1n });
    await countEvents(ports, [revisionOf(2, 2, [OPEN], [CLOSED], { kind: 'closed' })]);
    expect(ports.day()?.counts).toEqual({
      bodies: 1n,
      visitors: 1n,
      firstVisits: 1n,
      closedVisits: 1n,
      dwellMs: 120_000n,
      dwell3: 1n,
    });
    expect(ports.zone('shoes')).toEqual({
      zoneVisits: 1n,
      zoneEntries: 2n,
      zoneMs: 30_000n,
      engagedVisits: 1n,
    });
  });

  it('is counted once however often a revision is delivered, in one batch or in two', async () => {
    const opened = revisionOf(1, 1, [], [OPEN]);
    const again = { ...opened, sequence: sequenceAt(2) };
    expect(await countEvents(ports, [opened, again])).toMatchObject({
      claimed: 1,
      duplicates: 1,
      deadLetters: 0,
    });
    expect(await countEvents(ports, [{ ...opened, sequence: sequenceAt(3) }])).toMatchObject({
      duplicates: 1,
    });
    // The same revision under the other event type is the same fact.
    const other = revisionOf(4, 1, [], [OPEN], { kind: 'closed' });
    expect(await countEvents(ports, [other])).toMatchObject({ duplicates: 1, deadLetters: 0 });
    expect(ports.day()?.counts.visitors).toBe(1n);
  });

  it('keeps the first of two bodies of one revision and stores the other as a dead letter', async () => {
    const other = revisionOf(2, 1, [], [OPEN, { ...OPEN, number: 2 }]);
    expect(await countEvents(ports, [revisionOf(1, 1, [], [OPEN]), other])).toMatchObject({
      claimed: 1,
      deadLetters: 1,
    });
    expect(await gather(ports.deadLetters.list())).toMatchObject([
      {
        why: 'conflict',
        reason: `another visit revision has the id sz01/2026-11-22/${ANN}/1`,
      },
    ]);
    expect(ports.day()?.counts.visitors).toBe(1n);
  });

  it('leaves no count once it proves to be another visitor’s', async () => {
    await countEvents(ports, [
      revisionOf(1, 1, [], [CLOSED]),
      revisionOf(2, 1, [], [CLOSED], { visitorId: BEN }),
    ]);
    await countEvents(ports, [revisionOf(3, 2, [CLOSED], [], { visitorId: BEN })]);
    expect(ports.day()?.counts).toMatchObject({ bodies: 1n, closedVisits: 1n, dwellMs: 120_000n });
    expect(ports.zone('shoes')).toMatchObject({ zoneVisits: 1n });
  });
});

describe('a door count', () => {
  it('is counted once under its start, and records its sensor', async () => {
    const again = passed(2);
    expect(await countEvents(ports, [passed(1), again])).toMatchObject({ claimed: 1, duplicates: 1 });
    expect(ports.day()).toMatchObject({ counts: { doorIn: 3n, doorOut: 1n }, sensors: new Set(['door']) });
    expect(await countEvents(ports, [passed(3, { entered: 9 })])).toMatchObject({ deadLetters: 1 });
    expect(ports.day()?.counts.doorIn).toBe(3n);
    expect(ports.day()?.reporters).toBeUndefined();
  });
});

describe('a sighting', () => {
  it('counts nothing and records that its sensor reported', async () => {
    expect(await countEvents(ports, [seen(1), seen(2, 'cam-2')])).toMatchObject({
      claimed: 0,
      deadLetters: 0,
    });
    expect(ports.day()).toMatchObject({ counts: {}, sensors: new Set(['cam-1', 'cam-2']) });
  });

  it('is recorded once a day by a warm function, and again after a failed write', async () => {
    let writes = 0;
    let isBroken = true;
    const cells: CellStore = {
      ...ports.cells,
      async add(key, change) {
        writes += 1;
        if (isBroken) throw new Error('throttled');
        return ports.cells.add(key, change);
      },
    };
    expect((await countEvents({ ...ports, cells }, [seen(1)])).failures).toHaveLength(1);
    isBroken = false;
    for (let place = 1; place <= 9; place++) await countEvents({ ...ports, cells }, [seen(place)]);
    expect(writes).toBe(2);
    expect(ports.day()?.sensors).toEqual(new Set(['cam-1']));
  });
});

describe('a sighting older than the counts of its store', () => {
  it('is not remembered as recorded, while the next one is', async () => {
    // A batch was given up and is replayed later; a lost checkpoint delivers the batch itself once more.
    await countEvents(ports, [revisionOf(5, 1, [], [OPEN])]);
    await countEvents(ports, [seen(1)]);
    expect(ports.day()?.sensors).toBeUndefined();
    await countEvents(ports, [seen(9)]);
    expect(ports.day()?.sensors).toEqual(new Set(['cam-1']));
  });
});

describe('a merge of visitors', () => {
  it('counts nothing', async () => {
    const event = visitorsMerged(STORE, DAY, ANN, BEN, '2026-11-22T10:00:00+08:00', 's');
    const folded = await countEvents(ports, [recordOf(1, event)]);
    expect(folded).toMatchObject({ claimed: 0, duplicates: 0, deadLetters: 0, cells: 0, failures: [] });
  });
});

describe('a recount', () => {
  it('recomputes receipts, visits and doors', async () => {
    const sale = recordOf(1, receiptClosed(receiptOf(), 's'));
    const facts = [sale, revisionOf(2, 1, [], [OPEN]), revisionOf(3, 2, [OPEN], [CLOSED]), passed(4)];
    await countEvents(ports, facts);
    const right = [...ports.cells.rows].map(([name, { counts }]) => [name, counts]);
    for (const { key } of [...ports.cells.rows.values()]) {
      ports.cells.addUnguarded(key, {
        counts: { visitors: 7n, doorIn: 7n, gross: 7n, zoneMs: 7n },
        firstSequence: sequenceAt(5),
        lastSequence: sequenceAt(5),
        asOfMs: 1,
      });
    }
    await countEvents(ports, [recordOf(6, recountRequested(STORE, DAY, 'r', 't', 's'))]);
    const nonZero = (counts: object) =>
      Object.entries(counts)
        .filter(([, count]) => count !== 0n)
        .sort();
    expect([...ports.cells.rows].map(([name, { counts }]) => [name, nonZero(counts)])).toEqual(
      right.map(([name, counts]) => [name, nonZero(counts as object)]),
    );
    expect(ports.day()?.sensors).toEqual(new Set(['door']));
  });
});
