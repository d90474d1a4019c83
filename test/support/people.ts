/** People for tests: ids that are easy to distinguish, and rows of which a test sets only the relevant fields. */
import type { CampaignId, PersonId, ProductId, VisitorId } from '#domain/chain/ids.ts';
import type { Consent } from '#domain/people/customers/consent.ts';
import type { Identifier, Link, PastPush, Purchase } from '#domain/people/customers/customer.ts';
import { november, SZ01 } from './chain.ts';
import { minute } from './sightings.ts';

export const PHONE: Identifier = { kind: 'phone', value: '+8613800138000' };
export const OTHER_PHONE: Identifier = { kind: 'phone', value: '+8613900139000' };
export const MEMBER: Identifier = { kind: 'member', value: 'M1' };
export const OTHER_MEMBER: Identifier = { kind: 'member', value: 'M2' };

/** The n-th person. */
export const personAt = (place: number): PersonId => `p.${String(place).padStart(26, '0')}` as PersonId;

export const linkEvidence = (more: Partial<Omit<Link, 'kind' | 'value'>> = {}) => ({
  source: 'till',
  evidence: 'sz01/T1/2026-11-22/1',
  confidence: 0.9,
  linkedAtMs: minute(0),
  author: 'record-purchases',
  ...more,
});

export const consentOf = (more: Partial<Consent> = {}): Consent => ({
  purpose: 'push',
  isGranted: true,
  proof: 'terms 4',
  source: 'app',
  atMs: minute(0),
  ...more,
});

export const boughtOf = (more: Partial<Purchase> = {}): Purchase => ({
  storeId: SZ01.storeId,
  cityId: SZ01.cityId,
  day: november(22),
  closedAtMs: minute(60),
  receipt: 'sz01/T1/2026-11-22/1',
  net: 100_000n,
  units: 1,
  products: [{ productId: 'SKU-1' as ProductId, quantity: 1, net: 100_000n }],
  ...more,
});

export const pushOf = (more: Partial<PastPush> = {}): PastPush => ({
  campaignId: 'autumn' as CampaignId,
  storeId: SZ01.storeId,
  decisionId: 'autumn~sz01~p~1',
  atMs: minute(30),
  ...more,
});

/** A member's visitor day as published in a revision: so many visits of a minute. */
export const seenOf = (revision: number, visits: number, visitorId = 'user.m.M1' as VisitorId) => ({
  storeId: SZ01.storeId,
  day: november(22),
  visitorId,
  revision,
  visits: Array.from({ length: visits }, (_, index) => ({
    firstSeenAtMs: minute(index * 60),
    lastSeenAtMs: minute(index * 60 + 1),
  })),
});
