import { describe, expect, it } from 'vitest';
import { dynamoLetterStore } from '#adapters/dynamodb/letter-store.ts';
import { describeLetterStore, letterAt } from '../support/describe-letter-store.ts';
import { memoryLetterStore } from '../support/memory-letter-store.ts';
import { onEveryEngine } from '../support/on-every-engine.ts';

describeLetterStore('in memory', async () => memoryLetterStore());

onEveryEngine((name, newTable) => {
  const create = async () => {
    const { client, table } = await newTable();
    return dynamoLetterStore(client, table);
  };
  describeLetterStore(name, create);

  describe(`a reason that quotes what it complains of: ${name}`, () => {
    it('does not keep its letter from being kept', async () => {
      const letters = await create();
      await letters.keep(letterAt(1, { reason: '深'.repeat(500_000), bytes: new Uint8Array(300_000) }));
      for await (const { reason } of letters.list()) expect(reason).toMatch(/^深+$/);
    });
  });
});
