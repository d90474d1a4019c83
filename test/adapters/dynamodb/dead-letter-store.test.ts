import { describe, expect, it } from 'vitest';
import { dynamoDeadLetterStore } from '#adapters/dynamodb/dead-letter-store.ts';
import { describeLetterStore, letterAt } from '../../support/describe-dead-letter-store.ts';
import { memoryDeadLetterStore } from '../../support/memory-dead-letter-store.ts';
import { onEveryEngine } from '../../support/on-every-engine.ts';

describeLetterStore('in memory', async () => memoryDeadLetterStore());

onEveryEngine((name, newTable) => {
  const create = async () => {
    const { client, table } = await newTable();
    return dynamoDeadLetterStore(client, table);
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
