import fc from 'fast-check';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { dynamoSensorStore } from '#adapters/dynamodb/sensor-store.ts';
import { parseEvent } from '#contracts/events/parse-event.ts';
import { Problem } from '#contracts/http/problems.ts';
import { SIGHTINGS_BYTES_MAX, SightingsResponse } from '#contracts/http/sightings.ts';
import type { DeviceContext } from '#functions/shared/device-auth.ts';
import { startKinesis } from '#local/servers/kinesis/server.ts';
import { clientOf, createStream, readShard } from '../../local/kinesis/kinesis-client.ts';
import { CHAIN, SZ01 } from '../../support/chain.ts';
import { wireDynamoDb } from '../../support/dynamodb.ts';
import { httpEvent, LAMBDA_CONTEXT } from '../../support/http-event.ts';
import { SIGHTINGS_DOOR } from '../../support/malformed.ts';
import { CEILING, DOOR } from '../../support/sensors.ts';

/** Printed with a failure, so that the same flood can be repeated. */
const SEED = 4712;
const FLOOD_SIZE = 1_500;
/** A function's response may have 6 MB in all, the quotes of its body escaped once more. */
const ANSWER_BYTES_MAX = 6_000_000;

const EDGE: DeviceContext = { deviceId: 'edge-1', storeId: 'sz01', kinds: 'sightings' };
const { malformed, soundBody } = SIGHTINGS_DOOR;

let post: (
  body: string | Uint8Array,
  how?: { contentType?: string; device?: DeviceContext; waitedMs?: number },
) => Promise<{ status: number; type: unknown; text: string; retryAfter: unknown }>;
let logged: () => Promise<Uint8Array[]>;
const closings: Array<() => Promise<void>> = [];

beforeAll(async () => {
  const dynamoDb = await wireDynamoDb();
  const kinesis = await startKinesis({ throttle: 'off' });
  const streams = clientOf(kinesis.url);
  closings.push(dynamoDb.close, kinesis.close, async () => streams.destroy());
  const table = await dynamoDb.createTable();
  await createStream(streams);
  const chain = dynamoChainStore(dynamoDb.client, table);
  await chain.putChain(CHAIN);
  await chain.putStore(SZ01);
  for (const sensor of [CEILING, DOOR]) await dynamoSensorStore(dynamoDb.client, table).put(sensor);
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    AWS_ENDPOINT_URL_KINESIS: kinesis.url,
    CHAIN_TABLE: table,
    // No track of these has a picture, so neither service is called.
    FACES_TABLE: table,
    PEOPLE_TABLE: table,
    COLLECTION_ID: 'faces',
    FRAMES_QUEUE_URL: 'http://127.0.0.1:9/frames',
    EVENTS_STREAM: 'events',
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_METRICS_NAMESPACE: 'Aisle',
    LOG_LEVEL: 'SILENT',
  });
  // The handler reads its environment when it is loaded.
  const { handler } = await import('#functions/ingest-sightings/handler.ts');
  post = async (body, { contentType, device = EDGE, waitedMs = 0 } = {}) => {
    const event = httpEvent<Parameters<typeof handler>[0]>({
      body,
      contentType,
      authorizer: { lambda: device },
      atMs: Date.now() - waitedMs,
    });
    const answer = await handler(event, LAMBDA_CONTEXT);
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(ANSWER_BYTES_MAX);
    return {
      status: answer.statusCode ?? 0,
      type: answer.headers?.['content-type'],
      retryAfter: answer.headers?.['retry-after'],
      text: answer.body ?? '',
    };
  };
  logged = async () =>
    (await readShard(streams, 'events', 'shardId-000000000000')).map(({ Data }) => Data ?? new Uint8Array());
});

afterAll(async () => {
  for (const close of closings.reverse()) await close();
});

describe('the endpoint for sightings', () => {
  it('accepts a valid request and returns what it accepted', async () => {
    const answer = await post(soundBody);
    expect(answer).toMatchObject({ status: 202, type: 'application/json' });
    expect(v.parse(SightingsResponse, JSON.parse(answer.text))).toMatchObject({ accepted: 3 });
    expect(await logged()).toHaveLength(3);
  });

  it.each([
    ['no good key', {}, 401],
    ['a revoked key', { refusal: 'revoked' }, 401],
    ["a till's key", { ...EDGE, kinds: 'receipts' }, 403],
    ['a key of a store that is not set up', { ...EDGE, storeId: 'gz01' }, 409],
  ])('rejects a caller with %s before it reads the body', async (_, device, status) => {
    const before = (await logged()).length;
    expect(await post(soundBody, { device })).toMatchObject({ status, type: 'application/problem+json' });
    expect(await logged()).toHaveLength(before);
  });

  it('rejects with 429 a request that has queued longer than the gateway waits', async () => {
    const before = (await logged()).length;
    expect(await post(soundBody, { waitedMs: 10_500 })).toMatchObject({ status: 429, retryAfter: '5' });
    expect(await logged()).toHaveLength(before);
    expect((await post(soundBody, { waitedMs: 5_000 })).status).toBe(202);
  });

  it('rejects a body of more than a megabyte, and one that is not JSON', async () => {
    const padded = (bytes: number) => soundBody.padEnd(bytes, ' ');
    expect((await post(padded(SIGHTINGS_BYTES_MAX))).status).toBe(202);
    expect((await post(padded(SIGHTINGS_BYTES_MAX + 1))).status).toBe(413);
    expect((await post(soundBody, { contentType: 'text/plain' })).status).toBe(415);
  });

  it(`never returns a server error for ${FLOOD_SIZE} malformed requests`, async () => {
    const before = (await logged()).length;
    const seen = new Map<number, number>();
    let accepted = 0;
    for (const { body, mayBeSound } of fc.sample(malformed, { numRuns: FLOOD_SIZE, seed: SEED })) {
      const { status, type, text } = await post(body);
      seen.set(status, (seen.get(status) ?? 0) + 1);
      const message = `seed ${SEED}: ${status} to ${Buffer.from(body).toString().slice(0, 300)}`;
      expect([202, 207, 400, 413], message).toContain(status);
      const json: unknown = JSON.parse(text);
      if (type === 'application/problem+json') {
        expect(v.parse(Problem, json).status, message).toBe(status);
        continue;
      }
      const answer = v.parse(SightingsResponse, json);
      // A request holds three, so one that is invalid leaves two.
      if (!mayBeSound) expect(answer.accepted, message).toBeLessThan(answer.sightings.length);
      for (const one of answer.sightings) {
        if (one.status === 'refused') expect(one.problem.errors?.length ?? 0, message).toBeGreaterThan(0);
      }
      accepted += answer.accepted;
    }
    expect([...seen.keys()].sort()).toEqual([202, 207, 400]);

    // The log holds what was accepted, and all of it is valid.
    const fresh = (await logged()).slice(before);
    expect(fresh).toHaveLength(accepted);
    for (const bytes of fresh) {
      const parsed = parseEvent(bytes);
      if (parsed.kind === 'unreadable') throw new Error(parsed.reason);
      expect(parsed.event.subject).toBe('sz01');
      expect(['aisle.sighting.recorded', 'aisle.passage.recorded']).toContain(parsed.event.type);
    }
  });
});
