/** SQS notices of batches that `count-events` gave up → letters table. A notice that fails comes again alone. */
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as v from 'valibot';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoDeadLetterStore } from '#adapters/dynamodb/dead-letter-store.ts';
import { kinesisClient, kinesisLogReader } from '#adapters/kinesis/event-log.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { DiscardedBatch, storeDeadLetters } from './store-dead-letters.ts';

const serviceName = 'store-dead-letters';
const logger = new Logger({ serviceName });
const kinesis = kinesisClient();
const ports = {
  letters: dynamoDeadLetterStore(documentClient(), requireEnv(process.env, env.deadLettersTable)),
  readerOf: (streamArn: string) => kinesisLogReader(kinesis, streamArn),
  nowMs: Date.now,
};

export const handler = middy<SQSEvent, SQSBatchResponse, Error, Context>()
  .use(injectLambdaContext(logger, { logEvent: false }))
  .handler(async (event) => {
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    for (const { messageId, body } of event.Records) {
      try {
        const kept = await storeDeadLetters(ports, v.parse(DiscardedBatch, JSON.parse(body)));
        logger.warn('kept records that could not be counted', { kept });
      } catch (error) {
        logger.error('a notice could not be followed', error as Error);
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  });
