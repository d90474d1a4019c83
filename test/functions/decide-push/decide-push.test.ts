import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isHeldOut } from '#domain/campaigns/holdout.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#domain/chain/duration.ts';
import type { CampaignId, DeviceId, StoreId } from '#domain/chain/ids.ts';
import type { DecidePushPorts } from '#functions/decide-push/decide-push.ts';
import { SZ01 } from '../../support/chain.ts';
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

const SPRING = 'spring' as CampaignId;
const reasons = async (): Promise<Record<string, number>> => {
  const decisions = await gather(world.pushDecisions.decisions(SPRING));
  const counts: Record<string, number> = {};
  for (const { reason } of decisions) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
};

describe('a customer who enters a geofence', () => {
  it('receives a push in their language with a link of their own, and the decision is stored', async () => {
    const [phone = '' as DeviceId] = await world.person('ann');
    expect(await world.near(phone)).toEqual({
      decisions: [{ campaignId: SPRING, reason: 'pushed' }],
      sent: 1,
    });
    expect(world.pushes).toMatchObject([
      {
        title: '你好',
        body: '进来看看\n来自Demo，可在应用内退订。',
        link: 'https://api.example/c/TTTTTTTTTTTTTTTTTTTTT1',
        ttlSeconds: 1_800,
      },
    ]);
    const [decision] = await gather(world.pushDecisions.decisions(SPRING));
    expect(decision).toMatchObject({ reason: 'pushed', personId: personOf('ann'), sentAtMs: MORNING_MS });
    expect(await world.campaigns.spent(SPRING)).toBe(1);
    expect(
      await gather(world.pushDecisions.entries(SZ01.storeId, MORNING_MS - DAY_MS, MORNING_MS)),
    ).toHaveLength(1);
  });

  it('receives nothing where the phone, the store or the person is unknown', async () => {
    const [phone = '' as DeviceId] = await world.person('ann');
    for (const news of [
      world.near('ph-none' as DeviceId),
      world.near(phone, { storeId: 'gone' as StoreId }),
      world.people.remove(personOf('ann')).then(() => world.near(phone)),
    ])
      expect(await news).toEqual({ decisions: [], sent: 0 });
    expect(world.pushes).toEqual([]);
  });

  it('receives the push of one of several campaigns, and the others store their reason', async () => {
    world.run(campaignOf(), campaignOf({ campaignId: 'other' as CampaignId }));
    const [phone = '' as DeviceId] = await world.person('ann');
    expect((await world.near(phone)).decisions.map(({ reason }) => reason)).toEqual([
      'pushed',
      'cooling down',
    ]);
    expect(world.pushes).toHaveLength(1);
  });

  it('receives no push on a phone that was linked to another customer since', async () => {
    const [phone = '' as DeviceId] = await world.person('ann');
    const bound = await world.phones.get(phone);
    if (bound === undefined) throw new Error('no phone');
    await world.phones.put({ ...bound, deviceId: 'ph-new' as DeviceId, personId: personOf('ben') });
    expect(await world.near(phone)).toMatchObject({ sent: 0 });
    expect(await reasons()).toEqual({ 'no phone': 1 });
    expect(await world.campaigns.spent(SPRING)).toBe(0);
  });

  it('is reached on a phone that they linked again, whose old credential enters first (P7)', async () => {
    const [phone = '' as DeviceId] = await world.person('ann');
    const bound = await world.phones.get(phone);
    if (bound === undefined) throw new Error('no phone');
    const again = { ...bound, deviceId: 'ph-again' as DeviceId };
    await world.phones.put(again);
    const link = { source: 'app', evidence: 'x', confidence: 1, linkedAtMs: MORNING_MS - 1, author: 'app' };
    const { platform, endpointArn } = bound;
    await world.people.link(personOf('ann'), {
      ...{ kind: 'device', value: again.deviceId, platform, endpointArn },
      ...link,
    });
    expect(await world.near(phone)).toMatchObject({ sent: 1 });
    expect(world.pushes).toMatchObject([{ endpointArn }]);
  });

  it('is reached on another phone where one is dead, and pays once (P7)', async () => {
    const [first = '' as DeviceId, second = '' as DeviceId] = await world.person('ann', { phones: 2 });
    const tried: string[] = [];
    const push: DecidePushPorts['push'] = {
      async send(endpointArn) {
        tried.push(endpointArn);
        return endpointArn.endsWith(first) ? { kind: 'gone' } : { kind: 'sent', messageId: 'm' };
      },
    };
    expect(await world.near(first, {}, { push })).toMatchObject({ sent: 1 });
    expect(tried.map((arn) => arn.slice(-second.length))).toEqual([first, second]);
    expect(await world.campaigns.spent(SPRING)).toBe(1);
    expect((await world.near(second, { sampleAtMs: MORNING_MS - 5 })).decisions[0]?.reason).toBe(
      'cooling down',
    );
  });

  it('loses no cap, cooldown or budget to a phone that cannot be reached (P7)', async () => {
    const [phone = '' as DeviceId] = await world.person('ann');
    const push: DecidePushPorts['push'] = { send: async () => ({ kind: 'gone' }) };
    for (const _ of [1, 2]) await world.near(phone, {}, { push });
    expect(await world.campaigns.spent(SPRING)).toBe(0);
    expect((await world.pushDecisions.pushHistory(personOf('ann'))).history.pushes).toEqual([]);
    expect((await world.near(phone, { sampleAtMs: MORNING_MS - 5 })).decisions[0]?.reason).toBe('pushed');
    expect(world.pushes).toHaveLength(1);
  });

  it('is not reached once the app was removed, and the failure is stored', async () => {
    const [phone = '' as DeviceId] = await world.person('ann');
    const push: DecidePushPorts['push'] = { send: async () => ({ kind: 'gone' }) };
    expect(await world.near(phone, {}, { push })).toMatchObject({ sent: 0 });
    expect(await gather(world.pushDecisions.decisions(SPRING))).toMatchObject([
      { failure: 'the app was removed from the phone' },
    ]);
  });

  it('is offered only products in stock, within the budget to the last push', async () => {
    world.run(
      campaignOf({ offer: { ...campaignOf().offer, productId: 'A1' as never }, budget: { pushesMax: 2 } }),
    );
    const people = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => world.person(name)));
    const onHand = (count: number | undefined) => ({ onHand: async () => count });
    const [a, b, ...rest] = people.map(([phone]) => phone as DeviceId);
    await world.near(a as DeviceId, {}, onHand(undefined));
    await world.near(b as DeviceId, {}, onHand(0));
    await Promise.all(rest.map((phone) => world.near(phone, {}, onHand(3))));
    expect(await reasons()).toEqual({ 'stock unknown': 1, 'out of stock': 1, pushed: 2, 'budget spent': 1 });
    expect(world.pushes).toHaveLength(2);
  });
});

