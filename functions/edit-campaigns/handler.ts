/** GET /v1/campaigns, GET and PUT /v1/campaigns/{id}: what is said to whom near which store, and who may change it. */
import * as v from 'valibot';
import { dynamoCampaignStore } from '#adapters/dynamodb/campaign-store.ts';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import {
  CAMPAIGN_BYTES_MAX,
  CampaignAnswer,
  CampaignBody,
  CampaignsAnswer,
  isCampaignId,
} from '#contracts/campaigns.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { faultsOfIssues, problem } from '#contracts/problems.ts';
import type { CampaignId } from '#domain/chain/ids.ts';
import { type CallerEvent, holdsOfCaller } from '../caller.ts';
import { type Answer, answered, HttpProblem, httpHandler, jsonBody } from '../http.ts';
import { editCampaign, listCampaigns, type MayHold, readCampaign } from './edit-campaigns.ts';

const client = documentClient();
const chain = dynamoChainStore(client, requireEnv(process.env, env.chainTable));
const ports = { campaigns: dynamoCampaignStore(client, requireEnv(process.env, env.momentsTable)) };

async function edited(event: CallerEvent, campaignId: CampaignId, mayHold: MayHold): Promise<Answer> {
  const body = v.safeParse(CampaignBody, jsonBody(event, CAMPAIGN_BYTES_MAX));
  if (!body.success) {
    throw new HttpProblem(
      problem(400, 'invalid-campaign', 'The campaign cannot be kept.', faultsOfIssues(body.issues)),
    );
  }
  const outcome = await editCampaign(ports, campaignId, body.output, mayHold);
  switch (outcome.kind) {
    case 'kept':
      return { ...answered(CampaignAnswer, outcome.answer), status: outcome.isNew ? 201 : 200 };
    case 'not yours':
      throw new HttpProblem(
        problem(403, 'scope-not-held', 'Your sign-in does not hold every place of the campaign.'),
      );
    case 'changed since':
      throw new HttpProblem(
        problem(409, 'changed-since', `It is at version ${outcome.version} now; read it and try again.`),
      );
    case 'unchangeable':
      throw new HttpProblem(problem(409, 'unchangeable', `The campaign ${outcome.why}.`));
  }
}

export const handler = httpHandler<CallerEvent>({
  serviceName: 'edit-campaigns',
  handle: async (event) => {
    const mayHold = holdsOfCaller(event, await chain.stores());
    const id = event.pathParameters?.['id'];
    if (id === undefined)
      return answered(CampaignsAnswer, { campaigns: await listCampaigns(ports, mayHold) });
    if (!isCampaignId(id))
      throw new HttpProblem(
        problem(400, 'invalid-id', 'A campaign’s id is 1 to 64 letters, digits, . _ and -.'),
      );
    const campaignId = id as CampaignId;
    if (event.requestContext.http.method === 'PUT') return await edited(event, campaignId, mayHold);
    const campaign = await readCampaign(ports, campaignId, mayHold);
    if (campaign === undefined)
      throw new HttpProblem(problem(404, 'no-such-campaign', 'There is no such campaign.'));
    return answered(CampaignAnswer, campaign);
  },
});
