/**
 * DELETE /v1/people/{id} → somebody will be forgotten. GET /v1/erasures/{id} → how far it has come, and the receipt. SQS →
 * the work itself, a round at a time.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2, Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as v from 'valibot';
import { dynamoAliasStore } from '#adapters/dynamodb/alias-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoDeviceStore } from '#adapters/dynamodb/device-store.ts';
import { dynamoErasureStore } from '#adapters/dynamodb/erasure-store.ts';
import { dynamoFaceStore } from '#adapters/dynamodb/face-store.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoPhoneStore } from '#adapters/dynamodb/phone-store.ts';
import { dynamoPushDecisionStore } from '#adapters/dynamodb/push-decision-store.ts';
import { dynamoRowWriter } from '#adapters/dynamodb/row-writer.ts';
import { searchTable } from '#adapters/dynamodb/table-scan.ts';
import { dynamoVisitStore } from '#adapters/dynamodb/visit-store.ts';
import { locationClient } from '#adapters/location/client.ts';
import { locationTracker } from '#adapters/location/tracker.ts';
import { snsClient } from '#adapters/push/client.ts';
import { snsEndpointSearch } from '#adapters/push/endpoint-search.ts';
import { snsPhonePush } from '#adapters/push/phone-push.ts';
import { rekognitionClient } from '#adapters/rekognition/client.ts';
import { searchCollection } from '#adapters/rekognition/collection-search.ts';
import { rekognitionFaceIndex } from '#adapters/rekognition/face-index.ts';
import { sqsClient } from '#adapters/sqs/change-queue.ts';
import { sqsErasureQueue } from '#adapters/sqs/erasure-queue.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { ErasureResponse, ErasureWork } from '#contracts/http/erasures.ts';
import { problem } from '#contracts/http/problems.ts';
import type { PersonId } from '#domain/chain/ids.ts';
import { personIdOf } from '#domain/people/customers/customer.ts';
import { isErasureId } from '#domain/people/erasure/erasure.ts';
import type { TableName } from '#domain/people/erasure/row-policy.ts';
import { personNotFound, requireCustomerReader, resolvePersonId } from '../shared/customer-lookup.ts';
import { HttpProblem, type HttpResponse, httpHandler, validatedResponse } from '../shared/http.ts';
import { pushApplications } from '../shared/push-applications.ts';
import type { StaffEvent } from '../shared/staff-auth.ts';
import { erasureResponse, requestErasure } from './ask-erasure.ts';
import { ErasureIncompleteError, eraseRound } from './erase-person.ts';

const serviceName = 'erase-person';
const logger = new Logger({ serviceName });
const dynamoDb = documentClient();
const tableNames: Readonly<Record<TableName, string>> = {
  Chain: requireEnv(process.env, env.chainTable),
  Devices: requireEnv(process.env, env.devicesTable),
  People: requireEnv(process.env, env.peopleTable),
  Campaigns: requireEnv(process.env, env.campaignsTable),
  Facts: requireEnv(process.env, env.factsTable),
  Visits: requireEnv(process.env, env.visitsTable),
  Faces: requireEnv(process.env, env.facesTable),
  DeadLetters: requireEnv(process.env, env.deadLettersTable),
  Cells: requireEnv(process.env, env.cellsTable),
};
const rekognition = rekognitionClient();
const collectionId = requireEnv(process.env, env.collectionId);
const sns = snsClient();
const erasures = dynamoErasureStore(dynamoDb, tableNames.Campaigns);

/** 128 bits: nobody guesses one. */
const RANDOM_BYTES = 16;
const randomText = (): string => randomBytes(RANDOM_BYTES).toString('base64url');
const keyedHash = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('hex');

/** Half of the hash: two of a million millions would then be the same once in a million million cases. */
const PSEUDONYM_LETTERS = 32;

/**
 * Parts that a table is cut into, eight of them searched at once. Of a table of 100 GB such eight are 12 GB, which take some
 * four minutes; Chain, Devices and Letters are small.
 */
const PARTS = 64;
const SMALL: readonly TableName[] = ['Chain', 'Devices', 'DeadLetters'];
const TIME_TO_END_MS = 300_000;

