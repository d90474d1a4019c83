import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isHeldOut } from '#domain/campaigns/holdout.ts';
import { DAY_MS, HOUR_MS } from '#domain/chain/duration.ts';
import type { DeviceId } from '#domain/chain/ids.ts';
import { previewCampaign } from '#functions/report-campaigns/preview.ts';
import { reportCampaign } from '#functions/report-campaigns/report.ts';
import { SZ01, SZ02 } from '../../support/chain.ts';
import { type WireDynamoDb, wireDynamoDb } from '../../support/dynamodb.ts';
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

const buy = (name: string, atMs: number, net: bigint) =>
  world.people.addPurchase(personOf(name), {
    storeId: SZ01.storeId,
    cityId: SZ01.cityId,
    day: '2026-11-22' as never,
    closedAtMs: atMs,
    receipt: `sz01/1/2026-11-22/${name}${atMs}`,
    net,
    units: 1,
    products: [],
  });

describe('a preview', () => {
  const preview = (more: Parameters<typeof campaignOf>[0] = {}, onHand?: number) =>
    previewCampaign(
      {
        ...world,
        stock: { onHand: async () => (onHand === undefined ? undefined : { onHand, asOfMs: 0 }) },
        nowMs: () => MORNING_MS + HOUR_MS,
      },
      campaignOf({ status: 'draft', ...more }),
      [SZ01, SZ02],
    );

  it('reports which customers a draft would have reached at each entry, though no campaign ran', async () => {
    world.run();
    const [ann = '' as DeviceId] = await world.person('ann');
    const [ben = '' as DeviceId] = await world.person('ben', { without: ['push'] });
    for (const atMs of [MORNING_MS - 2 * DAY_MS, MORNING_MS - DAY_MS, MORNING_MS - DAY_MS + HOUR_MS]) {
      world.at(atMs);
      await world.near(ann);
      await world.near(ben);
    }
    world.at(MORNING_MS - 8 * DAY_MS);
    await world.near(ann);
    expect(await preview()).toMatchObject({
      entries: 6,
      people: 2,
      reached: 1,
      heldOut: 0,
      reasons: { pushed: 2, 'cooling down': 1, 'no push consent': 3 },
      stores: [
        { store: 'sz01', entries: 6, pushes: 2 },
        { store: 'sz02', entries: 0, pushes: 0 },
      ],
      isTruncated: false,
    });
    expect(world.pushes).toEqual([]);
    // A purchase after an entry must not count at that entry.
    await buy('ann', MORNING_MS, 50_000n);
    expect((await preview({ audience: 'buys >= 2' })).reasons).toEqual({
      'not audience': 3,
      'no push consent': 3,
    });
    expect((await preview({ audience: 'buys >= 1' })).reached).toBe(1);
    const offer = { ...campaignOf().offer, productId: 'A1' as never };
    expect((await preview({ offer })).reasons).toMatchObject({ 'stock unknown': 3 });
    expect((await preview({ offer }, 2)).reached).toBe(1);
  });
});

describe('a campaign report', () => {
  it('counts each person once, in the drawn group, with later purchases only, and withholds small samples', async () => {
    const campaign = campaignOf({
      holdoutShare: 0.5,
      cooldownHours: 1,
      baseline: { sent: 10_000, clicked: 100, source: 'last broadcast' },
    });
    world.run(campaign);
    const names = Array.from({ length: 14 }, (_, number) => `p${number}`);
    for (const name of names) {
      const [phone = '' as DeviceId] = await world.person(name);
      world.at(MORNING_MS);
      await world.near(phone);
      world.at(MORNING_MS + 2 * HOUR_MS);
      await world.near(phone);
      await buy(name, MORNING_MS - 1_000, 990_000n);
      await buy(name, MORNING_MS + HOUR_MS, 100_000n);
      await buy(name, MORNING_MS + HOUR_MS + 5, -30_000n);
      await buy(name, MORNING_MS + 8 * DAY_MS, 770_000n);
    }
    const report = await reportCampaign({ ...world, nowMs: () => MORNING_MS + 20 * DAY_MS }, campaign, 'CNY');
    const heldOut = names.filter((name) => isHeldOut(campaign.campaignId, personOf(name), 0.5)).length;
    const pushed = names.length - heldOut;
    expect(report).toMatchObject({
      currency: 'CNY',
      pushed: {
        persons: pushed,
        pending: 0,
        buyers: pushed,
        visitors: pushed,
        net: `${7 * pushed}.00`,
        sent: pushed,
      },
      heldOut: { persons: heldOut, buyers: heldOut, net: `${7 * heldOut}.00`, sent: 0, clicked: 0 },
      lift: { visitRate: { kind: 'withheld' }, moneyPerPerson: { kind: 'withheld' } },
      clicks: {
        difference: { kind: 'withheld' },
        baseline: { kind: 'known' },
        baselineSource: 'last broadcast',
      },
      decisions: { pushed: 2 * pushed, 'held out': 2 * heldOut },
    });
    expect(report.method).toContain('Newcombe');
  });

  it('still counts an erased person as pushed, but none of their purchases', async () => {
    const campaign = campaignOf();
    world.run(campaign);
    const [phone = '' as DeviceId] = await world.person('ann');
    await world.near(phone);
    await buy('ann', MORNING_MS + HOUR_MS, 100_000n);
    await world.people.remove(personOf('ann'));
    const report = await reportCampaign({ ...world, nowMs: () => MORNING_MS + DAY_MS }, campaign, 'CNY');
    expect(report.pushed).toMatchObject({ persons: 1, buyers: 0 });
  });
});
