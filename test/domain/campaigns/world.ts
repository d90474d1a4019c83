/** A customer, a campaign and geofence entries to decide on. */

import { type Audience, compileAudience } from '#domain/campaigns/audience.ts';
import type { Campaign } from '#domain/campaigns/campaign.ts';
import { shareOfHash } from '#domain/campaigns/holdout.ts';
import {
  type Decision,
  type DecisionContext,
  decide,
  type GeofenceEntry,
  NO_PUSHES,
} from '#domain/campaigns/push-decision.ts';
import { DAY_MS, MINUTE_MS } from '#domain/chain/duration.ts';
import type { CampaignId, DeviceId, PersonId, ProductId, StoreId } from '#domain/chain/ids.ts';
import { CHAIN } from '#domain/chain/staff-scope.ts';
import type { Store } from '#domain/chain/store.ts';
import type { Consent } from '#domain/people/customers/consent.ts';
import type { Link, PastVisit, Person, Purchase } from '#domain/people/customers/customer.ts';
import { SZ01 } from '../../support/chain.ts';

/** A Sunday, 14:00 in Shenzhen. */
export const NOON_MS = Date.parse('2026-11-22T14:00:00+08:00');

export const consent = (purpose: Consent['purpose'], atMs: number, isGranted = true): Consent => ({
  purpose,
  isGranted,
  proof: 'terms 3',
  source: 'app',
  atMs,
});

export const phone = (value: string, linkedAtMs: number): Link => ({
  kind: 'device',
  value,
  source: 'app',
  evidence: 'signed in',
  confidence: 1,
  linkedAtMs,
  author: 'app',
  platform: 'fcm',
  endpointArn: `arn:${value}`,
});

export const member = (value: string, linkedAtMs: number): Link => ({
  kind: 'member',
  value,
  source: 'register',
  evidence: 'form',
  confidence: 1,
  linkedAtMs,
  author: 'crm',
});

export const purchase = (
  closedAtMs: number,
  net: bigint,
  { store = SZ01, products = ['A1'] }: { store?: Store; products?: readonly string[] } = {},
): Purchase => ({
  storeId: store.storeId,
  cityId: store.cityId,
  day: new Date(closedAtMs).toISOString().slice(0, 10) as Purchase['day'],
  closedAtMs,
  receipt: `${store.storeId}/1/${closedAtMs}`,
  net,
  units: products.length * (net < 0n ? -1 : 1),
  products: products.map((productId) => ({
    productId: productId as ProductId,
    quantity: net < 0n ? -1 : 1,
    net: products.length === 0 ? 0n : net / BigInt(products.length),
  })),
});

export const visit = (firstSeenAtMs: number, lengthMs = 10 * MINUTE_MS, store = SZ01): PastVisit => ({
  storeId: store.storeId,
  day: new Date(firstSeenAtMs).toISOString().slice(0, 10) as PastVisit['day'],
  visitorId: 'user.m.1' as PastVisit['visitorId'],
  firstSeenAtMs,
  lastSeenAtMs: firstSeenAtMs + lengthMs,
});

export const PERSON_ID = 'p.abcdefghijklmnopqrstuvwxyz' as PersonId;

/** A customer with all consents, one purchase last month at SZ01, and a phone. */
export const personOf = (more: Partial<Person> = {}): Person => ({
  personId: PERSON_ID,
  createdAtMs: NOON_MS - 400 * DAY_MS,
  links: [member('M1', NOON_MS - 300 * DAY_MS), phone('phone-1', NOON_MS - 100 * DAY_MS)],
  consents: [consent('location', NOON_MS - 100 * DAY_MS), consent('push', NOON_MS - 100 * DAY_MS)],
  purchases: [purchase(NOON_MS - 30 * DAY_MS, 1_000_000n)],
  visits: [],
  pushes: [],
  ...more,
});

export const campaignOf = (more: Partial<Campaign> = {}): Campaign => ({
  campaignId: 'autumn' as CampaignId,
  version: 1,
  name: { en: 'Autumn', zh: '秋季' },
  status: 'live',
  stores: [CHAIN],
  fromMs: NOON_MS - 10 * DAY_MS,
  untilMs: NOON_MS + 400 * DAY_MS,
  boughtBefore: { where: 'store', withinDays: 90 },
  audience: 'true',
  quiet: { from: '21:00', until: '09:00' },
  capPerDay: 2,
  cooldownHours: 24,
  holdoutShare: 0,
  offer: {
    title: { en: 'Hello', zh: '你好' },
    body: { en: 'Ten off', zh: '减十元' },
    url: 'https://example.com/a',
  },
  budget: { pushesMax: 1_000 },
  attributionDays: 7,
  ...more,
});

export const entryAt = (
  sampleAtMs: number,
  { storeId = SZ01.storeId, personId = PERSON_ID, lateMs = 1_000, deviceId = 'phone-1' } = {},
): GeofenceEntry => ({
  personId,
  deviceId: deviceId as DeviceId,
  storeId: storeId as StoreId,
  sampleAtMs,
  receivedAtMs: sampleAtMs + lateMs,
});

export function audienceOf(text: string): Audience {
  const compiled = compileAudience(text);
  if (compiled.kind === 'faulty') throw new Error(JSON.stringify(compiled.faults));
  return compiled.audience;
}

/** A decision in which every gate passes but for the given changes. */
export function decided(
  campaign: Campaign,
  entry: GeofenceEntry,
  more: Partial<DecisionContext> = {},
  audience: Audience | undefined = audienceOf(campaign.audience),
): Decision {
  return decide(campaign, audience, entry, {
    person: personOf({ personId: entry.personId }),
    store: SZ01,
    history: NO_PUSHES,
    pushesSoFar: 0,
    nowMs: entry.receivedAtMs,
    ...more,
  });
}

/** A customer who is, or is not, in a campaign's holdout. */
export function personOnSide(campaign: Campaign, isHeldOut: boolean): PersonId {
  for (let i = 0; i < 10_000; i++) {
    const personId = `p.${String(i).padStart(26, '0')}` as PersonId;
    if (shareOfHash(campaign.campaignId, personId) < campaign.holdoutShare === isHeldOut) return personId;
  }
  throw new Error('no customer is on that side');
}
