/** Kinesis `events` → facts and cells. A store that fails is retried from its first record; the others go on. */
import { dynamoCellStore } from '#adapters/dynamodb/cell-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoDeadLetterStore } from '#adapters/dynamodb/dead-letter-store.ts';
import { dynamoFactStore } from '#adapters/dynamodb/fact-store.ts';
import { sqsChangeQueue, sqsClient } from '#adapters/sqs/change-queue.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { reportingSensors } from '../shared/reporting-sensors.ts';
import { streamHandler } from '../shared/stream-handler.ts';
import { countEvents } from './count-events.ts';

const client = documentClient();
const queues = sqsClient();
const ports = {
  facts: dynamoFactStore(client, requireEnv(process.env, env.factsTable)),
  cells: dynamoCellStore(client, requireEnv(process.env, env.cellsTable)),
  deadLetters: dynamoDeadLetterStore(client, requireEnv(process.env, env.deadLettersTable)),
  changes: sqsChangeQueue(queues, requireEnv(process.env, env.changesQueueUrl)),
  productChanges: sqsChangeQueue(queues, requireEnv(process.env, env.productChangesQueueUrl)),
  reporting: reportingSensors(),
  nowMs: Date.now,
};

export const handler = streamHandler({
  serviceName: 'count-events',
  consume: (records) => countEvents(ports, records),
  countsOf: ({ claimed, duplicates, deadLetters }) => ({
    EventsCounted: claimed,
    DuplicateEvents: duplicates,
    DeadLettersStored: deadLetters,
  }),
  report: (counted, logger) => {
    if (counted.deadLetters > 0) logger.warn('stored records as dead letters', { ...counted });
  },
});
