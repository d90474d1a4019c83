/** SQS notices of batches that a consumer of the stream gave up → dead letters. A notice that fails is delivered again. */
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoDeadLetterStore } from '#adapters/dynamodb/dead-letter-store.ts';
import { kinesisClient, kinesisLogReader } from '#adapters/kinesis/event-log.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { failedMessages, queueHandler } from '../shared/queue-handler.ts';
import { DiscardedBatch, storeDeadLetters } from './store-dead-letters.ts';

const kinesis = kinesisClient();
const ports = {
  deadLetters: dynamoDeadLetterStore(documentClient(), requireEnv(process.env, env.deadLettersTable)),
  readerOf: (streamArn: string) => kinesisLogReader(kinesis, streamArn),
  nowMs: Date.now,
};

export const handler = queueHandler({
  serviceName: 'store-dead-letters',
  schema: DiscardedBatch,
  invalid: 'retry',
  consume: (messages, { logger }) =>
    failedMessages(messages, logger, async (batch) => {
      const records = await storeDeadLetters(ports, batch);
      logger.warn('stored records of a discarded batch as dead letters', { records });
    }),
});
