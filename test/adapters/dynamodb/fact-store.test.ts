import { describe, expect, it } from 'vitest';
import { dynamoFactStore } from '#adapters/dynamodb/fact-store.ts';
import { describeFactStore, FACT } from '../../support/describe-fact-store.ts';
import { memoryFactStore } from '../../support/memory-fact-store.ts';
import { onEveryEngine } from '../../support/on-every-engine.ts';

describeFactStore('in memory', async () => memoryFactStore());

onEveryEngine((name, newTable) => {
  const create = async () => {
    const { client, table } = await newTable();
    return dynamoFactStore(client, table);
  };
  describeFactStore(name, create);

  describe(`a fact larger than a row: ${name}`, () => {
    it('is reported as unstorable', async () => {
      const facts = await create();
      const large = { ...FACT, data: 'x'.repeat(410_000) };
      expect(await facts.claim(large)).toMatchObject({ kind: 'unstorable', reason: /size/i });
      expect(await facts.ofDay(FACT.storeId, FACT.day)).toEqual([]);
      expect(await facts.claim({ ...FACT, data: 'x'.repeat(399_000) })).toEqual({ kind: 'claimed' });
    });
  });
});
