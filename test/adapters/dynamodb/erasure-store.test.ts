import { beforeEach, describe, expect, it } from 'vitest';
import { dynamoErasureStore } from '#adapters/dynamodb/erasure-store.ts';
import type { ErasureStore, NewErasure } from '#application/ports/erasure-store.ts';
import { receiptOf } from '#functions/erase-person/receipt.ts';
import { onEveryEngine } from '../../support/on-every-engine.ts';

const AT_ONCE = 8;
const MARK = 'mark of a customer';
const erasure = (place: number): NewErasure => ({
  erasureId: `e.${String(place).padStart(26, '0')}`,
  requestedAtMs: place,
  secret: `secret ${place}`,
});

onEveryEngine((name, newTable) => {
  describe(`a store of erasures: ${name}`, () => {
    let store: ErasureStore;
    beforeEach(async () => {
      const { client, table } = await newTable();
      store = dynamoErasureStore(client, table);
    });
    const asked = (place: number) => ({ ...erasure(place), state: 'requested' as const });

    it('creates one erasure per mark under concurrent requests', async () => {
      const places = Array.from({ length: AT_ONCE }, (_, index) => index + 1);
      const begun = await Promise.all(places.map((place) => store.begin(MARK, erasure(place))));
      expect(new Set(begun.map(({ erasureId }) => erasureId)).size).toBe(1);
      const [first] = begun;
      expect(await store.begin(MARK, erasure(99))).toEqual(await store.underWay(MARK));
      // One id has one secret, and with it one pseudonym for everything that is rewritten.
      expect(new Set(begun.map(({ secret }) => secret)).size).toBe(1);
      expect(await store.get(first?.erasureId ?? '')).toEqual(first);
      expect(await store.underWay('mark of another')).toBeUndefined();
    });

    it('has one salt under concurrent requests', async () => {
      const salts = Array.from({ length: AT_ONCE }, (_, index) => store.salt(`salt ${index}`));
      expect(new Set(await Promise.all(salts)).size).toBe(1);
      expect(await store.salt('another')).toBe(await salts[0]);
    });

    it('stores the progress, and rejects writes to a completed erasure', async () => {
      await store.begin(MARK, erasure(1));
      const place = {
        place: 'table Facts',
        scanned: 7,
        found: 1,
        removedBefore: 0,
        kinds: ['STORE/RECEIPT'],
      };
      await store.save({ ...asked(1), state: 'incomplete', remaining: [place] });
      expect(await store.get(erasure(1).erasureId)).toEqual({
        ...asked(1),
        state: 'incomplete',
        remaining: [place],
      });
      const { secret: _, ...known } = asked(1);
      const done = { ...known, state: 'done' as const, completedAtMs: 5, receipt: receiptOf([place], 0, 5) };
      await store.save(done);
      expect(await store.get(erasure(1).erasureId)).toEqual(done);
      await store.save({ ...asked(1), state: 'erasing' });
      expect(await store.get(erasure(1).erasureId)).toEqual(done);
      await store.unmark(MARK);
      expect(await store.underWay(MARK)).toBeUndefined();
      expect((await store.begin(MARK, erasure(2))).erasureId).toBe(erasure(2).erasureId);
    });

    it('creates no erasure by saving one that does not exist', async () => {
      await store.save(asked(3));
      expect(await store.get(erasure(3).erasureId)).toBeUndefined();
    });
  });
});
