import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoCampaignStore } from '#adapters/dynamodb/campaign-store.ts';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoPushDecisionStore } from '#adapters/dynamodb/push-decision-store.ts';
import type { DeviceId } from '#domain/chain/ids.ts';
import { CHAIN, SZ01 } from '../../support/chain.ts';
import { wireDynamoDb } from '../../support/dynamodb.ts';
import { httpEvent, LAMBDA_CONTEXT } from '../../support/http-event.ts';
import { campaignOf, MORNING_MS, personOf } from '../../support/near-world.ts';

const TOKEN = 'T'.repeat(22);
let send: (
  method: string,
  rawPath: string,
  token?: string,
) => Promise<{ status: number; body: string; policy: string }>;
let refusals: () => Promise<number>;
let close: () => Promise<void>;

beforeAll(async () => {
  const dynamoDb = await wireDynamoDb();
  close = dynamoDb.close;
  const campaignsTable = await dynamoDb.createTable(['ByPerson']);
  const [chainTable, peopleTable] = [await dynamoDb.createTable(), await dynamoDb.createTable()];
  await dynamoChainStore(dynamoDb.client, chainTable).putChain(CHAIN);
  const { version: _, ...campaign } = campaignOf();
  await dynamoCampaignStore(dynamoDb.client, campaignsTable).put(campaign, 0);
  const people = dynamoPersonStore(dynamoDb.client, peopleTable);
  const evidence = { source: 't', evidence: 't', confidence: 1, linkedAtMs: 1, author: 't' };
  const personId = await people.bind({ kind: 'member', value: 'M1' }, evidence, personOf('ann'));
  await dynamoPushDecisionStore(dynamoDb.client, campaignsTable).putDecision({
    ...{ decisionId: 'd', campaignId: campaign.campaignId, personId, storeId: SZ01.storeId },
    ...{ atMs: MORNING_MS, reason: 'pushed', isHeldOut: false, isDryRun: false },
    ...{ deviceId: 'ph-1' as DeviceId, sampleAtMs: MORNING_MS, token: TOKEN },
  });
  Object.assign(process.env, {
    ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    ...{ CAMPAIGNS_TABLE: campaignsTable, CHAIN_TABLE: chainTable, PEOPLE_TABLE: peopleTable },
    LOG_LEVEL: 'SILENT',
  });
  // The handler reads its environment when it is loaded.
  const { handler } = await import('#functions/follow-link/handler.ts');
  send = async (method, rawPath, token = TOKEN) => {
    const event = httpEvent<Parameters<typeof handler>[0]>({ query: {}, atMs: Date.now() });
    const {
      statusCode = 0,
      body = '',
      headers = {},
    } = await handler(
      {
        ...event,
        rawPath,
        pathParameters: { token },
        requestContext: { ...event.requestContext, http: { ...event.requestContext?.http, method } },
      } as Parameters<typeof handler>[0],
      LAMBDA_CONTEXT,
    );
    return { status: statusCode, body, policy: String(headers['content-security-policy']) };
  };
  refusals = async () => (await people.consents(personId)).filter(({ isGranted }) => !isGranted).length;
});
afterAll(() => close());

describe('the page of a push', () => {
  it('shows the offer with the chain as its sender and the link to refuse (LAW sender)', async () => {
    const { status, body } = await send('GET', `/c/${TOKEN}`);
    expect(status).toBe(200);
    expect(body).toContain('Sent by Demo');
    expect(body).toContain(`href="/c/${TOKEN}/refuse"`);
  });

  it('records a refusal by the button and not by opening the page (LAW sender)', async () => {
    const asked = await send('GET', `/c/${TOKEN}/refuse`);
    expect([asked.status, await refusals()]).toEqual([200, 0]);
    expect(asked.policy).toContain("form-action 'self'");
    const done = await send('POST', `/c/${TOKEN}/refuse`);
    expect([done.status, await refusals()]).toEqual([200, 1]);
    expect(done.policy).toContain("form-action 'none'");
  });

  it.each(['GET', 'POST'])('is unknown for another token: %s', async (method) => {
    for (const token of ['x', 'U'.repeat(22)])
      expect((await send(method, `/c/${token}/refuse`, token)).status).toBe(404);
  });
});
