/** Kinesis `events` → facts and cells. A store that fails is taken up again from its first record; the others go on. */
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { dynamoCellStore } from '#adapters/dynamodb/cell-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoDeadLetterStore } from '#adapters/dynamodb/dead-letter-store.ts';
import { dynamoFactStore } from '#adapters/dynamodb/fact-store.ts';
import { sqsChangeQueue, sqsClient } from '#adapters/sqs/change-queue.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { kinesisBatch } from '../shared/kinesis-batch.ts';
import { countEvents } from './count-events.ts';
import { reportingSensors } from './reporting-sensors.ts';

const serviceName = 'count-events';
const logger = new Logger({ serviceName });
const metrics = new Metrics({ serviceName });
const client = documentClient();
const queues = sqsClient();
const ports = {
  facts: dynamoFactStore(client, requireEnv(process.env, env.factsTable)),
  cells: dynamoCellStore(client, requireEnv(process.env, env.cellsTable)),
  letters: dynamoDeadLetterStore(client, requireEnv(process.env, env.deadLettersTable)),
  changes: sqsChangeQueue(queues, requireEnv(process.env, env.changesQueueUrl)),
  productChanges: sqsChangeQueue(queues, requireEnv(process.env, env.productChangesQueueUrl)),
  heard: reportingSensors(),
  nowMs: Date.now,
};

export const handler = middy<KinesisStreamEvent, KinesisStreamBatchResponse, Error, Context>()
  .use(injectLambdaContext(logger, { logEvent: false }))
  .handler(async (event) => {
    const batch = kinesisBatch(event);
    const { failures, ...counted } = await countEvents(ports, batch.records);
    metrics.addMetric('FactsCounted', MetricUnit.Count, counted.claimed);
    metrics.addMetric('FactsRepeated', MetricUnit.Count, counted.duplicates);
    metrics.addMetric('LettersKept', MetricUnit.Count, counted.letters);
    metrics.publishStoredMetrics();
    if (counted.letters > 0) logger.warn('records went to the dead letters', counted);
    for (const { error } of failures) logger.error('a store could not be counted', error as Error);
    return batch.answer(failures);
  });
