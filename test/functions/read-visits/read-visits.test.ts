import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { StoredVisitorDay } from '#application/ports/visit-store.ts';
import { receiptData, receiptName } from '#contracts/events/receipt-closed.ts';
import { VisitResponse, VisitsQuery, VisitsResponse } from '#contracts/http/visits.ts';
import type { ReceiptNo, VisitorId, ZoneId } from '#domain/chain/ids.ts';
import type { Receipt } from '#domain/place/figures/receipt.ts';
import { formatVisitName, type VisitName } from '#domain/place/visits/journey.ts';
import type { Sensor } from '#domain/place/visits/sensor.ts';
import type { Presence, Sighting } from '#domain/place/visits/sighting.ts';
import { extentsOf } from '#domain/place/visits/stillness.ts';
import { summaryOf, visitsOf } from '#domain/place/visits/visit.ts';
import { readVisit } from '#functions/read-visits/read-visit.ts';
import { readVisits } from '#functions/read-visits/read-visits.ts';
import { sequenceAt } from '../../support/arbitraries.ts';
import { november, SZ01 } from '../../support/chain.ts';
import { memoryFactStore } from '../../support/memory-fact-store.ts';
import { memorySensorStore } from '../../support/memory-sensor-store.ts';
import { memoryVisitStore } from '../../support/memory-visit-store.ts';
import { lineOf, receiptOf } from '../../support/receipts.ts';
import { CAMERA } from '../../support/sensors.ts';
import { ANN, BEN, CLERK, held, keyOf, minute, sightingOf, stayOf } from '../../support/sightings.ts';

const WITH_TILL: Sensor = { ...CAMERA, zones: [{ zoneId: 'till-1' as ZoneId, polygon: [] }] };

function world(sensors: readonly Sensor[] = [WITH_TILL], nowMs = minute(600)) {
  const visits = memoryVisitStore();
  const facts = memoryFactStore();
  const ports = { visits, facts, sensors: memorySensorStore(sensors), nowMs: () => nowMs };
  let sequence = 0;
  return {
    async save(
      visitorId: VisitorId,
      presences: readonly Presence[],
      more: Partial<StoredVisitorDay> = {},
      evidence: Partial<Sighting> = {},
    ) {
      const stay = stayOf(visitorId, [sightingOf(visitorId, presences, evidence)]);
      await visits.save({ visitorDay: stay, published: [], revision: 0, version: 0, ...more }, nowMs);
      return stay;
    },
    async close(at: number, more: Partial<Receipt> = {}) {
      const closedAt = { instantMs: minute(at), offsetMinutes: 480 };
      const receipt = receiptOf({ closedAt, receiptNo: `${++sequence}` as ReceiptNo, ...more });
      await facts.claim({
        storeId: receipt.storeId,
        day: receipt.businessDay,
        name: `RECEIPT#${receipt.tillId}#${receipt.receiptNo}`,
        sequence: sequenceAt(sequence),
        arrivedAtMs: 1,
        fingerprint: `${sequence}`,
        data: JSON.stringify(receiptData(receipt)),
      });
      return receiptName(receipt);
    },
    async list(more: Record<string, string> = {}) {
      const query = v.parse(VisitsQuery, { store: 'sz01', day: november(22), ...more });
      return v.parse(VisitsResponse, await readVisits(ports, query, SZ01));
    },
    async read(visitorId: VisitorId, number = 1, more: Partial<VisitName> = {}) {
      const found = await readVisit(ports, { ...keyOf(visitorId), number, ...more }, SZ01);
      return found && v.parse(VisitResponse, found);
    },
  };
}

