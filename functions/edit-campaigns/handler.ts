/** GET /v1/campaigns, GET and PUT /v1/campaigns/{id}: the campaigns of the places that the caller holds. */
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
import { problem } from '#contracts/http/problems.ts';
import type { CampaignId } from '#domain/chain/ids.ts';
import {
  HttpProblem,
  type HttpResponse,
  httpHandler,
  parsedBody,
  validatedResponse,
} from '../shared/http.ts';
import { requireRole, type StaffEvent, staffScopeCheck } from '../shared/staff-auth.ts';
import { editCampaign, listCampaigns, readCampaign, type ScopeCheck } from './edit-campaigns.ts';

const client = documentClient();
const chain = dynamoChainStore(client, requireEnv(process.env, env.chainTable));
const ports = { campaigns: dynamoCampaignStore(client, requireEnv(process.env, env.campaignsTable)) };

async function put(event: StaffEvent, campaignId: CampaignId, isHeld: ScopeCheck): Promise<HttpResponse> {
  const body = parsedBody(CampaignRequest, event, {
    bytesMax: CAMPAIGN_BYTES_MAX,
    name: 'invalid-campaign',
    detail: 'The campaign is not valid.',
  });
  const outcome = await editCampaign(ports, campaignId, body, isHeld);
  switch (outcome.kind) {
    case 'saved':
      return { ...validatedResponse(CampaignResponse, outcome.campaign), status: outcome.isNew ? 201 : 200 };
    case 'forbidden':
      throw new HttpProblem(
        problem(403, 'scope-not-granted', 'Your token does not grant every store of the campaign.'),
      );
    case 'conflict':
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
    const isHeld = staffScopeCheck(event, await chain.stores());
    const id = event.pathParameters?.['id'];
    if (id === undefined)
      return validatedResponse(CampaignsResponse, { campaigns: await listCampaigns(ports, isHeld) });
    if (!isCampaignId(id))
      throw new HttpProblem(
        problem(400, 'invalid-id', 'A campaign’s id is 1 to 64 letters, digits, . _ and -.'),
      );
    const campaignId = id as CampaignId;
    if (event.requestContext.http.method === 'PUT') {
      requireRole(event, 'campaign-editor', 'to edit campaigns');
      return await put(event, campaignId, isHeld);
    }
    const campaign = await readCampaign(ports, campaignId, isHeld);
    if (campaign === undefined)
      throw new HttpProblem(problem(404, 'campaign-not-found', 'The campaign does not exist.'));
    return validatedResponse(CampaignResponse, campaign);
  },
});
