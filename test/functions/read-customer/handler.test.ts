import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoPushDecisionStore } from '#adapters/dynamodb/push-decision-store.ts';
import { PEOPLE_SEARCH_BYTES_MAX, PersonResponse } from '#contracts/http/people.ts';
import type { DeviceId } from '#domain/chain/ids.ts';
import type { StaffEvent } from '#functions/shared/staff-auth.ts';
import { CHAIN, SZ01 } from '../../support/chain.ts';
import { wireDynamoDb } from '../../support/dynamodb.ts';
import { httpEvent, LAMBDA_CONTEXT } from '../../support/http-event.ts';
import {
  boughtOf,
  consentOf,
  linkEvidence,
  MEMBER,
  OTHER_MEMBER,
  PHONE,
  personAt,
  pushOf,
  seenOf,
} from '../../support/people.ts';
import { minute } from '../../support/sightings.ts';

interface RequestOptions {
  readonly groups?: string;
  readonly body?: unknown;
}

const BOSS = '[role:boss scope:chain]';
const OFFICER = '[role:privacy-officer scope:store:sz01]';

let query: (
  id: string | undefined,
  how?: RequestOptions,
) => Promise<{ status: number; text: string; body: PersonResponse }>;
let close: () => Promise<void>;

beforeAll(async () => {
  const dynamoDb = await wireDynamoDb();
  close = dynamoDb.close;
  const [chainTable, peopleTable] = [await dynamoDb.createTable(), await dynamoDb.createTable()];
  const campaignsTable = await dynamoDb.createTable(['ByPerson']);
  const decisions = dynamoPushDecisionStore(dynamoDb.client, campaignsTable);
  const near = { personId: personAt(1), deviceId: 'ph-1' as DeviceId, storeId: SZ01.storeId };
  await decisions.putEntry({ ...near, sampleAtMs: minute(70), receivedAtMs: minute(70) });
  const { decisionId, campaignId } = pushOf({ decisionId: 'd2' });
  const decided = { isHeldOut: false, isDryRun: false, ...near, campaignId };
  const pushed = {
    ...decided,
    decisionId,
    reason: 'pushed',
    atMs: minute(70),
    sampleAtMs: minute(70),
  } as const;
  await decisions.putDecision(pushed);
  await decisions.opened(pushed, minute(71));
  await decisions.putDecision({
    ...pushed,
    decisionId: 'd1',
    reason: 'capped',
    atMs: minute(65),
    sampleAtMs: minute(65),
  });
  await decisions.putDecision({ ...pushed, personId: personAt(2) });
  await dynamoChainStore(dynamoDb.client, chainTable).putChain({ ...CHAIN, country: 'CN' });
  const people = dynamoPersonStore(dynamoDb.client, peopleTable);
  await people.bind(MEMBER, linkEvidence(), personAt(1));
  await people.link(personAt(1), { ...PHONE, ...linkEvidence({ linkedAtMs: minute(1) }) });
  const device = { kind: 'device', value: 'ph-1', platform: 'fcm', endpointArn: 'arn:x' } as const;
  await people.link(personAt(1), { ...device, ...linkEvidence({ linkedAtMs: minute(2), confidence: 1 }) });
  await people.addConsent(personAt(1), consentOf());
  await people.addConsent(personAt(1), consentOf({ isGranted: false, atMs: minute(5) }));
  await people.addConsent(personAt(1), consentOf({ purpose: 'location' }));
  await people.addPurchase(personAt(1), boughtOf({ net: -12_345n }));
  await people.putVisits(personAt(1), seenOf(1, 1));
  await people.bind(OTHER_MEMBER, linkEvidence(), personAt(2));
  const conflict = {
    other: personAt(2),
    kind: 'phone',
    source: 'till',
    evidence: 'r',
    atMs: minute(9),
  } as const;
  await people.addDoubt(personAt(1), conflict);
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    CHAIN_TABLE: chainTable,
    PEOPLE_TABLE: peopleTable,
    CAMPAIGNS_TABLE: campaignsTable,
    LOG_LEVEL: 'SILENT',
  });
  // The handler reads its environment when it is loaded.
  const { handler } = await import('#functions/read-customer/handler.ts');
  query = async (id, { groups = BOSS, body } = {}) => {
    const event = httpEvent<StaffEvent>({
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      authorizer: { jwt: { claims: { 'cognito:groups': groups } } },
    });
    const named = id === undefined ? event : { ...event, pathParameters: { id } };
    const { statusCode = 0, body: text = '' } = await handler(named, LAMBDA_CONTEXT);
    return { status: statusCode, text, body: JSON.parse(text) as PersonResponse };
  };
});
afterAll(() => close());

