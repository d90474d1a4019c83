import { beforeEach, describe, expect, it } from 'vitest';
import { dynamoErasureStore } from '#adapters/dynamodb/erasure-store.ts';
import type { ErasureStore, NewErasure } from '#application/ports/erasure-store.ts';
import { receiptOf } from '#functions/erase-person/receipt.ts';
import { onEveryEngine } from '../../support/on-every-engine.ts';

const AT_ONCE = 8;
const MARK = 'mark of somebody';
const erasure = (place: number): NewErasure => ({
  erasureId: `e.${String(place).padStart(26, '0')}`,
  askedAtMs: place,
  secret: `secret ${place}`,
});

onEveryEngine((name, newTable) => {
  describe(`a store of erasures: ${name}`, () => {
    let store: ErasureStore;
    beforeEach(async () => {
      const { client, table } = await newTable();
      store = dynamoErasureStore(client, table);
    });
    const asked = (place: number) => ({ ...erasure(place), state: 'asked' as const });

    it('begins one erasure under a mark, however many ask at once', async () => {
      const places = Array.from({ length: AT_ONCE }, (_, index) => index + 1);
      const begun = await Promise.all(places.map((place) => store.begin(MARK, erasure(place))));
      expect(new Set(begun.map(({ erasureId }) => erasureId)).size).toBe(1);
      const [first] = begun;
      expect(await store.begin(MARK, erasure(99))).toEqual(await store.underWay(MARK));
      // Under one id there is one secret, and with it one name for everything that is written anew.
      expect(new Set(begun.map(({ secret }) => secret)).size).toBe(1);
      expect(await store.get(first?.erasureId ?? '')).toEqual(first);
      expect(await store.underWay('mark of another')).toBeUndefined();
    });

    it('has one salt, whoever asks first', async () => {
      const salts = Array.from({ length: AT_ONCE }, (_, index) => store.salt(`salt ${index}`));
      expect(new Set(await Promise.all(salts)).size).toBe(1);
      expect(await store.salt('another')).toBe(await salts[0]);
    });

    it('keeps how far it has come, and lets nothing be written over what is done', async () => {
      await store.begin(MARK, erasure(1));
      const place = { place: 'table Facts', lookedAt: 7, found: 1, sweptUp: 0, kinds: ['STORE/RECEIPT'] };
      await store.save({ ...asked(1), state: 'incomplete', leftIn: [place] });
      expect(await store.get(erasure(1).erasureId)).toEqual({
        ...asked(1),
        state: 'incomplete',
        leftIn: [place],
      });
      const { secret: _, ...known } = asked(1);
      const done = { ...known, state: 'done' as const, doneAtMs: 5, receipt: receiptOf([place], 0, 5) };
      await store.save(done);
      expect(await store.get(erasure(1).erasureId)).toEqual(done);
      await store.save({ ...asked(1), state: 'erasing' });
      expect(await store.get(erasure(1).erasureId)).toEqual(done);
      await store.unmark(MARK);
      expect(await store.underWay(MARK)).toBeUndefined();
      expect((await store.begin(MARK, erasure(2))).erasureId).toBe(erasure(2).erasureId);
    });

    it('brings none back that was never begun', async () => {
      await store.save(asked(3));
      expect(await store.get(erasure(3).erasureId)).toBeUndefined();
    });
  });
});
