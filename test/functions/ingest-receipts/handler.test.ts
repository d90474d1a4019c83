import fc from 'fast-check';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { parseEvent } from '#contracts/events/parse-event.ts';
import { RECEIPT_CLOSED, receiptOf } from '#contracts/events/receipt-closed.ts';
import { Problem } from '#contracts/http/problems.ts';
import { BATCH_BYTES_MAX, ReceiptsResponse } from '#contracts/http/receipts.ts';
import { faultsOf } from '#domain/place/figures/receipt.ts';
import type { DeviceContext } from '#functions/shared/device-auth.ts';
import { startKinesis } from '#local/servers/kinesis/server.ts';
import { clientOf, createStream, readShard } from '../../local/kinesis/kinesis-client.ts';
import { CHAIN, SZ01 } from '../../support/chain.ts';
import { wireDynamoDb } from '../../support/dynamodb.ts';
import { httpEvent, LAMBDA_CONTEXT } from '../../support/http-event.ts';
import { malformed, SOUND_BODY } from '../../support/malformed.ts';

/** Printed with a failure, so that the same flood can be repeated. */
const SEED = 4711;
const FLOOD_SIZE = 2_000;
/** A function's response may have 6 MB in all, the quotes of its body escaped once more. */
const ANSWER_BYTES_MAX = 6_000_000;

const TILL: DeviceContext = { deviceId: 'till-1', storeId: 'sz01', kinds: 'receipts' };

let post: (
  body: string | Uint8Array,
  how?: { contentType?: string; device?: DeviceContext },
) => Promise<{
  status: number;
  type: unknown;
  text: string;
  headers: Record<string, unknown>;
}>;
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
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    AWS_ENDPOINT_URL_KINESIS: kinesis.url,
    CHAIN_TABLE: table,
    EVENTS_STREAM: 'events',
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_METRICS_NAMESPACE: 'Aisle',
    LOG_LEVEL: 'SILENT',
  });
  // The handler reads its environment when it is loaded.
  const { handler } = await import('#functions/ingest-receipts/handler.ts');
  post = async (body, { contentType, device = TILL } = {}) => {
    const event = httpEvent<Parameters<typeof handler>[0]>({
      body,
      contentType,
      authorizer: { lambda: device },
    });
    const answer = await handler(event, LAMBDA_CONTEXT);
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(ANSWER_BYTES_MAX);
    return {
      status: answer.statusCode ?? 0,
      type: answer.headers?.['content-type'],
      text: answer.body ?? '',
      headers: answer.headers ?? {},
    };
  };
  logged = async () =>
    (await readShard(streams, 'events', 'shardId-000000000000')).map(({ Data }) => Data ?? new Uint8Array());
});

afterAll(async () => {
  for (const close of closings.reverse()) await close();
});

describe('the endpoint for receipts', () => {
  it('accepts a valid request and returns what it accepted', async () => {
    const answer = await post(SOUND_BODY);
    expect(answer).toMatchObject({ status: 202, type: 'application/json' });
    expect(v.parse(ReceiptsResponse, JSON.parse(answer.text))).toMatchObject({ accepted: 1 });
    expect(await logged()).toHaveLength(1);
  });

  it.each([
    ['no good key', {}, 401],
    ['a revoked key', { refusal: 'revoked' }, 401],
    ["a camera's key", { ...TILL, kinds: 'frames,sightings' }, 403],
    ['a key of a store that is not set up', { ...TILL, storeId: 'gz01' }, 409],
  ])('rejects a caller with %s before it reads the body', async (_, device, status) => {
    const before = (await logged()).length;
    const answer = await post(SOUND_BODY, { device });
    expect(answer).toMatchObject({ status, type: 'application/problem+json' });
    if (status === 401) expect(answer.headers['www-authenticate']).toBe('Bearer realm="aisle"');
    expect(await logged()).toHaveLength(before);
  });

  it('rejects a body of more than a megabyte, and one that is not JSON', async () => {
    const padded = (bytes: number) => SOUND_BODY.padEnd(bytes, ' ');
    expect((await post(padded(BATCH_BYTES_MAX))).status).toBe(202);
    expect((await post(padded(BATCH_BYTES_MAX + 1))).status).toBe(413);
    expect((await post(SOUND_BODY, { contentType: 'text/plain' })).status).toBe(415);
  });

  it(`never returns a server error for ${FLOOD_SIZE} malformed requests`, async () => {
    const before = (await logged()).length;
    const seen = new Map<number, number>();
    let accepted = 0;
    for (const { body, mayBeSound } of fc.sample(malformed, { numRuns: FLOOD_SIZE, seed: SEED })) {
      const { status, type, text } = await post(body);
      seen.set(status, (seen.get(status) ?? 0) + 1);
      const message = `seed ${SEED}: ${status} to ${Buffer.from(body).toString().slice(0, 300)}`;
      expect([202, 207, 400, 403, 413], message).toContain(status);
      const json: unknown = JSON.parse(text);
      if (type === 'application/problem+json') {
        expect(v.parse(Problem, json).status, message).toBe(status);
        continue;
      }
      const answer = v.parse(ReceiptsResponse, json);
      if (!mayBeSound) expect(answer.accepted, message).toBe(0);
      for (const one of answer.receipts) {
        if (one.status === 'refused')
          expect((one.problem.errors?.length ?? 0) > 0 || one.problem.status === 403, message).toBe(true);
      }
      accepted += answer.accepted;
    }
    expect([...seen.keys()].sort()).toEqual([202, 400, 403]);
    expect((seen.get(400) ?? 0) / FLOOD_SIZE).toBeGreaterThan(0.7);

    // The log holds what was accepted, and all of it is valid.
    const fresh = (await logged()).slice(before);
    expect(fresh).toHaveLength(accepted);
    for (const bytes of fresh) {
      const parsed = parseEvent(bytes);
      if (parsed.kind === 'unreadable') throw new Error(parsed.reason);
      if (parsed.event.type !== RECEIPT_CLOSED) throw new Error('it is no receipt');
      const receipt = receiptOf(parsed.event.data);
      expect(faultsOf(receipt)).toEqual([]);
      expect(receipt.storeId).toBe('sz01');
      expect(receipt.lines.every(({ quantity, unitPrice }) => quantity !== 0 && unitPrice >= 0n)).toBe(true);
    }
  });
});