describe('at most one push per person, store and visit', () => {
  it('holds for an hour along the boundary, with every entry delivered twice, late and out of order', async () => {
    const phones = await world.person('ann', { phones: 2 });
    const crossings = Array.from({ length: 60 }, (_, number) => ({
      deviceId: phones[number % 2] as DeviceId,
      sampleAtMs: MORNING_MS + number * MINUTE_MS,
    }));
    const inDisorder = [...crossings, ...crossings].toSorted(
      (a, b) => Math.sin(a.sampleAtMs * 7) - Math.sin(b.sampleAtMs * 7),
    );
    world.at(MORNING_MS + HOUR_MS);
    for (const { deviceId, sampleAtMs } of inDisorder) {
      await world.near(deviceId, { sampleAtMs, receivedAtMs: sampleAtMs + 500 });
    }
    expect(world.pushes).toHaveLength(1);
    const { pushed, 'cooling down': cooling = 0, stale = 0 } = await reasons();
    expect(pushed).toBe(1);
    expect(1 + cooling + stale).toBe(60);
  });

  it('holds for two phones of one person, and for one event delivered many times concurrently', async () => {
    const phones = await world.person('ann', { phones: 2 });
    await Promise.all(
      Array.from({ length: 8 }, (_, number) =>
        world.near(phones[number % 2] as DeviceId, { sampleAtMs: MORNING_MS - number }),
      ),
    );
    await Promise.all(
      Array.from({ length: 6 }, () => world.near(phones[0] as DeviceId, { sampleAtMs: MORNING_MS })),
    );
    expect(world.pushes).toHaveLength(1);
  });

  it('holds for a phone that was offline for a month, and for one whose clock is wrong', async () => {
    const [phone = '' as DeviceId] = await world.person('ann');
    await world.near(phone);
    world.at(MORNING_MS + 31 * DAY_MS);
    await world.near(phone);
    expect(world.pushes).toHaveLength(2);
    const ahead = world.near(phone, { sampleAtMs: MORNING_MS + 32 * DAY_MS });
    const behind = world.near(phone, { sampleAtMs: MORNING_MS + 30 * DAY_MS });
    expect((await ahead).decisions[0]?.reason).toBe('stale');
    expect((await behind).decisions[0]?.reason).toBe('stale');
    expect(world.pushes).toHaveLength(2);
  });

  it('holds after a crash at any call and a redelivery: the push may be lost, and is never sent twice', async () => {
    const CALLS = [
      'load',
      'putEntry',
      'pushHistory',
      'spend',
      'savePushHistory',
      'putDecision',
      'decision',
      'holderOf',
      'beginSending',
      'send',
      'sent',
    ];
    for (const dying of CALLS) {
      for (const when of ['before', 'after'] as const) {
        world = await nearWorld(dynamoDb);
        const [phone = '' as DeviceId] = await world.person('ann');
        await world.near(phone, {}, mortal(world, dying, when)).catch(() => {});
        const isThere = world.pushes.length;
        await world.near(phone);
        await world.near(phone);
        expect(world.pushes.length).toBeLessThanOrEqual(1);
        // Only a crash during the call of the push service leaves it unknown whether the push was sent.
        const isLost = world.pushes.length === 0;
        expect(isLost, `${dying} ${when}`).toBe(
          isThere === 0 &&
            ((dying === 'beginSending' && when === 'after') || (dying === 'send' && when === 'before')),
        );
      }
    }
  });

  it('holds for any sequence of entries', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            name: fc.constantFrom('ann', 'ben'),
            phone: fc.nat({ max: 1 }),
            minute: fc.nat({ max: 600 }),
            lateMs: fc.nat({ max: 120_000 }),
          }),
          { maxLength: 12 },
        ),
        async (news) => {
          world = await nearWorld(dynamoDb);
          const phones = {
            ann: await world.person('ann', { phones: 2 }),
            ben: await world.person('ben', { phones: 2, without: ['push'] }),
          };
          for (const { name, phone, minute, lateMs } of news) {
            const sampleAtMs = MORNING_MS + minute * MINUTE_MS;
            world.at(sampleAtMs + lateMs);
            await world.near(phones[name as 'ann' | 'ben'][phone] as DeviceId, { sampleAtMs });
          }
          const pushed = (await gather(world.pushDecisions.decisions(SPRING))).filter(
            ({ reason }) => reason === 'pushed',
          );
          expect(pushed.every(({ personId }) => personId === personOf('ann'))).toBe(true);
          const times = pushed.map(({ atMs }) => atMs).sort((a, b) => a - b);
          for (const [index, atMs] of times.entries())
            if (index > 0) expect(atMs - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(4 * HOUR_MS);
          expect(world.pushes).toHaveLength(pushed.length);
        },
      ),
      { numRuns: 12 },
    );
  });
});

