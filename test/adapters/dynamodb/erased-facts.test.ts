/** Facts of erased customers: counted as before, compared without identifiers, and never restored. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { dynamoFactStore } from '#adapters/dynamodb/fact-store.ts';
import { dynamoRowWriter } from '#adapters/dynamodb/row-writer.ts';
import type { Fact, FactStore } from '#application/ports/fact-store.ts';
import type { RowWriter } from '#application/ports/row-writer.ts';
import { parseEvent } from '#contracts/events/parse-event.ts';
import { receiptClosed } from '#contracts/events/receipt-closed.ts';
import { visitRevisionEvent } from '#contracts/events/visit-revised.ts';
import type { ReceiptNo } from '#domain/chain/ids.ts';
import { mergeIdentifiers } from '#domain/people/erasure/personal-identifiers.ts';
import { actionFor, type ErasureContext, type TableName } from '#domain/people/erasure/row-policy.ts';
import { createTraceFinder } from '#domain/people/erasure/trace-finder.ts';
import { dataWithout, factKey } from '#domain/place/figures/fact-key.ts';
import { fold } from '#domain/place/figures/fold.ts';
import type { Receipt } from '#domain/place/figures/receipt.ts';
import { summaryOf, visitsOf } from '#domain/place/visits/visit.ts';
import { additionsOfDay, factOf } from '#functions/count-events/fact-of-event.ts';
import { receipt as anyReceipt, sequenceAt } from '../../support/arbitraries.ts';
import { november, SZ01 } from '../../support/chain.ts';
import { onEveryEngine } from '../../support/on-every-engine.ts';
import { receiptOf } from '../../support/receipts.ts';
import { held, keyOf, sightingOf, stayOf } from '../../support/sightings.ts';

const PHONE = '+8613800138000';
const MEMBER = 'M-100017';
const VISITOR = 'user.m.M-100017' as Parameters<typeof keyOf>[0];
const ANN = mergeIdentifiers({ phone: [PHONE], member: [MEMBER], user: ['m.M-100017'], visitor: [VISITOR] });

const fingerprintOf = (data: string): string => createHash('sha256').update(data).digest('hex');
const forgetting: ErasureContext = {
  identifiers: ANN,
  findTraces: createTraceFinder(ANN),
  pseudonymOf: (text) => fingerprintOf(`secret ${text}`).slice(0, 32),
  fingerprintOf,
  nowMs: 0,
};

const wireFact = (event: object, place: number): Fact => {
  const parsed = parseEvent(Buffer.from(JSON.stringify(event)));
  if (parsed.kind === 'unreadable' || !('closedAt' in parsed.event.data || 'revision' in parsed.event.data))
    throw new Error('no fact');
  const { day, name, data } = factOf(parsed.event as Parameters<typeof factOf>[0]);
  const sequence = sequenceAt(place);
  return {
    storeId: SZ01.storeId,
    day,
    name,
    data,
    sequence,
    arrivedAtMs: place,
    fingerprint: fingerprintOf(data),
  };
};
const sold = (place: number, more: Partial<Receipt> = {}): Fact =>
  wireFact(receiptClosed(receiptOf({ phone: PHONE, memberNo: MEMBER, ...more }), '/test'), place);

/** A visitor day of the customer, published in two revisions. */
function tellings(): Fact[] {
  const stay = stayOf(VISITOR, [sightingOf(VISITOR, [held('door', 0, 1), held('shelf', 2, 9)])]);
  const summaries = (isClosed: boolean) =>
    visitsOf(stay).map((visit) => summaryOf(visit, { isClosed, isAssisted: true, frequency: 'second' }));
  const [none, open, closed] = [[], summaries(false), summaries(true)];
  const told = { ...keyOf(VISITOR) };
  return [
    wireFact(visitRevisionEvent({ ...told, kind: 'opened', revision: 1, before: none, after: open }), 10),
    wireFact(visitRevisionEvent({ ...told, kind: 'closed', revision: 2, before: open, after: closed }), 11),
  ];
}

