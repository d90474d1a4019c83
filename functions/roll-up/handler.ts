/**
 * SQS notices of changed cells, or the hourly schedule → sums of cities, regions and the chain. The schedule sums today and
 * yesterday of every store again, so that a new target or a lost notice shows within the hour.
 */
import { dynamoCellStore } from '#adapters/dynamodb/cell-store.ts';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoSummaryStore } from '#adapters/dynamodb/summary-store.ts';
import { sqsChangeQueue, sqsClient } from '#adapters/sqs/change-queue.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { ChangeNotice } from '#contracts/events/change-notices.ts';
import { addDays } from '#domain/chain/business-day.ts';
import { dayAt } from '#domain/chain/store-clock.ts';
import type { EventTools } from '../shared/event-handler.ts';
import { queueHandler } from '../shared/queue-handler.ts';
import { rollUp } from './roll-up.ts';

const client = documentClient();
const cellsTable = requireEnv(process.env, env.cellsTable);
const cells = dynamoCellStore(client, cellsTable);
const chain = dynamoChainStore(client, requireEnv(process.env, env.chainTable));
const ports = { chain, cells, sums: dynamoSummaryStore(client, cellsTable) };
const queues = sqsClient();
const changes = sqsChangeQueue(queues, requireEnv(process.env, env.changesQueueUrl));
const productChanges = sqsChangeQueue(queues, requireEnv(process.env, env.productChangesQueueUrl));

/** The longest sum, a region's products on a busy day, takes well below this. */
const SUM_TIME_MS = 20_000;

export const handler = queueHandler({
  serviceName: 'roll-up',
  schema: ChangeNotice,
  // Only Aisle's own functions write to the queue, so an invalid notice is of another release; the schedule repairs it.
  invalid: 'discard',
  consume: async (messages, tools) => {
    await sumAll(
      messages.map(({ body }) => body),
      tools,
    );
    return [];
  },
  onSchedule: async (tools) => sumAll(await recentNotices(), tools),
});

async function sumAll(notices: readonly ChangeNotice[], { logger, isTimeLeft }: EventTools): Promise<void> {
  const { rows, left } = await rollUp({ ...ports, isTimeLeft: () => isTimeLeft(SUM_TIME_MS) }, notices);
  // Sent before the batch is acknowledged: a crash in between delivers the batch, and these notices, again.
  await changes.send(left.filter((notice) => 'buckets' in notice));
  await productChanges.send(left.filter((notice) => 'days' in notice));
  logger.debug('roll-up done', { notices: notices.length, rows, left: left.length });
}

/** Returns notices for everything of today and yesterday. */
async function recentNotices(): Promise<ChangeNotice[]> {
  const notices: ChangeNotice[] = [];
  for (const store of await chain.stores()) {
    const today = dayAt(Date.now(), store);
    const days = [addDays(today, -1), today];
    const buckets = await Promise.all(days.map((day) => cells.bucketsOf(store.storeId, day)));
    const wholeDays = days.map((day) => ({ day, grain: 'day' as const }));
    notices.push({ storeId: store.storeId, buckets: [...wholeDays, ...buckets.flat()] });
    notices.push({ storeId: store.storeId, days });
  }
  return notices;
}