/** Returns the world's ports, of which one call fails, before its effect or after. */
function mortal(
  { people, phones, pushDecisions, campaigns, ports }: NearWorld,
  dying: string,
  when: 'before' | 'after',
): Partial<DecidePushPorts> {
  const doom = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const own = Reflect.get(target, name);
        if (name !== dying || typeof own !== 'function') return own;
        return async (...args: unknown[]) => {
          if (when === 'after') await own.apply(target, args);
          throw new Error('killed');
        };
      },
    });
  return {
    people: doom(people),
    phones: doom(phones),
    pushDecisions: doom(pushDecisions),
    campaigns: doom(campaigns),
    push: doom(ports.push),
  };
}

describe('a push', () => {
  it.each(['location', 'push'])('requires consent to %s', async (purpose) => {
    const [phone = '' as DeviceId] = await world.person('ann', { without: [purpose] });
    await world.near(phone);
    expect(world.pushes).toEqual([]);
    expect(await reasons()).toEqual({ [`no ${purpose} consent`]: 1 });
  });

  it('is not sent once the consent is withdrawn', async () => {
    const [phone = '' as DeviceId] = await world.person('ann');
    const withdrawn = {
      purpose: 'push',
      isGranted: false,
      proof: 'app',
      source: 'phone',
      atMs: MORNING_MS - 1,
    } as const;
    await world.people.addConsent(personOf('ann'), withdrawn);
    await world.near(phone);
    expect(await reasons()).toEqual({ 'no push consent': 1 });
  });

  it('is never sent to a held-out customer, who takes part in caps like the others', async () => {
    world.run(campaignOf({ holdoutShare: 0.5 }));
    const names = Array.from({ length: 12 }, (_, number) => `p${number}`);
    for (const name of names) {
      const [phone = '' as DeviceId] = await world.person(name);
      const { decisions } = await world.near(phone);
      const expected = isHeldOut(SPRING, personOf(name), 0.5) ? 'held out' : 'pushed';
      expect(decisions[0]?.reason).toBe(expected);
      expect((await world.near(phone, { sampleAtMs: MORNING_MS - 2_000 })).decisions[0]?.reason).toBe(
        'cooling down',
      );
    }
    const { pushed = 0, 'held out': heldOut = 0 } = await reasons();
    expect(pushed + heldOut).toBe(names.length);
    expect(world.pushes).toHaveLength(pushed);
    expect(Math.min(pushed, heldOut)).toBeGreaterThan(0);
  });

  it('is not sent in the quiet hours of the store, also on the night when its clocks change', async () => {
    const berlin = await nearWorld(dynamoDb, { ...SZ01, timeZone: 'Europe/Berlin' });
    world = berlin;
    berlin.run(campaignOf({ quiet: { from: '21:00', until: '07:00' }, cooldownHours: 1, fromMs: 0 }));
    // On 25 October 2026 clocks go back at 03:00: 06:30 there is 05:30 UTC; the day before it was 04:30 UTC.
    const [phone = '' as DeviceId] = await berlin.person('ann');
    for (const [utc, reason] of [
      ['2026-10-24T04:59:00Z', 'quiet hours'],
      ['2026-10-24T05:01:00Z', 'pushed'],
      ['2026-10-25T05:30:00Z', 'quiet hours'],
      ['2026-10-25T05:59:00Z', 'quiet hours'],
      ['2026-10-25T06:01:00Z', 'pushed'],
    ] as const) {
      berlin.at(Date.parse(utc));
      expect((await berlin.near(phone)).decisions[0]?.reason, utc).toBe(reason);
    }
  });

  it('is not sent by a dry run, which decides all the same and uses up no cap', async () => {
    world.run(campaignOf({ status: 'dry-run' }));
    const [phone = '' as DeviceId] = await world.person('ann');
    expect((await world.near(phone)).decisions[0]?.reason).toBe('dry run');
    expect(world.pushes).toEqual([]);
    world.run(campaignOf({ campaignId: 'real' as CampaignId }));
    expect((await world.near(phone, { sampleAtMs: MORNING_MS - 3_000 })).decisions[0]?.reason).toBe('pushed');
  });
});