onEveryEngine((name, newTable) => {
  describe(`facts of an erased customer: ${name}`, () => {
    let facts: FactStore;
    let rows: RowWriter;
    beforeEach(async () => {
      const { client, table } = await newTable();
      facts = dynamoFactStore(client, table);
      // The row policy covers every table; this suite is about one.
      rows = dynamoRowWriter(client, { Facts: table } as Record<TableName, string>);
    });
    const kept = () => facts.ofDay(SZ01.storeId, november(22));
    const cells = async () => fold(additionsOfDay(await kept()));

    async function forget({ storeId, day, name }: Fact): Promise<void> {
      const row = await rows.read('Facts', factKey(storeId, day, name));
      if (row !== undefined) await rows.apply('Facts', row, actionFor('Facts', row, forgetting));
    }

    it('contain no identifier any more, and count as before', async () => {
      const all = [sold(1), sold(2, { receiptNo: '2' as ReceiptNo, memberNo: 'M-2' }), ...tellings()];
      for (const fact of all) await facts.claim(fact);
      const before = await cells();
      for (const fact of all) await forget(fact);
      expect(await cells()).toEqual(before);
      const texts = JSON.stringify(await kept());
      for (const text of [PHONE, MEMBER, VISITOR]) expect(texts).not.toContain(text);
      // The other number on a receipt may belong to another customer.
      expect(texts).toContain('M-2');
      // Applying the action twice has the same result.
      for (const fact of all) await forget(fact);
      expect(JSON.stringify(await kept())).toBe(texts);
    });

    it('recognise a receipt that is sent again, and restore no erased data', async () => {
      await facts.claim(sold(1));
      await forget(sold(1));
      const [before] = await kept();
      expect(await facts.claim(sold(9))).toEqual({ kind: 'duplicate' });
      // After a crash the log delivers it at its own sequence number: the claim holds, and the guard of its cells counts it once.
      expect(await facts.claim(sold(1))).toEqual({ kind: 'claimed' });
      expect(await kept()).toEqual([before]);
      // Without a customer it is the same receipt, and so it is with another customer, since the original is unknown by then.
      expect(await facts.claim(sold(9, { phone: '+8613900139000' }))).toEqual({ kind: 'duplicate' });
      const other = sold(9, { discount: 5n });
      expect(await facts.claim(other)).toMatchObject({ kind: 'conflict' });
      expect(await facts.claim({ ...other, sequence: sequenceAt(1) })).toMatchObject({ kind: 'conflict' });
      expect(await kept()).toEqual([before]);
    });

    it('count a revision once if a crash leaves it under both ids, or the log delivers it again', async () => {
      for (const fact of tellings()) await facts.claim(fact);
      const before = await cells();
      const [opened, closed] = tellings() as [Fact, Fact];
      await forget(opened);
      expect(await cells()).toEqual(before);
      await facts.claim(opened);
      expect(await kept()).toHaveLength(2);
      expect(await cells()).toEqual(before);
      await forget(opened);
      await forget(closed);
      expect(await cells()).toEqual(before);
      expect((await kept()).map(({ name }) => name.replace(/gone\.[0-9a-f]{32}/, 'gone'))).toEqual([
        'VISIT#gone#0000000000000001',
        'VISIT#gone#0000000000000002',
      ]);
    });
  });
});

describe('the data of a receipt without the customer', () => {
  it('is the same text for every customer, and counts the same', () => {
    fc.assert(
      fc.property(anyReceipt, (drawn) => {
        const { phone: _, memberNo: __, ...nobodys } = drawn;
        const data = (receipt: Receipt): string => wireFact(receiptClosed(receipt, '/test'), 1).data;
        const theirs = data({ ...nobodys, phone: PHONE, memberNo: MEMBER });
        expect(dataWithout(theirs, ['phone', 'memberNo'])).toBe(data(nobodys));
        const row = { ...factKey(SZ01.storeId, november(22), 'RECEIPT#T1#1'), data: theirs, seq: '1' };
        const remedy = actionFor('Facts', row, forgetting);
        expect(remedy).toMatchObject({ kind: 'replace', by: { data: data(nobodys) } });
        const stored = { name: row.sk, sequence: '1', arrivedAtMs: 1 };
        expect(additionsOfDay([{ ...stored, data: data(nobodys) }])).toEqual(
          additionsOfDay([{ ...stored, data: theirs }]),
        );
      }),
    );
  });
});
