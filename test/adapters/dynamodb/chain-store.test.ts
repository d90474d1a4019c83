import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { describeChainStore } from '../../support/describe-chain-store.ts';
import { memoryChainStore } from '../../support/memory-chain-store.ts';
import { onEveryEngine } from '../../support/on-every-engine.ts';

describeChainStore('in memory', async () => memoryChainStore());

onEveryEngine((name, newTable) => {
  describeChainStore(name, async () => {
    const { client, table } = await newTable();
    return dynamoChainStore(client, table);
  });
});
