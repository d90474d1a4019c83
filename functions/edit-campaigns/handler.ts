/** GET /v1/campaigns, GET and PUT /v1/campaigns/{id}: what is said to whom near which store, and who may change it. */
import * as v from 'valibot';
import { dynamoCampaignStore } from '#adapters/dynamodb/campaign-store.ts';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { env, requireEnv } from '#contracts/env.ts';
import {
  CAMPAIGN_BYTES_MAX,
  CampaignRequest,
  CampaignResponse,
  CampaignsResponse,
  isCampaignId,
} from '#contracts/http/campaigns.ts';
import { fieldErrorsOf, problem } from '#contracts/http/problems.ts';
import type { CampaignId } from '#domain/chain/ids.ts';
import { HttpProblem, type HttpResponse, httpHandler, jsonBody, validatedResponse } from '../shared/http.ts';
import { type StaffEvent, staffScopeCheck } from '../shared/staff-auth.ts';
import { editCampaign, listCampaigns, readCampaign, type ScopeCheck } from './edit-campaigns.ts';

const client = documentClient();
const chain = dynamoChainStore(client, requireEnv(process.env, env.chainTable));
const ports = { campaigns: dynamoCampaignStore(client, requireEnv(process.env, env.campaignsTable)) };

async function edited(event: StaffEvent, campaignId: CampaignId, mayHold: ScopeCheck): Promise<HttpResponse> {
  const body = v.safeParse(CampaignRequest, jsonBody(event, CAMPAIGN_BYTES_MAX));
  if (!body.success) {
    throw new HttpProblem(
      problem(400, 'invalid-campaign', 'The campaign is not valid.', fieldErrorsOf(body.issues)),
    );
  }
  const outcome = await editCampaign(ports, campaignId, body.output, mayHold);
  switch (outcome.kind) {
    case 'kept':
      return { ...validatedResponse(CampaignResponse, outcome.answer), status: outcome.isNew ? 201 : 200 };
    case 'not yours':
      throw new HttpProblem(
        problem(403, 'scope-not-granted', 'Your token does not grant every store of the campaign.'),
      );
    case 'changed since':
      throw new HttpProblem(
        problem(
          409,
          'version-conflict',
          `The current version is ${outcome.version}; read the campaign and try again.`,
        ),
      );
    case 'immutable':
      throw new HttpProblem(problem(409, 'immutable-field', `The campaign ${outcome.why}.`));
  }
}

export const handler = httpHandler<StaffEvent>({
  serviceName: 'edit-campaigns',
  handle: async (event) => {
    const mayHold = staffScopeCheck(event, await chain.stores());
    const id = event.pathParameters?.['id'];
    if (id === undefined)
      return validatedResponse(CampaignsResponse, { campaigns: await listCampaigns(ports, mayHold) });
    if (!isCampaignId(id))
      throw new HttpProblem(
        problem(400, 'invalid-id', 'A campaign’s id is 1 to 64 letters, digits, . _ and -.'),
      );
    const campaignId = id as CampaignId;
    if (event.requestContext.http.method === 'PUT') return await edited(event, campaignId, mayHold);
    const campaign = await readCampaign(ports, campaignId, mayHold);
    if (campaign === undefined)
      throw new HttpProblem(problem(404, 'campaign-not-found', 'The campaign does not exist.'));
    return validatedResponse(CampaignResponse, campaign);
  },
});
