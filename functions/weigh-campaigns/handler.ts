/** POST /v1/campaigns/{id}/preview: whom it would have reached last week. GET /v1/campaigns/{id}/proof: what it has brought. */
import { dynamoCampaignStore } from '#adapters/dynamodb/campaign-store.ts';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoMomentStore } from '#adapters/dynamodb/moment-store.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoStockStore } from '#adapters/dynamodb/stock-store.ts';
import { PreviewAnswer, ProofAnswer } from '#contracts/campaign-reports.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { problem } from '#contracts/problems.ts';
import type { CampaignId } from '#domain/chain/ids.ts';
import { type CallerEvent, holdsOfCaller } from '../caller.ts';
import { answered, HttpProblem, httpHandler } from '../http.ts';
import { previewCampaign } from './preview.ts';
import { proveCampaign } from './prove.ts';

const client = documentClient();
const chainTable = requireEnv(process.env, env.chainTable);
const momentsTable = requireEnv(process.env, env.momentsTable);
const chain = dynamoChainStore(client, chainTable);
const campaigns = dynamoCampaignStore(client, momentsTable);
const ports = {
  moments: dynamoMomentStore(client, momentsTable),
  people: dynamoPersonStore(client, requireEnv(process.env, env.peopleTable)),
  stock: dynamoStockStore(client, chainTable),
  nowMs: Date.now,
};

export const handler = httpHandler<CallerEvent>({
  serviceName: 'weigh-campaigns',
  handle: async (event) => {
    const id = (event.pathParameters?.['id'] ?? '') as CampaignId;
    const [campaign, stores, known] = await Promise.all([campaigns.get(id), chain.stores(), chain.chain()]);
    const mayHold = holdsOfCaller(event, stores);
    if (campaign === undefined || known === undefined || !campaign.stores.every(mayHold))
      throw new HttpProblem(problem(404, 'no-such-campaign', 'There is no such campaign.'));
    return event.requestContext.http.method === 'POST'
      ? answered(PreviewAnswer, await previewCampaign(ports, campaign, stores))
      : answered(ProofAnswer, await proveCampaign(ports, campaign, known.currency));
  },
});
