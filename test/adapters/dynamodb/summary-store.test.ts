import { dynamoSummaryStore } from '#adapters/dynamodb/summary-store.ts';
import { describeSummaryStore } from '../../support/describe-summary-store.ts';
import { memorySummaryStore } from '../../support/memory-summary-store.ts';
import { onEveryEngine } from '../../support/on-every-engine.ts';

describeSummaryStore('in memory', async () => memorySummaryStore());

onEveryEngine((name, newTable) =>
  describeSummaryStore(name, async () => {
    const { client, table } = await newTable();
    return dynamoSummaryStore(client, table);
  }),
);