describe("the visits of a store's day", () => {
  it('are listed newest first, each with its zones and intervals', async () => {
    const { save, list } = world();
    await save(ANN, [held('door', 0, 1), held('shelf', 1, 4), held('door', 4, 4.5), held('shelf', 60, 61)]);
    await save(BEN, [held('door', 30)]);
    const { visits, next } = await list();
    expect(next).toBeNull();
    expect(visits.map(({ visitor, number }) => [visitor, number])).toEqual([
      [ANN, 2],
      [BEN, 1],
      [ANN, 1],
    ]);
    expect(visits[2]).toEqual({
      id: formatVisitName({ ...keyOf(ANN), number: 1 }),
      visitor: ANN,
      number: 1,
      frequency: 'unknown',
      isStaff: false,
      counts: 'visitor',
      firstSeenAt: '2026-11-22T09:00:00+08:00',
      lastSeenAt: '2026-11-22T09:04:30+08:00',
      isOpen: false,
      dwellSeconds: 270,
      assisted: false,
      zones: [
        {
          zone: 'door',
          entries: 2,
          seconds: 90,
          intervals: [
            { from: '2026-11-22T09:00:00+08:00', to: '2026-11-22T09:01:00+08:00' },
            { from: '2026-11-22T09:04:00+08:00', to: '2026-11-22T09:04:30+08:00' },
          ],
        },
        {
          zone: 'shelf',
          entries: 1,
          seconds: 180,
          intervals: [{ from: '2026-11-22T09:01:00+08:00', to: '2026-11-22T09:04:00+08:00' }],
        },
      ],
    });
  });

  it('name what did not move for an hour, so that it can be masked (V8)', async () => {
    const { save, list } = world();
    const position = (atMinute: number) => ({ atMs: minute(atMinute), x: 500, y: 300 });
    const extents = extentsOf(
      CAMERA.sensorId,
      Array.from({ length: 90 }, (_, at) => position(at)),
    );
    await save(ANN, [held('door', 0, 89)], {}, { extents });
    await save(BEN, [held('door', 30)]);
    expect((await list()).visits.map(({ visitor, counts }) => [visitor, counts])).toEqual([
      [BEN, 'visitor'],
      [ANN, 'still'],
    ]);
  });

  it('can be limited to open visits', async () => {
    const { save, list } = world([], minute(70));
    await save(ANN, [held('door', 0), held('door', 60)]);
    await save(BEN, [held('door', 30)]);
    expect((await list({ open: 'true' })).visits).toMatchObject([{ visitor: ANN, number: 2, isOpen: true }]);
  });

  it('mark staff, and visits assisted by staff', async () => {
    const { save, list } = world();
    await save(ANN, [held('shelf', 0, 5)]);
    await save(CLERK, [held('shelf', 4, 9)]);
    expect((await list()).visits).toMatchObject([
      { visitor: CLERK, isStaff: true, assisted: false },
      { visitor: ANN, isStaff: false, assisted: true },
    ]);
  });

  it('show the frequency of a revision that is still to be published', async () => {
    const { save, list } = world();
    const visits = visitsOf(stayOf(ANN, [sightingOf(ANN, [held('door', 0)])]));
    const after = visits.map((one) =>
      summaryOf(one, { isClosed: true, isAssisted: false, frequency: 'regular', groupRole: 'leader' }),
    );
    const pending = { ...keyOf(ANN), kind: 'closed', revision: 1, before: [], after } as const;
    await save(ANN, [held('door', 0)], { pending, revision: 1 });
    expect((await list()).visits).toMatchObject([{ frequency: 'regular' }]);
  });

  it('are paged without gaps or repeats', async () => {
    const { save, list } = world();
    const ids = Array.from({ length: 7 }, (_, index) => `user.v.${index}` as VisitorId);
    for (const [index, visitorId] of ids.entries())
      await save(visitorId, [held('door', Math.floor(index / 2))]);
    const read: string[] = [];
    let next: string | null = null;
    do {
      const answer: VisitsResponse = await list({ limit: '3', ...(next === null ? {} : { cursor: next }) });
      read.push(...answer.visits.map(({ visitor }) => visitor));
      next = answer.next;
    } while (next !== null);
    expect(read).toHaveLength(7);
    expect([...read].sort()).toEqual(ids);
  });
});

describe('a visit', () => {
  it('is returned with its path in order of time and the seconds in each zone', async () => {
    const { save, read } = world();
    await save(ANN, [held('shelf', 1, 3), held('door', 0, 1), held('door', 5, 5.5)]);
    const visit = await read(ANN);
    expect(visit).toMatchObject({ store: 'sz01', day: '2026-11-22', visitor: ANN });
    expect(visit?.path.map(({ zone, seconds }) => [zone, seconds])).toEqual([
      ['door', 60],
      ['shelf', 120],
      ['door', 30],
    ]);
    expect(visit?.zones).toEqual([
      { zone: 'door', entries: 2, seconds: 90 },
      { zone: 'shelf', entries: 1, seconds: 120 },
    ]);
    expect(visit?.purchase).toEqual({ answer: 'no', reason: 'no till visited' });
  });

  it('is undefined for an unknown visitor, number or day', async () => {
    const { save, read } = world();
    await save(ANN, [held('door', 0)]);
    expect(await read(ANN, 2)).toBeUndefined();
    expect(await read(BEN)).toBeUndefined();
    expect(await read(ANN, 1, { day: november(23) })).toBeUndefined();
  });

  it('counts as a purchase when the visitor was alone at the till as it closed a sale', async () => {
    const { save, read, close } = world();
    await save(ANN, [held('shelf', 0, 9), held('till-1', 9, 11)]);
    await save(BEN, [held('till-1', 30, 31)]);
    await close(3);
    const receipt = await close(10);
    expect((await read(ANN))?.purchase).toEqual({
      answer: 'yes',
      reason: 'alone at the till when it closed a sale',
      receipt,
      closedAt: '2026-11-22T09:10:00+08:00',
      zone: 'till-1',
    });
    expect((await read(BEN))?.purchase).toEqual({ answer: 'unknown', reason: 'no sale then' });
  });

  it('has an unknown outcome when two customers were at the till, not counting staff', async () => {
    const { save, read, close } = world();
    await save(ANN, [held('till-1', 9, 11)]);
    await save(CLERK, [held('till-1', 0, 500)]);
    await close(10);
    expect((await read(ANN))?.purchase.answer).toBe('yes');
    await save(BEN, [held('till-1', 10, 12)]);
    expect((await read(ANN))?.purchase).toEqual({ answer: 'unknown', reason: 'not alone at the till' });
  });

  it('does not count as a purchase through a return or a gift', async () => {
    const { save, read, close } = world();
    await save(ANN, [held('till-1', 9, 11)]);
    await close(10, { lines: [lineOf({ quantity: -1 }), lineOf({ unitPrice: 0n })] });
    expect((await read(ANN))?.purchase).toEqual({ answer: 'unknown', reason: 'no sale then' });
  });

  it('has an unknown outcome in a store without a till zone', async () => {
    const { save, read } = world([CAMERA]);
    await save(ANN, [held('shelf', 0, 9)]);
    expect((await read(ANN))?.purchase).toEqual({ answer: 'unknown', reason: 'no till drawn' });
  });
});
