import { dynamoFaceStore } from '#adapters/dynamodb/face-store.ts';
import { describeFaceStore } from '../../support/describe-face-store.ts';
import { memoryFaceStore } from '../../support/memory-face-store.ts';
import { onEveryEngine } from '../../support/on-every-engine.ts';

describeFaceStore('in memory', async () => memoryFaceStore());

onEveryEngine((name, newTable) => {
  describeFaceStore(name, async () => {
    const { client, table } = await newTable();
    return dynamoFaceStore(client, table);
  });
});
