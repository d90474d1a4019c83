/**
 * The endpoints of phones and of the app server, and of campaigns: malformed requests get problem details, never a server
 * error, and nothing of a rejected request is stored.
 */

import { CreateTrackerCommand } from '@aws-sdk/client-location';
import { CreatePlatformApplicationCommand, SNSClient } from '@aws-sdk/client-sns';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import fc from 'fast-check';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoCampaignStore } from '#adapters/dynamodb/campaign-store.ts';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { CAMPAIGN_BYTES_MAX } from '#contracts/http/campaigns.ts';
import {
  PHONE_BYTES_MAX,
  PhoneResponse,
  POSITIONS_BYTES_MAX,
  PositionsResponse,
} from '#contracts/http/phones.ts';
import { Problem } from '#contracts/http/problems.ts';
import { startLocation } from '#local/servers/location/server.ts';
import { startSns } from '#local/servers/sns/server.ts';
import { clientOf, TrackerName } from '../local/location/location-client.ts';
import { CHAIN, SZ01 } from '../support/chain.ts';
import { wireDynamoDb } from '../support/dynamodb.ts';
import { httpEvent, LAMBDA_CONTEXT } from '../support/http-event.ts';
import { malformedAt } from '../support/malformed.ts';

const SEED = 4713;
const FLOOD_SIZE = 300;
const APP = { deviceId: 'app', kinds: 'people' };
const AT = '2026-11-22T10:03:12+08:00';

const PHONE = {
  member: 'M1',
  phone: '+8613800138000',
  platform: 'fcm',
  pushToken: 'token-1',
  language: 'zh',
  consents: [{ purpose: 'location', granted: true, proof: 'terms 3', at: AT }],
};
const POSITIONS = { positions: [{ lat: 22.517, lng: 113.935, accuracyM: 12.5, at: AT, datum: 'WGS-84' }] };
const CAMPAIGN = {
  version: 0,
  name: { en: 'Spring', zh: '春季' },
  status: 'draft',
  stores: ['chain', 'store:sz01'],
  from: AT,
  until: '2026-12-22T10:03:12+08:00',
  boughtBefore: { where: 'chain', withinDays: 365 },
  audience: 'buys >= 1',
  quiet: { from: '21:00', until: '09:00' },
  capPerDay: 1,
  cooldownHours: 24,
  holdoutShare: 0.1,
  offer: {
    title: { en: 'T', zh: '题' },
    body: { en: 'B', zh: '文' },
    url: 'https://shop.example/',
    product: 'A1',
  },
  budget: { pushesMax: 10 },
  attributionDays: 7,
  baseline: { sent: 100, clicked: 3, source: 'broadcast' },
};

interface Answered {
  readonly status: number;
  readonly type: unknown;
  readonly text: string;
}
type Post = (body: string | Uint8Array, authorizer?: object, contentType?: string) => Promise<Answered>;
type Handler = (event: never, context: typeof LAMBDA_CONTEXT) => Promise<APIGatewayProxyStructuredResultV2>;

let doors: Record<'phones' | 'positions' | 'consents' | 'campaigns', Post>;
let campaigns: ReturnType<typeof dynamoCampaignStore>;
let phone: { lambda: object };
const closings: Array<() => Promise<unknown>> = [];

beforeAll(async () => {
  const [dynamoDb, sns, location] = await Promise.all([wireDynamoDb(), startSns(), startLocation()]);
  closings.push(dynamoDb.close, sns.close, location.close);
  const tracking = clientOf(location.url);
  await tracking.send(new CreateTrackerCommand({ TrackerName }));
  tracking.destroy();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SNSClient({ endpoint: sns.url, region: 'us-east-1', credentials });
  const { PlatformApplicationArn } = await client.send(
    new CreatePlatformApplicationCommand({
      Name: 'aisle',
      Platform: 'GCM',
      Attributes: { PlatformCredential: 'x' },
    }),
  );
  client.destroy();
  const table = await dynamoDb.createTable();
  const moments = await dynamoDb.createTable(['ByPerson']);
  const chain = dynamoChainStore(dynamoDb.client, table);
  await chain.putChain(CHAIN);
  await chain.putStore(SZ01);
  campaigns = dynamoCampaignStore(dynamoDb.client, moments);
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    AWS_ENDPOINT_URL_SNS: sns.url,
    AWS_ENDPOINT_URL_LOCATION: location.url,
    CHAIN_TABLE: table,
    DEVICES_TABLE: await dynamoDb.createTable(),
    PEOPLE_TABLE: await dynamoDb.createTable(),
    CAMPAIGNS_TABLE: moments,
    TRACKER_NAME: TrackerName,
    FCM_APPLICATION_ARN: PlatformApplicationArn,
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_METRICS_NAMESPACE: 'Aisle',
    LOG_LEVEL: 'SILENT',
  });
  // The handlers read their environment when they are loaded.
  const [register, take, record, edit] = await Promise.all([
    import('#functions/register-phone/handler.ts'),
    import('#functions/ingest-positions/handler.ts'),
    import('#functions/record-consents/handler.ts'),
    import('#functions/edit-campaigns/handler.ts'),
  ]);
  const boss = { jwt: { claims: { 'cognito:groups': '[role:campaign-editor scope:chain]' }, scopes: null } };
  const door =
    (handler: Handler, usual: () => object, more: object = {}): Post =>
    async (body, authorizer = usual(), contentType = 'application/json') => {
      const event = httpEvent<never>({ body, contentType, authorizer });
      const { requestContext } = event as { requestContext: object };
      Object.assign(requestContext, { http: { method: 'PUT' }, domainName: 'api.example' });
      const answer = await handler({ ...(event as object), ...more } as never, LAMBDA_CONTEXT);
      return {
        status: answer.statusCode ?? 0,
        type: answer.headers?.['content-type'],
        text: answer.body ?? '',
      };
    };
  const phones = door(register.handler, () => ({ lambda: APP }));
  const bound = await phones(JSON.stringify(PHONE));
  const { device } = v.parse(PhoneResponse, JSON.parse(bound.text));
  phone = { lambda: { deviceId: device, kinds: 'positions' } };
  doors = {
    phones,
    positions: door(take.handler, () => phone),
    consents: door(record.handler, () => phone),
    campaigns: door(edit.handler, () => boss, { pathParameters: { id: 'spring' } }),
  };
});
afterAll(async () => {
  for (const close of closings.reverse()) await close();
});