const ports = {
  people: dynamoPersonStore(dynamoDb, tableNames.People),
  phones: dynamoPhoneStore(dynamoDb, tableNames.Campaigns),
  moments: dynamoPushDecisionStore(dynamoDb, tableNames.Campaigns),
  devices: dynamoDeviceStore(dynamoDb, tableNames.Devices),
  push: snsPhonePush(sns, pushApplications(process.env)),
  isEndpointKnown: snsEndpointSearch(sns),
  tracker: locationTracker(locationClient(), requireEnv(process.env, env.trackerName)),
  index: rekognitionFaceIndex(rekognition, collectionId),
  faces: dynamoFaceStore(dynamoDb, tableNames.Faces),
  visits: dynamoVisitStore(dynamoDb, tableNames.Visits),
  aliases: dynamoAliasStore(dynamoDb, tableNames.Visits),
  rows: dynamoRowWriter(dynamoDb, tableNames),
  searchTable: (table: TableName, ...how: ParametersAfterTable) =>
    searchTable(dynamoDb, tableNames[table], ...how),
  partsOf: (table: TableName) => (SMALL.includes(table) ? 1 : PARTS),
  searchCollection: (tracesIn: Parameters<typeof searchCollection>[2]) =>
    searchCollection(rekognition, collectionId, tracesIn),
  erasures,
  queue: sqsErasureQueue(sqsClient(), requireEnv(process.env, env.erasuresQueueUrl)),
  markOf: async (personId: PersonId) => keyedHash(await erasures.salt(randomText()), personId),
  pseudonym: (secret: string, text: string) => keyedHash(secret, text).slice(0, PSEUDONYM_LETTERS),
  fingerprintOf: (data: string) => createHash('sha256').update(data).digest('hex'),
  newErasureId: () => personIdOf(randomBytes(RANDOM_BYTES)).replace(/^p/, 'e'),
  newSecret: randomText,
  nowMs: Date.now,
};

type ParametersAfterTable =
  Parameters<typeof searchTable> extends [unknown, unknown, ...infer Rest] ? Rest : never;

async function asked(name: string): Promise<HttpResponse> {
  const erasure = await requestErasure(ports, await resolvePersonId(ports.people, name));
  if (erasure === undefined) throw personNotFound();
  const answer = validatedResponse(ErasureResponse, erasureResponse(erasure));
  const location = `/v1/erasures/${erasure.erasureId}`;
  return { ...answer, status: 202, headers: { ...answer.headers, location } };
}

async function read(id: string): Promise<HttpResponse> {
  const erasure = isErasureId(id) ? await erasures.get(id) : undefined;
  if (erasure === undefined)
    throw new HttpProblem(problem(404, 'erasure-not-found', 'The erasure does not exist.'));
  return validatedResponse(ErasureResponse, erasureResponse(erasure));
}

const onRequest = httpHandler<StaffEvent>({
  serviceName,
  handle: async (event) => {
    requireCustomerReader(event);
    const id = event.pathParameters?.['id'] ?? '';
    return event.requestContext.http.method === 'DELETE' ? asked(id) : read(id);
  },
});

const WorkText = v.pipe(v.string(), v.parseJson(), ErasureWork);

const onQueue = middy<SQSEvent, SQSBatchResponse, Error, Context>()
  .use(injectLambdaContext(logger, { logEvent: false }))
  .handler(async ({ Records }, context) => {
    const isTimeLeft = (): boolean => context.getRemainingTimeInMillis() > TIME_TO_END_MS;
    for (const { body } of Records) {
      const work = v.safeParse(WorkText, body);
      // Only this function writes to the queue. What it cannot read waits among the dead letters, where somebody is told of it.
      if (!work.success) throw new ErasureIncompleteError('not the work of an erasure');
      const round = await nameless(eraseRound({ ...ports, isTimeLeft }, work.output));
      logger.info('a round of an erasure', { erasure: work.output.erasure, ...round });
    }
    return { batchItemFailures: [] };
  });

/** What services say when they refuse something may quote it, and Lambda logs what a function throws. */
async function nameless<Result>(round: Promise<Result>): Promise<Result> {
  try {
    return await round;
  } catch (error) {
    if (error instanceof ErasureIncompleteError) throw error;
    const { name, stack = '' } = error as Error;
    const at = stack.split('\n').filter((line) => /^\s+at /.test(line));
    logger.error('a round of an erasure failed', { name, at });
    throw new ErasureIncompleteError(`a round failed: ${name}`);
  }
}

export const handler = (
  event: SQSEvent | StaffEvent,
  context: Context,
): Promise<SQSBatchResponse | APIGatewayProxyStructuredResultV2> =>
  'Records' in event ? onQueue(event, context) : onRequest(event, context);
