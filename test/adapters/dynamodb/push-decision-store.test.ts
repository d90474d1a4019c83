import { beforeEach, describe, expect, it } from 'vitest';
import { dynamoCampaignStore } from '#adapters/dynamodb/campaign-store.ts';
import { dynamoPhoneStore } from '#adapters/dynamodb/phone-store.ts';
import { dynamoPushDecisionStore } from '#adapters/dynamodb/push-decision-store.ts';
import type { Phone } from '#application/ports/phone-store.ts';
import type { StoredDecision } from '#application/ports/push-decision-store.ts';
import type { Campaign } from '#domain/campaigns/campaign.ts';
import type { PushHistory } from '#domain/campaigns/push-decision.ts';
import type { CampaignId, DeviceId, PersonId, StoreId } from '#domain/chain/ids.ts';
import { gather } from '../../support/gather.ts';
import { onEveryEngine } from '../../support/on-every-engine.ts';

const ANN = 'p.ann' as PersonId;
const BEN = 'p.ben' as PersonId;
const SZ01 = 'sz01' as StoreId;
const SZ02 = 'sz02' as StoreId;
const SPRING = 'spring' as CampaignId;
const PHONE = 'ph-1' as DeviceId;
const AT = Date.UTC(2026, 10, 22, 2);
const MINUTE = 60_000;

const decision = (more: Partial<StoredDecision> = {}): StoredDecision => ({
  decisionId: `${SPRING}~${SZ01}~${ANN}~${AT}`,
  reason: 'pushed',
  campaignId: SPRING,
  storeId: SZ01,
  personId: ANN,
  deviceId: PHONE,
  sampleAtMs: AT,
  atMs: AT + 500,
  isHeldOut: false,
  isDryRun: false,
  token: 'AAAAAAAAAAAAAAAAAAAAAA',
  ...more,
});
const reachOf = (...atMs: number[]): PushHistory => ({
  pushes: atMs.map((at) => ({
    decisionId: `d${at}`,
    campaignId: SPRING,
    storeId: SZ01,
    atMs: at,
    isDryRun: false,
  })),
});