describe('the endpoint', () => {
  it.each(['phones', 'positions', 'consents'] as const)(
    '%s rejects a caller without a valid key for it',
    async (name) => {
      for (const [device, status] of [
        [{}, 401],
        [{ refusal: 'revoked' }, 401],
        [{ deviceId: 'till-1', storeId: 'sz01', kinds: 'receipts' }, 403],
        [{ deviceId: 'till-1', storeId: 'sz01', kinds: 'positions,people' }, 403],
        [{ deviceId: 'x', kinds: name === 'phones' ? 'positions' : 'people' }, 403],
      ] as const)
        expect(await doors[name]('{}', { lambda: device })).toMatchObject({
          status,
          type: 'application/problem+json',
        });
    },
  );

  it('accepts a valid request', async () => {
    expect(await doors.positions(JSON.stringify(POSITIONS))).toMatchObject({ status: 202 });
    expect(await doors.consents(JSON.stringify({ consents: PHONE.consents }))).toMatchObject({ status: 204 });
    expect(await doors.campaigns(JSON.stringify(CAMPAIGN))).toMatchObject({ status: 201 });
  });

  it('accepts positions with as many digits as a phone prints (P11)', async () => {
    const written = JSON.stringify(POSITIONS).replace(/"lat":[\d.]+/, '"lat":37.785834000000001');
    expect(written).toContain('37.785834000000001');
    expect(await doors.positions(written)).toMatchObject({ status: 202 });
  });

  it('lets only campaign editors write a campaign, whatever they may read (P12)', async () => {
    const reader = { jwt: { claims: { 'cognito:groups': '[role:boss scope:chain]' }, scopes: null } };
    expect(await doors.campaigns(JSON.stringify(CAMPAIGN), reader)).toMatchObject({
      status: 403,
      text: expect.stringContaining('role-missing'),
    });
  });

  it.each([
    ['phones', PHONE, PHONE_BYTES_MAX],
    ['positions', POSITIONS, POSITIONS_BYTES_MAX],
    ['consents', { consents: PHONE.consents }, PHONE_BYTES_MAX],
    ['campaigns', CAMPAIGN, CAMPAIGN_BYTES_MAX],
  ] as const)(
    `%s never returns a server error for ${FLOOD_SIZE} malformed requests`,
    async (name, sound, bytesMax) => {
      const { malformed } = malformedAt({ sound, floods: [] });
      const before = (await campaigns.list()).length;
      for (const { body, mayBeSound } of fc.sample(malformed, { numRuns: FLOOD_SIZE, seed: SEED })) {
        const { status, type, text } = await doors[name](body);
        const message = `seed ${SEED}: ${status} ${text.slice(0, 200)} to ${Buffer.from(body).toString().slice(0, 300)}`;
        // A valid variant of the registrations before may have withdrawn the consent to location.
        const allowed = [200, 201, 202, 204, 207, 400, 409, 413, 422, ...(name === 'positions' ? [403] : [])];
        expect(allowed, message).toContain(status);
        if (!mayBeSound) expect(status, message).toBeGreaterThanOrEqual(400);
        if (type === 'application/problem+json') {
          expect(v.parse(Problem, JSON.parse(text)).status, message).toBe(status);
          expect(text, message).not.toContain('13800138000');
        }
        if (name === 'positions' && type === 'application/json') v.parse(PositionsResponse, JSON.parse(text));
      }
      expect((await campaigns.list()).length).toBe(before);
      expect((await doors[name](' '.repeat(bytesMax + 1))).status).toBe(413);
      expect((await doors[name](JSON.stringify(sound), undefined, 'text/plain')).status).toBe(415);
    },
  );
});
