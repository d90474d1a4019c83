/**
 * SQS notices of changed cells, or the hourly schedule → sums above the stores. The schedule takes today and
 * yesterday of every store again, so that a target set or a notice lost shows within the hour.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as v from 'valibot';
import { dynamoCellStore } from '#adapters/dynamodb/cell-store.ts';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoSummaryStore } from '#adapters/dynamodb/summary-store.ts';
import { sqsChangeQueue, sqsClient } from '#adapters/sqs/change-queue.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { ChangeNotice } from '#contracts/events/change-notices.ts';
import { addDays, businessDayOf, offsetMinutesAt } from '#domain/chain/business-day.ts';
import { rollUp } from './roll-up.ts';

const serviceName = 'roll-up';
const logger = new Logger({ serviceName });
const client = documentClient();
const cellsTable = requireEnv(process.env, env.cellsTable);
const cells = dynamoCellStore(client, cellsTable);
const chain = dynamoChainStore(client, requireEnv(process.env, env.chainTable));
const ports = { chain, cells, sums: dynamoSummaryStore(client, cellsTable) };
const queues = sqsClient();
const changes = sqsChangeQueue(queues, requireEnv(process.env, env.changesQueueUrl));
const productChanges = sqsChangeQueue(queues, requireEnv(process.env, env.productChangesQueueUrl));

/** The longest sum, a region's products on a busy day, ends well within this. */
const TIME_TO_END_MS = 20_000;

const NoticeText = v.pipe(v.string(), v.parseJson(), ChangeNotice);

/** The schedule's constant input. */
type Scheduled = { readonly source: 'schedule' };

const NO_FAILURES: SQSBatchResponse = { batchItemFailures: [] };

export const handler = middy<SQSEvent | Scheduled, SQSBatchResponse, Error, Context>()
  .use(injectLambdaContext(logger, { logEvent: false }))
  .handler(async (event, context) => {
    const notices = 'Records' in event ? noticesOf(event) : await everythingLately();
    const isTimeLeft = (): boolean => context.getRemainingTimeInMillis() > TIME_TO_END_MS;
    const { rows, left } = await rollUp({ ...ports, isTimeLeft }, notices);
    // Sent before the batch is done with: a crash in between brings the batch, and these, again.
    await changes.send(left.filter((notice) => 'buckets' in notice));
    await productChanges.send(left.filter((notice) => 'days' in notice));
    logger.debug('summed up', { notices: notices.length, rows, left: left.length });
    return NO_FAILURES;
  });

function noticesOf(event: SQSEvent): ChangeNotice[] {
  return event.Records.flatMap(({ body, messageId }) => {
    const notice = v.safeParse(NoticeText, body);
    if (notice.success) return [notice.output];
    // Only our own functions write to the queue, so this is a release that went backwards; the schedule mends it.
    logger.error('not a notice', { messageId });
    return [];
  });
}

async function everythingLately(): Promise<ChangeNotice[]> {
  const notices: ChangeNotice[] = [];
  for (const store of await chain.stores()) {
    const now = { instantMs: Date.now(), offsetMinutes: offsetMinutesAt(Date.now(), store.timeZone) };
    const today = businessDayOf(now, store.dayCutMinutes);
    const days = [addDays(today, -1), today];
    const buckets = await Promise.all(days.map((day) => cells.bucketsOf(store.storeId, day)));
    const wholeDays = days.map((day) => ({ day, grain: 'day' as const }));
    notices.push({ storeId: store.storeId, buckets: [...wholeDays, ...buckets.flat()] });
    notices.push({ storeId: store.storeId, days });
  }
  return notices;
}
