/**
 * Campaigns in DynamoDB, in the campaigns table: all in one partition, since a chain has some dozens and they are read
 * together. The version of each rejects concurrent edits.
 *
 *   pk = CAMPAIGNS            sk = <campaignId>   campaign (JSON), version
 *   pk = SPENT#<campaignId>   sk = SPENT          pushes
 */

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { CampaignStore } from '#application/ports/campaign-store.ts';
import type { Campaign } from '#domain/campaigns/campaign.ts';
import type { CampaignId } from '#domain/chain/ids.ts';
import { succeedsIf } from './conditional-write.ts';

const campaignKey = (campaignId: CampaignId) => ({ pk: 'CAMPAIGNS', sk: campaignId });
const spentKey = (campaignId: CampaignId) => ({ pk: `SPENT#${campaignId}`, sk: 'SPENT' });

/** Returns the store of campaigns: a list of short methods over one table. */
export function dynamoCampaignStore(client: DynamoDBDocumentClient, TableName: string): CampaignStore {
  async function get(campaignId: CampaignId): Promise<Campaign | undefined> {
    const Key = campaignKey(campaignId);
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Item && toCampaign(Item);
  }

  return {
    get,
    async list() {
      const campaigns: Campaign[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': 'CAMPAIGNS' },
          ConsistentRead: true,
        },
      );
      for await (const page of pages) campaigns.push(...(page.Items ?? []).map(toCampaign));
      return campaigns;
    },
    async put(wanted, seenVersion) {
      const campaign: Campaign = { ...wanted, version: seenVersion + 1 };
      const put = new PutCommand({
        TableName,
        Item: {
          ...campaignKey(campaign.campaignId),
          campaign: JSON.stringify(campaign),
          version: campaign.version,
        },
        ConditionExpression: seenVersion === 0 ? 'attribute_not_exists(pk)' : 'version = :seen',
        ...(seenVersion === 0 ? {} : { ExpressionAttributeValues: { ':seen': seenVersion } }),
      });
      try {
        await client.send(put);
        return { kind: 'put', campaign };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return { kind: 'conflict', current: await get(campaign.campaignId) };
      }
    },
    async spend(campaignId, pushesMax) {
      if (pushesMax < 1) return false;
      return await succeedsIf(
        client.send(
          new UpdateCommand({
            TableName,
            Key: spentKey(campaignId),
            UpdateExpression: 'ADD pushes :one',
            ConditionExpression: 'attribute_not_exists(pushes) OR pushes < :max',
            ExpressionAttributeValues: { ':one': 1, ':max': pushesMax },
          }),
        ),
      );
    },
    async unspend(campaignId) {
      await client.send(
        new UpdateCommand({
          TableName,
          Key: spentKey(campaignId),
          UpdateExpression: 'ADD pushes :less',
          ExpressionAttributeValues: { ':less': -1 },
        }),
      );
    },
    async spent(campaignId) {
      const { Item } = await client.send(
        new GetCommand({ TableName, Key: spentKey(campaignId), ConsistentRead: true }),
      );
      return Number(Item?.['pushes'] ?? 0);
    },
  };
}

const toCampaign = (item: Record<string, unknown>): Campaign =>
  JSON.parse(String(item['campaign'])) as Campaign;
