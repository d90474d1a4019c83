/** Contract of every fact store. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Fact, FactStore } from '#application/ports/fact-store.ts';
import { sequenceAt } from './arbitraries.ts';
import { november, SZ01, SZ02 } from './chain.ts';

export const FACT: Fact = {
  storeId: SZ01.storeId,
  day: november(22),
  name: 'RECEIPT#T/1#收据 1',
  sequence: sequenceAt(1),
  arrivedAtMs: 1_795_300_000_123,
  fingerprint: 'f1',
  data: '{"a":"深圳"}',
};

export function describeFactStore(name: string, create: () => Promise<FactStore>): void {
  describe(`a fact store: ${name}`, () => {
    let facts: FactStore;
    beforeEach(async () => {
      facts = await create();
    });

    it('accepts a claim, and the same claim again at the same sequence number', async () => {
      expect(await facts.claim(FACT)).toEqual({ kind: 'claimed' });
      expect(await facts.claim(FACT)).toEqual({ kind: 'claimed' });
      expect(await facts.ofDay(FACT.storeId, FACT.day)).toMatchObject([
        { name: FACT.name, sequence: FACT.sequence, arrivedAtMs: FACT.arrivedAtMs, data: FACT.data },
      ]);
    });

    it('reports the same body at another sequence number as a duplicate', async () => {
      await facts.claim({ ...FACT, sequence: sequenceAt(5) });
      expect(await facts.claim({ ...FACT, sequence: sequenceAt(9) })).toEqual({ kind: 'duplicate' });
      expect(await facts.claim({ ...FACT, sequence: sequenceAt(2) })).toEqual({ kind: 'duplicate' });
      expect(await facts.claim({ ...FACT, sequence: sequenceAt(5) })).toEqual({ kind: 'claimed' });
    });

    it('never overwrites a stored body', async () => {
      await facts.claim(FACT);
      const other = { ...FACT, sequence: sequenceAt(2), fingerprint: 'f2', data: '{}' };
      expect(await facts.claim(other)).toMatchObject({
        kind: 'conflict',
        existing: { name: FACT.name, sequence: FACT.sequence, data: FACT.data },
      });
      expect(await facts.ofDay(FACT.storeId, FACT.day)).toMatchObject([{ data: FACT.data }]);
    });

    it('distinguishes facts by store, day, kind and name', async () => {
      const others: Partial<Fact>[] = [
        {},
        { storeId: SZ02.storeId },
        { day: november(23) },
        { name: 'RECEIPT#T#收据 1' },
        { name: 'RECEIPT#T/1#2' },
        { name: 'VISIT#T/1#收据 1' },
      ];
      for (const other of others) {
        expect(await facts.claim({ ...FACT, ...other })).toEqual({ kind: 'claimed' });
      }
      expect(await facts.ofDay(SZ02.storeId, FACT.day)).toHaveLength(1);
    });

    it("returns a day's facts in log order, over more than one page", async () => {
      const data = 'x'.repeat(100_000);
      const places = [9, 3, 12, 1, 15, 7, 2, 14, 5, 11, 4, 13];
      for (const place of places) {
        await facts.claim({ ...FACT, name: `RECEIPT#T1#${place}`, sequence: sequenceAt(place), data });
      }
      const found = await facts.ofDay(FACT.storeId, FACT.day);
      expect(found.map(({ sequence }) => sequence)).toEqual(places.sort((a, b) => a - b).map(sequenceAt));
      expect(await facts.ofDay(FACT.storeId, november(23))).toEqual([]);
    });

    it('finds facts of several days by name, and leaves out the ones that do not exist', async () => {
      const next = { ...FACT, day: november(23), sequence: sequenceAt(2), data: '{"b":1}' };
      for (const fact of [FACT, next]) await facts.claim(fact);
      const { name } = FACT;
      const days = [november(21), november(22), november(23), november(22)];
      const found = await facts.find(
        FACT.storeId,
        days.map((day) => ({ day, name })),
      );
      const places = new Map(found.map(({ day, data, sequence }) => [day, { data, sequence }]));
      expect([...places].sort()).toEqual([
        [november(22), { data: FACT.data, sequence: FACT.sequence }],
        [november(23), { data: next.data, sequence: next.sequence }],
      ]);
      expect(await facts.find(SZ02.storeId, [{ day: november(22), name }])).toEqual([]);
      expect(await facts.find(FACT.storeId, [])).toEqual([]);
    });

    it('returns the facts whose names lie between two, and those that begin with the last (V4)', async () => {
      const names = ['A#08', 'A#09', 'A#10', 'A#10#later', 'A#11', 'B#09'];
      for (const [index, name] of names.entries())
        await facts.claim({ ...FACT, name: `PASSAGE#${name}`, sequence: sequenceAt(9 - index) });
      const found = await facts.between(FACT.storeId, FACT.day, 'PASSAGE#A#09', 'PASSAGE#A#10');
      expect(found.map(({ name }) => name)).toEqual(['PASSAGE#A#10#later', 'PASSAGE#A#10', 'PASSAGE#A#09']);
      expect(await facts.between(FACT.storeId, november(23), 'PASSAGE#A#09', 'PASSAGE#A#10')).toEqual([]);
    });

    it("returns a day's facts of one kind", async () => {
      const visit = { ...FACT, name: 'VISIT#user.v.1#0001', sequence: sequenceAt(2) };
      for (const fact of [FACT, visit, { ...visit, name: 'VISITOR#1' }]) await facts.claim(fact);
      const visits = await facts.ofDay(FACT.storeId, FACT.day, 'VISIT');
      expect(visits.map(({ name }) => name)).toEqual([visit.name]);
      expect(await facts.ofDay(FACT.storeId, FACT.day, 'PASSAGE')).toEqual([]);
    });
  });
}
