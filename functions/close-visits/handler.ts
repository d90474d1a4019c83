/** Schedule, each minute → visits that have ended are published. A visitor day that fails stays due and fails the run. */
import { dynamoAliasStore } from '#adapters/dynamodb/alias-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoVisitStore } from '#adapters/dynamodb/visit-store.ts';
import { kinesisClient, kinesisEventLog } from '#adapters/kinesis/event-log.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { createCounter } from '../shared/counter.ts';
import { eventHandler, type ScheduledEvent } from '../shared/event-handler.ts';
import { retryClock } from '../shared/retry-clock.ts';
import { closeVisits } from './close-visits.ts';

const serviceName = 'close-visits';
const count = createCounter(serviceName);
const client = documentClient();
const visitsTable = requireEnv(process.env, env.visitsTable);
const ports = {
  visits: dynamoVisitStore(client, visitsTable),
  aliases: dynamoAliasStore(client, visitsTable),
  log: kinesisEventLog(kinesisClient(), requireEnv(process.env, env.eventsStream)),
  pauses: retryClock,
  nowMs: Date.now,
};

/** Long enough for one batch while the stream and the table throttle. */
const BATCH_TIME_MS = 15_000;

export const handler = eventHandler<ScheduledEvent, void>({
  serviceName,
  handle: async (_event, { logger, isTimeLeft }) => {
    const { failures, ...closed } = await closeVisits({
      ...ports,
      isTimeLeft: () => isTimeLeft(BATCH_TIME_MS),
    });
    count({ VisitorDaysScanned: closed.scanned, VisitRevisionsPublished: closed.revisions });
    logger.debug('due visitor days scanned', closed);
    for (const error of failures) logger.error('failed to close the visits of a visitor day', error as Error);
    if (failures.length > 0) throw new Error(`${failures.length} visitor days or batches are still due`);
  },
});
