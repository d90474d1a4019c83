/** Kinesis `events` → visitor days and visit revisions. A store that fails is retried from its first record. */
import { dynamoAliasStore } from '#adapters/dynamodb/alias-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoVisitStore } from '#adapters/dynamodb/visit-store.ts';
import { kinesisClient, kinesisEventLog } from '#adapters/kinesis/event-log.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { retryClock } from '../shared/retry-clock.ts';
import { streamHandler } from '../shared/stream-handler.ts';
import { trackVisits } from './track-visits.ts';

const client = documentClient();
const visitsTable = requireEnv(process.env, env.visitsTable);
const ports = {
  visits: dynamoVisitStore(client, visitsTable),
  aliases: dynamoAliasStore(client, visitsTable),
  log: kinesisEventLog(kinesisClient(), requireEnv(process.env, env.eventsStream)),
  pauses: retryClock,
  nowMs: Date.now,
};

export const handler = streamHandler({
  serviceName: 'track-visits',
  consume: (records) => trackVisits(ports, records),
  countsOf: ({ sightings, anonymous, revisions }) => ({
    SightingsTracked: sightings,
    AnonymousSightings: anonymous,
    VisitRevisionsPublished: revisions,
  }),
  report: (tracked, logger) => {
    if (tracked.rejected > 0)
      logger.warn('rejected sightings or merges that no visit can hold', { ...tracked });
  },
});
