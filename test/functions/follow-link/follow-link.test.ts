import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CampaignId, DeviceId } from '#domain/chain/ids.ts';
import { followLink } from '#functions/follow-link/follow-link.ts';
import { type WireDynamoDb, wireDynamoDb } from '../../support/dynamodb.ts';
import { gather } from '../../support/gather.ts';
import { campaignOf, MORNING_MS, type NearWorld, nearWorld } from '../../support/near-world.ts';

let dynamoDb: WireDynamoDb;
let world: NearWorld;
beforeAll(async () => {
  dynamoDb = await wireDynamoDb();
});
afterAll(() => dynamoDb.close());
beforeEach(async () => {
  world = await nearWorld(dynamoDb);
});

const follow = (token: string) => {
  const { pushDecisions, campaigns } = world;
  return followLink({ pushDecisions, campaigns, nowMs: () => MORNING_MS + 5 }, token);
};

describe('the link of a push', () => {
  it('leads to the offer and records the first click', async () => {
    const { version: _, ...campaign } = campaignOf();
    await world.campaigns.put(campaign, 0);
    const [phone = '' as DeviceId] = await world.person('ann');
    await world.near(phone);
    expect(await follow(world.pushes[0]?.pushId ?? '')).toEqual({ kind: 'offer', offer: campaign.offer });
    expect(await gather(world.pushDecisions.decisions('spring' as CampaignId))).toMatchObject([
      { clickedAtMs: MORNING_MS + 5 },
    ]);
  });

  it('is unknown for a token that was never issued, of whatever form', async () => {
    for (const token of ['', 'x', 'T'.repeat(22), '../../etc/passwd', 'é'.repeat(22), 'T'.repeat(10_000)])
      expect(await follow(token)).toEqual({ kind: 'unknown' });
  });
});
