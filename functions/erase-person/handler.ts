/**
 * DELETE /v1/people/{id} → requests the erasure of a customer. GET /v1/erasures/{id} → its state and receipt. SQS → the
 * erasure itself, one round per message.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Logger } from '@aws-lambda-powertools/logger';
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
import { eventHandler } from '../shared/event-handler.ts';
import { HttpProblem, type HttpResponse, httpHandler, validatedResponse } from '../shared/http.ts';
import { pushApplications } from '../shared/push-applications.ts';
import { requireRole, type StaffEvent } from '../shared/staff-auth.ts';
import { ErasureIncompleteError, eraseRound } from './erase-person.ts';
import { erasureResponse, requestErasure } from './request-erasure.ts';

const serviceName = 'erase-person';
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

/** 128 bits cannot be guessed. */
const RANDOM_BYTES = 16;
const randomText = (): string => randomBytes(RANDOM_BYTES).toString('base64url');
const keyedHash = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('hex');

/** 128 bits of the hash: among 10¹² pseudonyms a collision has a probability of about 10⁻¹⁵. */
const PSEUDONYM_LENGTH = 32;

/**
 * Segments of a table scan, of which eight run concurrently. Eight of a 100 GB table are 12 GB and take about four minutes.
 */
const SEGMENTS = 64;
const SMALL_TABLES: readonly TableName[] = ['Chain', 'Devices', 'DeadLetters'];
const SEGMENTS_TIME_MS = 300_000;

const ports = {
  people: dynamoPersonStore(dynamoDb, tableNames.People),
  phones: dynamoPhoneStore(dynamoDb, tableNames.Campaigns),
  pushDecisions: dynamoPushDecisionStore(dynamoDb, tableNames.Campaigns),
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
  partsOf: (table: TableName) => (SMALL_TABLES.includes(table) ? 1 : SEGMENTS),
  searchCollection: (tracesIn: Parameters<typeof searchCollection>[2]) =>
    searchCollection(rekognition, collectionId, tracesIn),
  erasures,
  queue: sqsErasureQueue(sqsClient(), requireEnv(process.env, env.erasuresQueueUrl)),
  markOf: async (personId: PersonId) => keyedHash(await erasures.salt(randomText()), personId),
  pseudonym: (secret: string, text: string) => keyedHash(secret, text).slice(0, PSEUDONYM_LENGTH),
  fingerprintOf: (data: string) => createHash('sha256').update(data).digest('hex'),
  newErasureId: () => personIdOf(randomBytes(RANDOM_BYTES)).replace(/^p/, 'e'),
  newSecret: randomText,
  nowMs: Date.now,
};

type ParametersAfterTable =
  Parameters<typeof searchTable> extends [unknown, unknown, ...infer Rest] ? Rest : never;

async function requested(name: string): Promise<HttpResponse> {
  const erasure = await requestErasure(ports, await resolvePersonId(ports.people, name));
  if (erasure === undefined) throw personNotFound();
  const response = validatedResponse(ErasureResponse, erasureResponse(erasure));
  const location = `/v1/erasures/${erasure.erasureId}`;
  return { ...response, status: 202, headers: { ...response.headers, location } };
}

async function read(id: string): Promise<HttpResponse> {
  const erasure = isErasureId(id) ? await erasures.get(id) : undefined;
  if (erasure === undefined)
    throw new HttpProblem(problem(404, 'erasure-not-found', 'The erasure does not exist.'));
  return validatedResponse(ErasureResponse, erasureResponse(erasure));
}

const handleRequest = httpHandler<StaffEvent>({
  serviceName,
  handle: async (event) => {
    requireCustomerReader(event);
    const id = event.pathParameters?.['id'] ?? '';
    if (event.requestContext.http.method !== 'DELETE') return await read(id);
    requireRole(event, 'privacy-officer', 'to erase a customer');
    return await requested(id);
  },
});

const WorkText = v.pipe(v.string(), v.parseJson(), ErasureWork);

const handleQueue = eventHandler<SQSEvent, SQSBatchResponse>({
  serviceName,
  handle: async ({ Records }, { logger, isTimeLeft }) => {
    for (const { body } of Records) {
      const work = v.safeParse(WorkText, body);
      // Only this function writes to the queue. An unreadable message ends in the dead letters, which raise an alarm.
      if (!work.success) throw new ErasureIncompleteError('invalid message of the erasure queue');
      const round = eraseRound({ ...ports, isTimeLeft: () => isTimeLeft(SEGMENTS_TIME_MS) }, work.output);
      logger.info('erasure round done', {
        erasure: work.output.erasure,
        ...(await withoutDetail(round, logger)),
      });
    }
    return { batchItemFailures: [] };
  },
});

/** Replaces an error by one without its text: services quote identifiers in errors, and Lambda logs what a function throws. */
async function withoutDetail<Result>(round: Promise<Result>, logger: Logger): Promise<Result> {
  try {
    return await round;
  } catch (error) {
    if (error instanceof ErasureIncompleteError) throw error;
    const { name, stack = '' } = error as Error;
    const at = stack.split('\n').filter((line) => /^\s+at /.test(line));
    logger.error('erasure round failed', { name, at });
    throw new ErasureIncompleteError(`a round failed: ${name}`);
  }
}

export const handler = (
  event: SQSEvent | StaffEvent,
  context: Context,
): Promise<SQSBatchResponse | APIGatewayProxyStructuredResultV2> =>
  'Records' in event ? handleQueue(event, context) : handleRequest(event, context);