describe('the record of a customer', () => {
  it('is returned whole, with readable values', async () => {
    const { status, body } = await query('member:M1');
    expect(status).toBe(200);
    expect(v.parse(PersonResponse, body)).toEqual({
      id: personAt(1),
      createdAt: '2026-11-22T01:00:00.000Z',
      currency: 'CNY',
      links: [
        { ...linkBody('member', 'M1', 0), confidence: 0.9 },
        { ...linkBody('phone', '+86*******8000', 1), confidence: 0.9 },
        { ...linkBody('device', 'ph-1', 2), confidence: 1, platform: 'fcm', endpoint: 'arn:x' },
      ],
      activeConsents: { profile: false, location: true, push: false, face: false, 'personal-offers': false },
      consents: expect.arrayContaining([
        { purpose: 'push', granted: true, proof: 'terms 4', source: 'app', at: '2026-11-22T01:00:00.000Z' },
        { purpose: 'push', granted: false, proof: 'terms 4', source: 'app', at: '2026-11-22T01:05:00.000Z' },
      ]),
      purchases: [
        {
          ...{ store: 'sz01', city: 'shenzhen', day: '2026-11-22', closedAt: '2026-11-22T02:00:00.000Z' },
          ...{ receipt: 'sz01/T1/2026-11-22/1', net: '-1.2345', units: 1 },
          products: [{ product: 'SKU-1', quantity: 1, net: '10.00' }],
        },
      ],
      visits: [
        {
          ...{ store: 'sz01', day: '2026-11-22', visitor: 'user.m.M1' },
          ...{ firstSeenAt: '2026-11-22T01:00:00.000Z', lastSeenAt: '2026-11-22T01:01:00.000Z' },
        },
      ],
      pushes: [
        {
          ...{ campaign: 'autumn', store: 'sz01', decision: 'd1', reason: 'capped' },
          at: '2026-11-22T02:05:00.000Z',
        },
        {
          ...{ campaign: 'autumn', store: 'sz01', decision: 'd2', reason: 'pushed' },
          ...{ at: '2026-11-22T02:10:00.000Z', openedAt: '2026-11-22T02:11:00.000Z' },
        },
      ],
      near: [{ store: 'sz01', at: '2026-11-22T02:10:00.000Z' }],
      conflicts: [
        { kind: 'phone', other: personAt(2), source: 'till', evidence: 'r', at: '2026-11-22T01:09:00.000Z' },
      ],
    });
    expect(body.consents).toHaveLength(3);
  });

  const linkBody = (kind: string, value: string, atMinute: number) => ({
    ...{ kind, value, source: 'till', evidence: 'sz01/T1/2026-11-22/1', author: 'record-purchases' },
    linkedAt: new Date(minute(atMinute)).toISOString(),
  });

  it('is found by person id, member number and linked phone', async () => {
    for (const id of [personAt(1), 'member:M1', 'device:ph-1'])
      expect((await query(id)).body.id).toBe(personAt(1));
  });

  it('is found by a telephone number in the body, in international or local form', async () => {
    for (const phone of [PHONE.value, '138 0013 8000'])
      expect((await query(undefined, { body: { phone } })).body.id).toBe(personAt(1));
  });

  it('shows full telephone numbers to privacy officers only', async () => {
    expect((await query('member:M1', { groups: OFFICER })).text).toContain(PHONE.value);
    for (const answer of [
      await query('member:M1'),
      await query(undefined, { body: { phone: PHONE.value } }),
    ]) {
      expect(answer.status).toBe(200);
      expect(answer.text).not.toContain(PHONE.value);
    }
  });
});

describe('a query for a customer', () => {
  it.each([
    ['[role:store-manager scope:store:sz01]'],
    ['[role:regional-manager scope:region:south]'],
    ['[role:privacy-officers]'],
    ['[]'],
  ])('is rejected for %s, whether or not the customer exists', async (groups) => {
    for (const id of ['member:M1', 'member:M9', personAt(1), 'phone:1'])
      expect((await query(id, { groups })).status).toBe(403);
    expect((await query(undefined, { groups, body: { phone: PHONE.value } })).status).toBe(403);
  });

  it.each([
    ['member:M9'],
    [personAt(9)],
    ['device:ph-9'],
    ['member:'],
    ['M1'],
    ['device:a b'],
    ['face:1'],
    [''],
  ])('returns 404 for the id "%s"', async (id) => {
    expect((await query(id)).status).toBe(404);
  });

  it('rejects a telephone number in the path', async () => {
    const { status, text } = await query(`phone:${PHONE.value}`);
    expect(status).toBe(400);
    expect(text).toContain('/v1/people/search');
  });

  it.each([
    [{ phone: '12' }, 400],
    [{ phone: '' }, 400],
    [{ phone: 7 }, 400],
    [{ phone: PHONE.value, name: 'x' }, 400],
    [{}, 400],
    ['{', 400],
    [{ phone: '+8613900139000' }, 404],
    [' '.repeat(PEOPLE_SEARCH_BYTES_MAX + 1), 413],
  ])('returns, for the body %j, status %i without any telephone number', async (body, status) => {
    const answer = await query(undefined, { body });
    expect(answer.status).toBe(status);
    expect(answer.text).not.toMatch(/13[89]00/);
  });
});
