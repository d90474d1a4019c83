import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CampaignId, DeviceId } from '#domain/chain/ids.ts';
import { hasConsent } from '#domain/people/customers/consent.ts';
import { followLink } from '#functions/follow-link/follow-link.ts';
import {
  type RecordConsentsPorts,
  recordConsents,
  recordPushOpen,
} from '#functions/record-consents/record-consents.ts';
import { type WireDynamoDb, wireDynamoDb } from '../../support/dynamodb.ts';
import { gather } from '../../support/gather.ts';
import { campaignOf, MORNING_MS, type NearWorld, nearWorld, personOf } from '../../support/near-world.ts';

let dynamoDb: WireDynamoDb;
let world: NearWorld;
let forgotten: string[];
let ports: RecordConsentsPorts;
let phone: DeviceId;
beforeAll(async () => {
  dynamoDb = await wireDynamoDb();
});
afterAll(() => dynamoDb.close());
beforeEach(async () => {
  world = await nearWorld(dynamoDb);
  forgotten = [];
  ports = {
    people: world.people,
    phones: world.phones,
    moments: world.moments,
    tracker: { forget: async (ids) => void forgotten.push(...ids) },
    nowMs: () => MORNING_MS + 60_000,
  };
  [phone = '' as DeviceId] = await world.person('ann');
});
const SPRING = 'spring' as CampaignId;
const tokenOf = async (): Promise<string> => {
  await world.near(phone);
  return world.pushes[0]?.pushId ?? '';
};

describe('what a phone says for its owner', () => {
  it('counts from now on, and takes the way so far away where being followed is withdrawn', async () => {
    const said = { purpose: 'location', granted: false, proof: 'switch', at: MORNING_MS } as const;
    expect(await recordConsents(ports, phone, [said])).toBe('heeded');
    expect(hasConsent(await world.people.consents(personOf('ann')), 'location', MORNING_MS)).toBe(false);
    expect(forgotten).toEqual([phone]);
    expect(await recordConsents(ports, 'ph-none' as DeviceId, [said])).toBe('unknown');
  });

  it('does not hold for a time to come', async () => {
    await recordConsents(ports, phone, [
      { purpose: 'push', granted: true, proof: 'x', at: MORNING_MS + 9_000_000 },
      { purpose: 'push', granted: false, proof: 'x', at: MORNING_MS + 60_001 },
    ]);
    expect(hasConsent(await world.people.consents(personOf('ann')), 'push', MORNING_MS + 99_000_000)).toBe(
      false,
    );
  });

  it('opens what it was sent, once, and nothing that was sent to others', async () => {
    const token = await tokenOf();
    const [other = '' as DeviceId] = await world.person('ben');
    expect(await recordPushOpen(ports, other, token)).toBe('unknown');
    expect(await recordPushOpen(ports, phone, 'TTTTTTTTTTTTTTTTTTTTT9')).toBe('unknown');
    expect(await gather(world.moments.decisions(SPRING))).not.toMatchObject([
      { openedAtMs: expect.anything() },
    ]);
    expect(await recordPushOpen(ports, phone, token)).toBe('heeded');
    expect(await recordPushOpen({ ...ports, nowMs: () => MORNING_MS + 99_000 }, phone, token)).toBe('heeded');
    expect(await gather(world.moments.decisions(SPRING))).toMatchObject([
      { openedAtMs: MORNING_MS + 60_000 },
    ]);
  });
});

describe('the link of a push', () => {
  const follow = (token: string) =>
    followLink({ moments: world.moments, campaigns: world.campaigns, nowMs: () => MORNING_MS + 5 }, token);

  it('leads to the offer and is noted the first time', async () => {
    const { version: _, ...campaign } = campaignOf();
    await world.campaigns.put(campaign, 0);
    const token = await tokenOf();
    expect(await follow(token)).toEqual({ kind: 'offer', offer: campaign.offer });
    expect(await gather(world.moments.decisions(SPRING))).toMatchObject([{ clickedAtMs: MORNING_MS + 5 }]);
  });

  it('leads nowhere where nobody gave it, whatever it looks like', async () => {
    for (const token of ['', 'x', 'T'.repeat(22), '../../etc/passwd', 'é'.repeat(22), 'T'.repeat(10_000)])
      expect(await follow(token)).toEqual({ kind: 'unknown' });
  });
});
