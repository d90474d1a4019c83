/** Each minute → visits that have ended are told of. A stay that fails holds up no other, and makes the run a failure. */
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { dynamoAliasStore } from '#adapters/dynamodb/alias-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoVisitStore } from '#adapters/dynamodb/visit-store.ts';
import { kinesisClient, kinesisEventLog } from '#adapters/kinesis/event-log.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { closeVisits } from './close-visits.ts';

const serviceName = 'close-visits';
const logger = new Logger({ serviceName });
const metrics = new Metrics({ serviceName });
const client = documentClient();
const visitsTable = requireEnv(process.env, env.visitsTable);
const ports = {
  visits: dynamoVisitStore(client, visitsTable),
  aliases: dynamoAliasStore(client, visitsTable),
  log: kinesisEventLog(kinesisClient(), requireEnv(process.env, env.eventsStream)),
  pauses: { pause: async (ms: number) => void (await pause(ms)), random: Math.random },
  nowMs: Date.now,
};

/** A batch of stays, its log crowded and its table slow, ends within this. */
const TIME_TO_END_MS = 15_000;

export const handler = middy<unknown, void, Error, Context>()
  .use(injectLambdaContext(logger, { logEvent: false }))
  .handler(async (_event, context) => {
    const isTimeLeft = (): boolean => context.getRemainingTimeInMillis() > TIME_TO_END_MS;
    const { failures, ...closed } = await closeVisits({ ...ports, isTimeLeft });
    metrics.addMetric('StaysLookedAt', MetricUnit.Count, closed.scanned);
    metrics.addMetric('VisitsTold', MetricUnit.Count, closed.revisions);
    metrics.publishStoredMetrics();
    logger.debug('looked at what was due', closed);
    for (const error of failures) logger.error('a stay could not be closed', error as Error);
    if (failures.length > 0) throw new Error(`${failures.length} stays are still due`);
  });
