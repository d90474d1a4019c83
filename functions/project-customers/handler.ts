/** Kinesis `events` → people, their purchases and visits. A store that fails is taken up again from its first record. */
import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { env, requireEnv } from '#contracts/env.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import { personIdOf } from '#domain/people/customers/customer.ts';
import { kinesisBatch } from '../shared/kinesis-batch.ts';
import { cachedFor } from '../shared/ttl-cache.ts';
import { projectCustomers } from './project-customers.ts';

const serviceName = 'project-customers';
const logger = new Logger({ serviceName });
const metrics = new Metrics({ serviceName });
const client = documentClient();
const chain = dynamoChainStore(client, requireEnv(process.env, env.chainTable));

/** A store stays in its city, and a chain in its country. */
const CHAIN_REMEMBERED_MS = 60_000;
const chainOf = cachedFor((_: 'chain') => chain.chain(), CHAIN_REMEMBERED_MS, Date.now);
const storeOf = cachedFor((storeId: StoreId) => chain.store(storeId), CHAIN_REMEMBERED_MS, Date.now);

const PERSON_ID_BYTES = 16;

const ports = {
  people: dynamoPersonStore(client, requireEnv(process.env, env.peopleTable)),
  cityOf: async (storeId: StoreId) => (await storeOf(storeId))?.cityId,
  country: async () => (await chainOf('chain'))?.country,
  newPersonId: () => personIdOf(randomBytes(PERSON_ID_BYTES)),
};

export const handler = middy<KinesisStreamEvent, KinesisStreamBatchResponse, Error, Context>()
  .use(injectLambdaContext(logger, { logEvent: false }))
  .handler(async (event) => {
    const batch = kinesisBatch(event);
    const { failures, ...known } = await projectCustomers(ports, batch.records);
    metrics.addMetric('PurchasesKnown', MetricUnit.Count, known.purchases);
    metrics.addMetric('MemberDaysKnown', MetricUnit.Count, known.days);
    metrics.addMetric('LinksRefused', MetricUnit.Count, known.refusedLinks);
    metrics.publishStoredMetrics();
    if (known.unclaimed + known.unreadable > 0) logger.info('some of it is nobody’s', { ...known });
    for (const { error } of failures)
      logger.error('what a store’s customers did could not be kept', error as Error);
    return batch.answer(failures);
  });
