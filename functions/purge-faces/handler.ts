/** SQS notices put off by frames, or the hourly schedule → faces that may not stay are removed, users that are one joined. */
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as v from 'valibot';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoFaceStore } from '#adapters/dynamodb/face-store.ts';
import { kinesisClient, kinesisEventLog } from '#adapters/kinesis/event-log.ts';
import { rekognitionClient } from '#adapters/rekognition/client.ts';
import { rekognitionFaceIndex } from '#adapters/rekognition/face-index.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { FaceNotice } from '#contracts/http/frames.ts';
import { mergeUsers } from './merge-users.ts';
import { purgeFrames } from './purge-frames.ts';
import { purgeVisitors } from './purge-visitors.ts';

const serviceName = 'purge-faces';
const logger = new Logger({ serviceName });
const dynamoDb = documentClient();
const chain = dynamoChainStore(dynamoDb, requireEnv(process.env, env.chainTable));
const ports = {
  index: rekognitionFaceIndex(rekognitionClient(), requireEnv(process.env, env.collectionId)),
  store: dynamoFaceStore(dynamoDb, requireEnv(process.env, env.facesTable)),
  log: kinesisEventLog(kinesisClient(), requireEnv(process.env, env.eventsStream)),
  pauses: { pause: async (ms: number) => void (await pause(ms)), random: Math.random },
  nowMs: Date.now,
};

/** One removal is a handful of calls. */
const TIME_TO_END_MS = 10_000;

const NoticeText = v.pipe(v.string(), v.parseJson(), FaceNotice);

/** EventBridge's own event, of which nothing is read. */
type Scheduled = { readonly source: string };

interface Noticed {
  readonly messageId: string;
  readonly notice: FaceNotice;
}

export const handler = middy<SQSEvent | Scheduled, SQSBatchResponse, Error, Context>()
  .use(injectLambdaContext(logger, { logEvent: false }))
  .handler(async (event, context) => {
    if ('Records' in event) return { batchItemFailures: await followed(event.Records.flatMap(noticed)) };
    const isTimeLeft = (): boolean => context.getRemainingTimeInMillis() > TIME_TO_END_MS;
    const forgotten = await purgeVisitors({ ...ports, stores: chain.stores, isTimeLeft });
    logger.info('forgot', { ...forgotten });
    return { batchItemFailures: [] };
  });

function noticed({ messageId, body }: SQSRecord): Noticed[] {
  const notice = v.safeParse(NoticeText, body);
  if (notice.success) return [{ messageId, notice: notice.output }];
  // Only our own functions write to the queue, so this is a release that went backwards; the hour's sweep mends it.
  logger.error('not a notice', { messageId });
  return [];
}

/** Follows every notice; those that have to come again. */
async function followed(notices: readonly Noticed[]): Promise<SQSBatchResponse['batchItemFailures']> {
  const again = new Set<string>();
  const looks = notices.flatMap(({ messageId, notice }) =>
    notice.kind === 'look' ? [{ messageId, frame: notice.frame, attempt: notice.attempt }] : [],
  );
  try {
    const { tooEarly, ...swept } = await purgeFrames(ports, looks);
    if (swept.frames > 0) logger.warn('swept what a crash had left', { ...swept });
    for (const { messageId } of looks.filter((look) => tooEarly.includes(look))) again.add(messageId);
  } catch (error) {
    logger.error('frames could not be swept', error as Error);
    for (const { messageId } of looks) again.add(messageId);
  }
  for (const { messageId, notice } of notices) {
    if (notice.kind !== 'merge') continue;
    try {
      const outcome = await mergeUsers(ports, notice);
      logger.info('two users that look like one person', { ...notice, outcome });
    } catch (error) {
      logger.error('two users could not be joined', error as Error);
      again.add(messageId);
    }
  }
  return [...again].map((itemIdentifier) => ({ itemIdentifier }));
}
