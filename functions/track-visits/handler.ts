/** Kinesis `events` → stays and what is told of their visits. A store that fails is taken up again from its first record. */
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { dynamoAliasStore } from '#adapters/dynamodb/alias-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoVisitStore } from '#adapters/dynamodb/visit-store.ts';
import { kinesisClient, kinesisEventLog } from '#adapters/kinesis/event-log.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { kinesisBatch } from '../shared/kinesis-batch.ts';
import { trackVisits } from './track-visits.ts';

const serviceName = 'track-visits';
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

export const handler = middy<KinesisStreamEvent, KinesisStreamBatchResponse, Error, Context>()
  .use(injectLambdaContext(logger, { logEvent: false }))
  .handler(async (event) => {
    const batch = kinesisBatch(event);
    const { failures, ...tracked } = await trackVisits(ports, batch.records);
    metrics.addMetric('SightingsJoined', MetricUnit.Count, tracked.sightings);
    metrics.addMetric('SightingsAnonymous', MetricUnit.Count, tracked.anonymous);
    metrics.addMetric('VisitsTold', MetricUnit.Count, tracked.revisions);
    metrics.publishStoredMetrics();
    if (tracked.rejected > 0) logger.warn('some of it no visit can hold', { ...tracked });
    for (const { error } of failures) logger.error('a store could not be tracked', error as Error);
    return batch.answer(failures);
  });