onEveryEngine(
  (name, newTable) => {
    describe(`a store of push decisions: ${name}`, () => {
      let store: ReturnType<typeof dynamoPushDecisionStore>;
      let phones: ReturnType<typeof dynamoPhoneStore>;
      beforeEach(async () => {
        const { client, table } = await newTable();
        store = dynamoPushDecisionStore(client, table);
        phones = dynamoPhoneStore(client, table);
      });

      it('accepts one of two concurrent writes of a push history and rejects the other', async () => {
        expect(await store.pushHistory(ANN)).toEqual({ history: { pushes: [] }, version: 0 });
        expect(await store.savePushHistory(ANN, reachOf(AT), 0, AT)).toBe(true);
        expect(await store.savePushHistory(ANN, reachOf(AT + 1), 0, AT)).toBe(false);
        expect(await store.pushHistory(ANN)).toEqual({ history: reachOf(AT), version: 1 });
        expect(await store.savePushHistory(ANN, reachOf(AT, AT + 1), 1, AT)).toBe(true);
        expect((await store.pushHistory(BEN)).version).toBe(0);
      });

      it('stores a decision once, by the time of the position and not of the decision', async () => {
        expect(await store.putDecision(decision())).toBe(true);
        expect(await store.putDecision(decision({ atMs: AT + 9_000, token: 'BBBBBBBBBBBBBBBBBBBBBB' }))).toBe(
          false,
        );
        expect(await store.decision(decision())).toEqual(decision());
        expect(await store.byToken('AAAAAAAAAAAAAAAAAAAAAA')).toEqual(decision());
        expect(await store.byToken('CCCCCCCCCCCCCCCCCCCCCC')).toBeUndefined();
      });

      it('allows sending exactly once, and records the outcome', async () => {
        await store.putDecision(decision());
        expect(await store.beginSending(decision(), AT + 600)).toBe(true);
        expect(await store.beginSending(decision(), AT + 700)).toBe(false);
        await store.sent(decision(), AT + 800);
        await store.opened(decision(), AT + 900);
        await store.opened(decision(), AT + 990);
        await store.clicked(decision(), AT + 1_000);
        await store.clicked(decision(), AT + 1_100);
        expect(await store.decision(decision())).toEqual({
          ...decision(),
          sendingAtMs: AT + 600,
          sentAtMs: AT + 800,
          openedAtMs: AT + 900,
          clickedAtMs: AT + 1_000,
        });
        await store.failed(decision({ storeId: SZ02 }), 'gone');
        expect(await store.beginSending(decision({ storeId: SZ02 }), AT)).toBe(false);
        expect(await store.decision(decision({ storeId: SZ02 }))).toBeUndefined();
      });

      it('returns decisions of a campaign between two instants in time order', async () => {
        const at = (minutes: number) =>
          decision({ sampleAtMs: AT + minutes * MINUTE, decisionId: `d${minutes}` });
        for (const minutes of [3, 1, 2]) await store.putDecision(at(minutes));
        await store.putDecision({ ...at(1), campaignId: 'other' as CampaignId });
        const ids = async (...range: number[]) =>
          (await gather(store.decisions(SPRING, ...range))).map(({ decisionId }) => decisionId);
        expect(await ids()).toEqual(['d1', 'd2', 'd3']);
        expect(await ids(AT + MINUTE, AT + 2 * MINUTE)).toEqual(['d1', 'd2']);
      });

      it('returns geofence entries across midnight', async () => {
        const midnight = Date.UTC(2026, 10, 23);
        const enter = (sampleAtMs: number, personId = ANN) => ({
          personId,
          deviceId: PHONE,
          storeId: SZ01,
          sampleAtMs,
          receivedAtMs: sampleAtMs + 300,
        });
        for (const one of [enter(midnight + 5), enter(midnight - 5), enter(midnight - 900, BEN)])
          await store.putEntry(one);
        await store.putEntry(enter(midnight - 5));
        expect(await gather(store.entries(SZ01, midnight - 10, midnight + 5))).toEqual([
          enter(midnight - 5),
          enter(midnight + 5),
        ]);
        expect(await gather(store.entries(SZ02, 0, 0))).toEqual([]);
      });

      it('finds every row about a customer and none about another', async () => {
        const phone: Phone = {
          deviceId: PHONE,
          personId: ANN,
          keyId: 'k1',
          platform: 'fcm',
          endpointArn: 'arn:aws:sns:us-east-1:000000000000:endpoint/GCM/aisle/1',
          language: 'zh',
          linkBase: 'https://api.example',
          boundAtMs: AT,
        };
        await phones.put(phone);
        expect(await phones.get(PHONE)).toEqual(phone);
        expect(await phones.holderOf(phone.endpointArn)).toBe(PHONE);
        await phones.put({ ...phone, deviceId: 'ph-2' as DeviceId, personId: BEN });
        expect(await phones.holderOf(phone.endpointArn)).toBe('ph-2');
        await store.putDecision(decision());
        await store.savePushHistory(ANN, reachOf(AT), 0, AT);
        await store.putEntry({
          personId: ANN,
          deviceId: PHONE,
          storeId: SZ01,
          sampleAtMs: AT,
          receivedAtMs: AT,
        });
        const kinds = (keys: readonly { pk: string }[]) => keys.map(({ pk }) => pk.split('#')[0]).sort();
        const keys = await gather(store.ofPerson(ANN));
        expect(kinds(keys)).toEqual(['CAMPAIGN', 'ENTERS', 'LINK', 'PHONE', 'PUSHES']);
        for (const key of keys) await store.remove(key);
        expect(await gather(store.ofPerson(ANN))).toEqual([]);
        expect(kinds(await gather(store.ofPerson(BEN)))).toEqual(['ENDPOINT', 'PHONE']);
      });
    });

    describe(`a store of campaigns: ${name}`, () => {
      const campaign = (more: Partial<Campaign> = {}): Omit<Campaign, 'version'> => ({
        campaignId: SPRING,
        name: { en: 'Spring', zh: '春季' },
        status: 'draft',
        stores: [{ kind: 'chain' }],
        fromMs: AT,
        untilMs: AT + 1,
        audience: 'true',
        quiet: { from: '21:00', until: '09:00' },
        capPerDay: 1,
        cooldownHours: 24,
        holdoutShare: 0.1,
        offer: { title: { en: 'T', zh: '题' }, body: { en: 'B', zh: '文' }, url: 'https://shop.example/' },
        budget: { pushesMax: 2 },
        attributionDays: 7,
        ...more,
      });

      it('replaces a campaign at the version that was read, and rejects a stale version', async () => {
        const { client, table } = await newTable();
        const store = dynamoCampaignStore(client, table);
        expect(await store.list()).toEqual([]);
        expect(await store.put(campaign(), 0)).toEqual({
          kind: 'put',
          campaign: { ...campaign(), version: 1 },
        });
        expect(await store.put(campaign({ status: 'live' }), 0)).toEqual({
          kind: 'conflict',
          current: { ...campaign(), version: 1 },
        });
        await store.put(campaign({ status: 'live' }), 1);
        expect(await store.get(SPRING)).toEqual({ ...campaign({ status: 'live' }), version: 2 });
        expect(await store.list()).toHaveLength(1);
        expect(await store.get('none' as CampaignId)).toBeUndefined();
      });

      it('spends no more pushes than the budget under concurrency', async () => {
        const { client, table } = await newTable();
        const store = dynamoCampaignStore(client, table);
        const asked = await Promise.all(Array.from({ length: 9 }, () => store.spend(SPRING, 4)));
        expect(asked.filter(Boolean)).toHaveLength(4);
        expect(await store.spent(SPRING)).toBe(4);
        await store.unspend(SPRING);
        expect(await store.spend(SPRING, 4)).toBe(true);
        expect(await store.spend(SPRING, 0)).toBe(false);
        expect(await store.spent('none' as CampaignId)).toBe(0);
      });
    });
  },
  ['ByPerson'],
);
