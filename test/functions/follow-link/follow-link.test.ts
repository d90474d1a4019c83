import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CampaignId, DeviceId } from '#domain/chain/ids.ts';
import { followLink } from '#functions/follow-link/follow-link.ts';
import { refusePushes } from '#functions/follow-link/refuse-pushes.ts';
import { type WireDynamoDb, wireDynamoDb } from '../../support/dynamodb.ts';
import { gather } from '../../support/gather.ts';
import { campaignOf, MORNING_MS, type NearWorld, nearWorld, personOf } from '../../support/near-world.ts';

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

describe('the link to refuse', () => {
  const refuse = (token: string) =>
    refusePushes(
      { pushDecisions: world.pushDecisions, people: world.people, nowMs: () => MORNING_MS + 5 },
      token,
    );

  it('stands in every push with the sender, and ends pushes to the customer at once, also when used twice (LAW sender)', async () => {
    const [phone = '' as DeviceId] = await world.person('ann');
    await world.near(phone);
    const [push] = world.pushes;
    expect(push).toMatchObject({
      sender: 'Demo',
      refuseLink: `${push?.link}/refuse`,
      body: '进来看看\n来自Demo，可在应用内退订。',
    });
    expect([await refuse(push?.pushId ?? ''), await refuse(push?.pushId ?? '')]).toEqual([
      'refused',
      'refused',
    ]);
    const consents = (await world.people.consents(personOf('ann'))).filter(
      ({ purpose }) => purpose === 'push',
    );
    expect(consents.at(-1)).toMatchObject({
      isGranted: false,
      source: 'push link',
      proof: 'the link of a push of campaign spring',
    });
    world.at(MORNING_MS + 10 * 3_600_000);
    expect((await world.near(phone)).decisions).toMatchObject([{ reason: 'no push consent' }]);
  });

  it('changes nothing for a token that was never issued, or of a customer who was erased', async () => {
    for (const token of ['', 'x', 'T'.repeat(22)]) expect(await refuse(token)).toBe('unknown');
    const [phone = '' as DeviceId] = await world.person('ann');
    await world.near(phone);
    await world.people.remove(personOf('ann'));
    expect(await refuse(world.pushes[0]?.pushId ?? '')).toBe('unknown');
  });
});
