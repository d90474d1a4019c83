import type { APIGatewayProxyStructuredResultV2, Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErasureResponse } from '#contracts/http/erasures.ts';
import type { StaffEvent } from '#functions/shared/staff-auth.ts';
import { startSqs } from '#local/servers/sqs/server.ts';
import { clientOf, createQueue, receive } from '../../local/sqs/sqs-client.ts';
import { manualClock } from '../../local/wire/manual-clock.ts';
import { fill, identifiersOf, shopper } from '../../support/erasure-people.ts';
import {
  APPLICATION,
  COLLECTION,
  type ErasureWorld,
  erasureWorld,
  TRACKER,
} from '../../support/erasure-world.ts';
import { httpEvent, LAMBDA_CONTEXT } from '../../support/http-event.ts';

type Answer = APIGatewayProxyStructuredResultV2;

const clock = manualClock();
const closings: Array<() => Promise<void>> = [];
let world: ErasureWorld;
let ask: (method: 'DELETE' | 'GET', id: string, groups?: string) => Promise<Answer>;
/** Delivers the queue's messages to the function after some seconds; returns how many. */
let work: (afterSeconds: number) => Promise<number>;
let run: (...bodies: readonly string[]) => Promise<SQSBatchResponse>;

beforeAll(async () => {
  world = await erasureWorld(Date.now());
  const sqs = await startSqs({ clock });
  const queues = clientOf(sqs.url);
  closings.push(world.close, sqs.close, async () => queues.destroy());
  const queueUrl = await createQueue(queues, { VisibilityTimeout: '30' }, 'erasures');
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: world.urls.dynamodb,
    AWS_ENDPOINT_URL_LOCATION: world.urls.location,
    AWS_ENDPOINT_URL_SNS: world.urls.sns,
    AWS_ENDPOINT_URL_REKOGNITION: world.urls.rekognition,
    AWS_ENDPOINT_URL_SQS: sqs.url,
    ...Object.fromEntries(
      Object.entries(world.tables).map(([table, name]) => [
        `${table.replace(/(?<=[a-z])(?=[A-Z])/, '_').toUpperCase()}_TABLE`,
        name,
      ]),
    ),
    TRACKER_NAME: TRACKER,
    COLLECTION_ID: COLLECTION,
    FCM_APPLICATION_ARN: APPLICATION,
    ERASURES_QUEUE_URL: queueUrl,
    LOG_LEVEL: 'SILENT',
  });
  // The handler reads its environment when it is loaded.
  const { handler } = await import('#functions/erase-person/handler.ts');
  const context: Context = { ...LAMBDA_CONTEXT, getRemainingTimeInMillis: () => 900_000 };
  ask = async (method, id, groups = '[role:privacy-officer]') => {
    const event = httpEvent<StaffEvent>({ authorizer: { jwt: { claims: { 'cognito:groups': groups } } } });
    const asked = {
      ...event,
      pathParameters: { id },
      requestContext: { ...event.requestContext, http: { method } },
    };
    return (await handler(asked as unknown as StaffEvent, context)) as Answer;
  };
  run = async (...bodies) => {
    const Records = bodies.map((body, at) => ({ messageId: `message-${at}`, body }));
    return (await handler({ Records } as unknown as SQSEvent, context)) as SQSBatchResponse;
  };
  work = async (afterSeconds) => {
    clock.advance(afterSeconds * 1_000);
    const messages = await receive(queues, queueUrl);
    for (const { Body = '', ReceiptHandle } of messages) {
      expect(await run(Body)).toEqual({ batchItemFailures: [] });
      const { DeleteMessageCommand } = await import('@aws-sdk/client-sqs');
      await queues.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    }
    return messages.length;
  };
});
afterAll(async () => {
  for (const close of closings.reverse()) await close();
});

const read = ({ body }: Answer): ErasureResponse => v.parse(ErasureResponse, JSON.parse(body ?? ''));

describe('the erasure function', () => {
  it('accepts an authorised request, erases through the queue, and returns the receipt', async () => {
    const ann = shopper(1);
    await fill(world, ann);
    const asked = await ask('DELETE', `member:${ann.member}`);
    expect(asked.statusCode).toBe(202);
    const { erasure, state } = read(asked);
    expect(state).toBe('requested');
    expect(asked.headers).toMatchObject({ location: `/v1/erasures/${erasure}`, 'cache-control': 'no-store' });
    expect(read(await ask('DELETE', `device:${ann.device}`)).erasure).toBe(erasure);

    expect(await work(0)).toBe(2);
    // Requested twice, it runs twice with the same result.
    expect(await work(0)).toBe(2);
    expect(read(await ask('GET', erasure)).state).toBe('erasing');
    expect(await work(59)).toBe(0);
    expect(await work(1)).toBe(2);
    const done = read(await ask('GET', erasure));
    expect(done).toMatchObject({ state: 'done', remaining: [], completedAt: expect.any(String) });
    expect(done.receipt?.places.find(({ place }) => place === 'table People')?.scanned).toBeGreaterThan(0);
    expect(done.receipt?.notSearched.map(({ goneAfterDays }) => goneAfterDays)).toEqual([7, 35, 0, null]);
    const texts = [...(await world.dump()).values()].flat().join('\n');
    for (const identifier of identifiersOf(ann)) expect(texts).not.toContain(identifier);
    expect((await ask('DELETE', ann.personId)).statusCode).toBe(404);
  });

  it('rejects unauthorised callers and unknown persons', async () => {
    const erasure = `e.${'0'.repeat(26)}`;
    // Who may read every customer may not for that erase one (P12).
    expect((await ask('DELETE', 'member:1', '[role:boss scope:chain]')).statusCode).toBe(403);
    for (const groups of ['[scope:store:sz01 role:boss]', '']) {
      expect((await ask('DELETE', 'member:1', groups)).statusCode).toBe(403);
      expect((await ask('GET', erasure, groups)).statusCode).toBe(403);
    }
    expect((await ask('GET', erasure)).statusCode).toBe(404);
    expect((await ask('GET', 'x')).statusCode).toBe(404);
    expect((await ask('DELETE', 'phone:+8613800138000')).statusCode).toBe(400);
    expect((await ask('DELETE', 'member:unknown')).statusCode).toBe(404);
  });

  it('fails on an invalid message, without quoting it', async () => {
    const person = shopper(2).personId;
    for (const body of ['', '{}', JSON.stringify({ erasure: 'e.1', person, round: 0 })]) {
      await expect(run(body)).rejects.toThrow(/^invalid message of the erasure queue$/);
    }
    // A completed erasure, or one that was never requested, needs no work.
    const over = { erasure: `e.${'0'.repeat(26)}`, person, round: 0 };
    expect(await run(JSON.stringify(over))).toEqual({ batchItemFailures: [] });
  });
});
