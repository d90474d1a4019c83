/**
 * From a phone on the street to the report of a campaign, on the whole cloud: an earlier customer walks by, gets one push,
 * opens it, follows its link, buys, and is counted in the report.
 */
import { describe, expect, it } from 'vitest';
import { offsetBy } from '#sim/phones/phone-track.ts';
import { type DemoCloud, demoStore, eventually } from '../../support/demo-cloud.ts';

const STORE = 'sz01';
const FAR_M = 900;
const NEAR_M = 20;

export interface Walker {
  readonly key: string;
  readonly person: string;
}

const now = () => new Date().toISOString();

/** Registers a member's phone; its key, and the member's name in the API. */
export async function registerPhone(
  world: DemoCloud,
  member: string,
  purposes: readonly string[],
): Promise<Walker> {
  const consents = purposes.map((purpose) => ({ purpose, granted: true, proof: 'test, terms 1', at: now() }));
  const body = { member, platform: 'fcm', pushToken: `token-${member}`, language: 'en', consents };
  const answer = await world.post('/v1/phones', world.appKey, body);
  expect(answer.status).toBe(201);
  return answer.json();
}

/** Posts a purchase of a member. */
export async function buy(world: DemoCloud, member: string, receiptNo: string): Promise<void> {
  const receipt = {
    till: '1',
    receiptNo,
    closedAt: now(),
    memberNo: member,
    lines: [{ product: 'A1', quantity: 1, unitPrice: '199.00' }],
    payments: [{ method: 'wechat', amount: '199.00' }],
  };
  const answer = await world.post('/v1/receipts', world.keyOf(STORE, 'tills'), { receipts: [receipt] });
  expect(answer.status).toBe(202);
}

export function describeStreet(world: () => DemoCloud): void {
  const { position } = demoStore(STORE).location;
  const staff: DemoCloud['staff'] = (...args) => world().staff(...args);
  const pushesTo = (member: string) => world().cloud.receivedBy(`token-${member}`);
  const report = async () => (await staff('GET', '/v1/campaigns/walk-by/proof')).body;

  async function walk(key: string, metres: number): Promise<number> {
    const spot = { ...offsetBy(position, metres, 1), accuracyM: 10, at: now() };
    return (await world().post('/v1/positions', key, { positions: [spot] })).status;
  }

  async function walkBy({ key }: Walker): Promise<void> {
    expect(await walk(key, FAR_M)).toBe(202);
    expect(await walk(key, NEAR_M)).toBe(202);
  }

  describe('a phone near a store', () => {
    it('gets one push of the campaign, and its purchase is counted in the report', async () => {
      // One of two customers may be in the holdout; of these five at least one is not.
      const members = ['N1', 'N2', 'N3', 'N4', 'N5'];
      const walkers = new Map<string, Walker>();
      for (const member of members) {
        await buy(world(), member, `before-${member}`);
        walkers.set(member, await registerPhone(world(), member, ['location', 'push']));
      }
      await world().cloud.runSchedule('sync-geofences');
      await eventually(async () => {
        for (const { person } of walkers.values())
          expect((await staff('GET', `/v1/people/${person}`)).body.purchases).toHaveLength(1);
      });
      for (const walker of walkers.values()) await walkBy(walker);
      await eventually(async () => {
        const { decisions } = await report();
        expect(decisions.pushed + (decisions['held out'] ?? 0)).toBe(members.length);
      });
      const pushed = members.find((member) => pushesTo(member).length > 0);
      const walker = pushed === undefined ? undefined : walkers.get(pushed);
      if (pushed === undefined || walker === undefined) throw new Error('no phone got a push');
      await walkBy(walker);
      await eventually(async () => expect((await report()).decisions['cooling down']).toBe(1));
      expect(pushesTo(pushed)).toHaveLength(1);
      const [push] = pushesTo(pushed);
      expect(push).toMatchObject({ title: 'You are close: earphones, 30 off' });

      expect((await world().post(`/v1/pushes/${push?.pushId}/open`, walker.key, {})).status).toBe(204);
      const landing = await fetch(push?.link ?? '', {
        redirect: 'manual',
        headers: { 'accept-language': 'zh-CN' },
      });
      expect(landing.status).toBe(200);
      expect(await landing.text()).toContain('耳机立减 30 元');
      await buy(world(), pushed, 'after');
      await eventually(async () => {
        const { decisions, lift, ...arms } = await report();
        expect(arms.pushed.persons).toBeGreaterThan(0);
        expect(arms.pushed).toMatchObject({ opened: 1, clicked: 1, buyers: 1, visitors: 1, net: '199.00' });
        expect(lift.visitRate).toMatchObject({ kind: 'withheld' });
        expect(decisions.pushed).toBe(arms.pushed.persons);
      });
      const preview = await staff('POST', '/v1/campaigns/walk-by/preview');
      expect(preview.status).toBe(200);
      expect(preview.body.reached + preview.body.heldOut).toBe(members.length);
    });

    it('is not tracked without consent to its location, and gets no push without consent to pushes', async () => {
      const untracked = await registerPhone(world(), 'N8', ['push']);
      expect(await walk(untracked.key, NEAR_M)).toBe(403);
      const silent = await registerPhone(world(), 'N9', ['location']);
      await buy(world(), 'N9', 'before-N9');
      expect(await walk(silent.key, NEAR_M)).toBe(202);
      await eventually(async () => expect((await report()).decisions['no push consent']).toBeGreaterThan(0));
      expect(pushesTo('N9')).toEqual([]);
      const withdrawn = { consents: [{ purpose: 'location', granted: false, proof: 'switch', at: now() }] };
      expect((await world().post('/v1/consents', silent.key, withdrawn)).status).toBe(204);
      await eventually(async () => expect(await walk(silent.key, NEAR_M)).toBe(403));
    });
  });

  describe('a campaign', () => {
    it('is changed only within the scope of its editor, and only in its newest version', async () => {
      const put = (person: string, body: unknown, id = 'walk-by') =>
        staff('PUT', `/v1/campaigns/${id}`, person, body);
      const { id: _, pushesSpent: __, ...campaign } = (await staff('GET', '/v1/campaigns/walk-by')).body;
      // Reading a store, or the whole chain, does not permit to write its campaigns (P12).
      for (const person of ['store-manager', 'boss']) expect((await put(person, campaign)).status).toBe(403);
      const paused = await put('sales-ops', { ...campaign, status: 'paused' });
      expect(paused).toMatchObject({
        status: 200,
        body: { status: 'paused', version: campaign.version + 1 },
      });
      expect((await put('sales-ops', campaign)).status).toBe(409);
      const wrong = await put('sales-ops', { ...campaign, version: 0, audience: 'bys > 1' }, 'new');
      expect(wrong).toMatchObject({ status: 400, body: { errors: [{ pointer: '#/audience' }] } });
      expect((await staff('GET', '/v1/campaigns/walk-by', 'store-manager')).status).toBe(404);
      const raised = { ...campaign, version: campaign.version + 1, status: 'paused', holdoutShare: 0.4 };
      expect((await put('sales-ops', raised)).status).toBe(409);
    });
  });
}
