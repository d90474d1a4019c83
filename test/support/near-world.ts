/**
 * A street with a store, customers with phones, campaigns and a push service that records its notes: everything the push
 * flows need, over tables on the wire.
 */

import { dynamoCampaignStore } from '#adapters/dynamodb/campaign-store.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoPhoneStore } from '#adapters/dynamodb/phone-store.ts';
import { dynamoPushDecisionStore } from '#adapters/dynamodb/push-decision-store.ts';
import type { CampaignStore } from '#application/ports/campaign-store.ts';
import type { PersonStore } from '#application/ports/person-store.ts';
import type { PushNote } from '#application/ports/phone-push.ts';
import type { PhoneStore } from '#application/ports/phone-store.ts';
import type { PushDecisionStore } from '#application/ports/push-decision-store.ts';
import { compileAudience } from '#domain/campaigns/audience.ts';
import type { Campaign } from '#domain/campaigns/campaign.ts';
import { DAY_MS } from '#domain/chain/duration.ts';
import type { CampaignId, DeviceId, PersonId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { personIdOf } from '#domain/people/customers/customer.ts';
import {
  type DecidedPushes,
  type DecidePushPorts,
  decidePush,
  type GeofenceCrossing,
} from '#functions/decide-push/decide-push.ts';
import { SZ01 } from './chain.ts';
import type { WireDynamoDb } from './dynamodb.ts';

/** A Sunday morning in Shenzhen. */
export const MORNING_MS = Date.UTC(2026, 10, 22, 2);

export const personOf = (name: string): PersonId =>
  personIdOf(new TextEncoder().encode(name.padEnd(16, '.')));

export const campaignOf = (more: Partial<Campaign> = {}): Campaign => ({
  campaignId: 'spring' as CampaignId,
  version: 1,
  name: { en: 'Spring', zh: '春季' },
  status: 'live',
  stores: [{ kind: 'chain' }],
  fromMs: MORNING_MS - 60 * DAY_MS,
  untilMs: MORNING_MS + 60 * DAY_MS,
  audience: 'true',
  quiet: { from: '21:00', until: '09:00' },
  capPerDay: 5,
  cooldownHours: 4,
  holdoutShare: 0,
  offer: { title: { en: 'Hello', zh: '你好' }, body: { en: 'Come in', zh: '进来看看' } },
  budget: { pushesMax: 1_000 },
  attributionDays: 7,
  ...more,
});

export interface SentPush extends PushNote {
  readonly endpointArn: string;
}

export interface NearWorld {
  readonly people: PersonStore;
  readonly phones: PhoneStore;
  readonly pushDecisions: PushDecisionStore;
  readonly campaigns: CampaignStore;
  readonly ports: DecidePushPorts;
  readonly pushes: SentPush[];
  at(ms: number): void;
  run(...campaigns: readonly Campaign[]): void;
  /** A customer with phones, a purchase a week ago, and consent to everything except these purposes. */
  person(
    name: string,
    how?: { readonly phones?: number; readonly without?: readonly string[] },
  ): Promise<DeviceId[]>;
  /** A geofence entry of a phone at an instant, delivered now. */
  near(
    deviceId: DeviceId,
    more?: Partial<GeofenceCrossing>,
    instead?: Partial<DecidePushPorts>,
  ): Promise<DecidedPushes>;
}

export async function nearWorld(dynamoDb: WireDynamoDb, store: Store = SZ01): Promise<NearWorld> {
  const campaignsTable = await dynamoDb.createTable(['ByPerson']);
  const people = dynamoPersonStore(dynamoDb.client, await dynamoDb.createTable());
  const phones = dynamoPhoneStore(dynamoDb.client, campaignsTable);
  const pushDecisions = dynamoPushDecisionStore(dynamoDb.client, campaignsTable);
  const campaigns = dynamoCampaignStore(dynamoDb.client, campaignsTable);
  const pushes: SentPush[] = [];
  let nowMs = MORNING_MS;
  let tokens = 0;
  let running: readonly Campaign[] = [campaignOf()];
  const ports: DecidePushPorts = {
    people,
    phones,
    pushDecisions,
    campaigns,
    push: {
      async send(endpointArn, _, note) {
        pushes.push({ endpointArn, ...note });
        return { kind: 'sent', messageId: `m${pushes.length}` };
      },
    },
    running: async () =>
      running.map((campaign) => {
        const compiled = compileAudience(campaign.audience);
        return { campaign, audience: compiled.kind === 'compiled' ? compiled.audience : undefined };
      }),
    store: async (storeId) => (storeId === store.storeId ? store : undefined),
    onHand: async () => undefined,
    sender: async () => 'Demo',
    newToken: () => String(++tokens).padStart(22, 'T'),
    nowMs: () => nowMs,
  };
  return {
    people,
    phones,
    pushDecisions,
    campaigns,
    ports,
    pushes,
    at(ms) {
      nowMs = ms;
    },
    run(...wanted) {
      running = wanted;
    },
    async person(name, { phones: count = 1, without = [] } = {}) {
      const ground = {
        source: 'test',
        evidence: 'test',
        confidence: 1,
        linkedAtMs: MORNING_MS - 50 * DAY_MS,
        author: 'test',
      };
      const personId = await people.bind({ kind: 'member', value: `M${name}` }, ground, personOf(name));
      for (const purpose of ['location', 'push'] as const) {
        if (without.includes(purpose)) continue;
        const said = { isGranted: true, proof: 'test', source: 'test', atMs: MORNING_MS - 40 * DAY_MS };
        await people.addConsent(personId, { purpose, ...said });
      }
      await people.addPurchase(personId, {
        storeId: store.storeId,
        cityId: store.cityId,
        day: '2026-11-15' as Parameters<PersonStore['addPurchase']>[1]['day'],
        closedAtMs: MORNING_MS - 7 * DAY_MS,
        receipt: `sz01/1/2026-11-15/${name}`,
        net: 1_000_000n,
        units: 1,
        products: [],
      });
      const devices: DeviceId[] = [];
      for (let number = 1; number <= count; number++) {
        const deviceId = `ph-${name}-${number}` as DeviceId;
        const endpointArn = `arn:aws:sns:us-east-1:000000000000:endpoint/GCM/aisle/${deviceId}`;
        await people.link(personId, {
          kind: 'device',
          value: deviceId,
          ...ground,
          platform: 'fcm',
          endpointArn,
        });
        await phones.put({
          deviceId,
          personId,
          keyId: `key-${deviceId}`,
          platform: 'fcm',
          endpointArn,
          language: 'zh',
          linkBase: 'https://api.example',
          boundAtMs: ground.linkedAtMs,
        });
        devices.push(deviceId);
      }
      return devices;
    },
    near: (deviceId, more = {}, instead = {}) =>
      decidePush(
        { ...ports, ...instead },
        { deviceId, storeId: store.storeId, sampleAtMs: nowMs - 1_000, receivedAtMs: nowMs, ...more },
      ),
  };
}
