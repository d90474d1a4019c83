/** SQS notices delayed by frames, or the hourly schedule → expired faces are deleted, users of one person are merged. */
import type { Logger } from '@aws-lambda-powertools/logger';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoFaceStore } from '#adapters/dynamodb/face-store.ts';
import { kinesisClient, kinesisEventLog } from '#adapters/kinesis/event-log.ts';
import { rekognitionClient } from '#adapters/rekognition/client.ts';
import { rekognitionFaceIndex } from '#adapters/rekognition/face-index.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { FaceNotice } from '#contracts/http/frames.ts';
import { cloudLocation } from '../shared/cloud-location.ts';
import { createCounter } from '../shared/counter.ts';
import { failedMessages, type QueueMessage, queueHandler } from '../shared/queue-handler.ts';
import { retryClock } from '../shared/retry-clock.ts';
import { mergeUsers } from './merge-users.ts';
import { purgeFrames } from './purge-frames.ts';
import { purgeVisitors } from './purge-visitors.ts';

const serviceName = 'purge-faces';
const count = createCounter(serviceName);
const dynamoDb = documentClient();
const chain = dynamoChainStore(dynamoDb, requireEnv(process.env, env.chainTable));
const ports = {
  index: rekognitionFaceIndex(rekognitionClient(), requireEnv(process.env, env.collectionId)),
  store: dynamoFaceStore(dynamoDb, requireEnv(process.env, env.facesTable)),
  log: kinesisEventLog(kinesisClient(), requireEnv(process.env, env.eventsStream)),
  pauses: retryClock,
  cloud: cloudLocation(process.env),
  nowMs: Date.now,
};

/** The removal of one user is a handful of calls. */
const REMOVAL_TIME_MS = 10_000;

export const handler = queueHandler({
  serviceName,
  schema: FaceNotice,
  // Only Aisle's own functions write to the queue, so an invalid notice is of another release; the hourly purge repairs it.
  invalid: 'discard',
  consume: async (messages, { logger }) => [
    ...(await failedFrames(messages, logger)),
    ...(await failedMerges(messages, logger)),
  ],
  onSchedule: async ({ logger, isTimeLeft }) => {
    const purged = await purgeVisitors({
      ...ports,
      stores: chain.stores,
      isTimeLeft: () => isTimeLeft(REMOVAL_TIME_MS),
    });
    logger.info('retention purge done', { ...purged });
    count({
      VisitorsExpired: purged.visitors,
      MembersExpired: purged.members,
      WatchEntriesExpired: purged.watchEntries,
      ConsentProofsExpired: purged.proofs,
      RetentionPurgesIncomplete: purged.isComplete ? 0 : 1,
    });
  },
});

type FaceMessages = ReadonlyArray<QueueMessage<FaceNotice>>;

/** Purges frames that a crash left behind; returns the messages of those that may still be in progress. */
async function failedFrames(messages: FaceMessages, logger: Logger): Promise<string[]> {
  const frames = messages.flatMap(({ messageId, body }) =>
    body.kind === 'look' ? [{ messageId, frame: body.frame, attempt: body.attempt }] : [],
  );
  try {
    const { tooEarly, ...purged } = await purgeFrames(ports, frames);
    if (purged.frames > 0) logger.warn('purged frames that a crash left behind', { ...purged });
    return frames.flatMap((frame) => (tooEarly.includes(frame) ? frame.messageId : []));
  } catch (error) {
    logger.error('failed to purge frames', error as Error);
    return frames.map(({ messageId }) => messageId);
  }
}

const failedMerges = (messages: FaceMessages, logger: Logger): Promise<string[]> =>
  failedMessages(messages, logger, async (notice) => {
    if (notice.kind !== 'merge') return;
    const outcome = await mergeUsers(ports, notice);
    logger.info('merge of two face users', { ...notice, outcome });
  });
