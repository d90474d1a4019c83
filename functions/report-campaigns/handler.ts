/** POST /v1/campaigns/{id}/preview: its audience over the last week. GET /v1/campaigns/{id}/proof: its results. */
import { dynamoCampaignStore } from '#adapters/dynamodb/campaign-store.ts';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoPushDecisionStore } from '#adapters/dynamodb/push-decision-store.ts';
import { dynamoStockStore } from '#adapters/dynamodb/stock-store.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { PreviewResponse, ReportResponse } from '#contracts/http/campaign-reports.ts';
import { problem } from '#contracts/http/problems.ts';
import type { CampaignId } from '#domain/chain/ids.ts';
import { HttpProblem, httpHandler, validatedResponse } from '../shared/http.ts';
import { type StaffEvent, staffScopeCheck } from '../shared/staff-auth.ts';
import { previewCampaign } from './preview.ts';
import { reportCampaign } from './report.ts';

const client = documentClient();
const chainTable = requireEnv(process.env, env.chainTable);
const campaignsTable = requireEnv(process.env, env.campaignsTable);
const chain = dynamoChainStore(client, chainTable);
const campaigns = dynamoCampaignStore(client, campaignsTable);
const ports = {
  pushDecisions: dynamoPushDecisionStore(client, campaignsTable),
  people: dynamoPersonStore(client, requireEnv(process.env, env.peopleTable)),
  stock: dynamoStockStore(client, chainTable),
  nowMs: Date.now,
};

export const handler = httpHandler<StaffEvent>({
  serviceName: 'report-campaigns',
  handle: async (event) => {
    const id = (event.pathParameters?.['id'] ?? '') as CampaignId;
    const [campaign, stores, settings] = await Promise.all([
      campaigns.get(id),
      chain.stores(),
      chain.chain(),
    ]);
    const isHeld = staffScopeCheck(event, stores);
    if (campaign === undefined || settings === undefined || !campaign.stores.every(isHeld))
      throw new HttpProblem(problem(404, 'campaign-not-found', 'The campaign does not exist.'));
    return event.requestContext.http.method === 'POST'
      ? validatedResponse(PreviewResponse, await previewCampaign(ports, campaign, stores))
      : validatedResponse(ReportResponse, await reportCampaign(ports, campaign, settings.currency));
  },
});
