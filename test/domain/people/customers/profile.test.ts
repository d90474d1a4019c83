import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLocalTime, offsetMinutesAt } from '#domain/chain/business-day.ts';
import { DAY_MS, HOUR_MS } from '#domain/chain/duration.ts';
import type { Person } from '#domain/people/customers/customer.ts';
import {
  isBuy,
  PROFILE_FIELDS,
  PROFILE_PRODUCTS_MAX,
  type Profile,
  profileOf,
} from '#domain/people/customers/profile.ts';
import { timeZone } from '../../../support/arbitraries.ts';
import { GZ01, STORES, SZ01, SZ02 } from '../../../support/chain.ts';
import { consent, member, NOON_MS, personOf, phone, purchase, visit } from '../../campaigns/world.ts';

const profileAt = (person: Person, nowMs = NOON_MS, store = SZ01): Profile =>
  profileOf(person, { nowMs, ...store });

const NEW_CUSTOMER = personOf({ createdAtMs: NOON_MS, links: [], consents: [], purchases: [] });

describe('the profile of a new customer', () => {
  it('is empty, with -1 where there is no day', () => {
    expect(profileAt(NEW_CUSTOMER)).toEqual({
      knownDays: 0,
      isMember: false,
      memberDays: -1,
      buys: 0,
      buysHere: 0,
      buysInCity: 0,
      buysLast90Days: 0,
      units: 0,
      spent: 0,
      spentHere: 0,
      spentLast90Days: 0,
      averageTicket: 0,
      lastBuyDays: -1,
      lastBuyHereDays: -1,
      products: [],
      visits: 0,
      visitsHere: 0,
      lastVisitDays: -1,
      lastVisitHereDays: -1,
      pushesLast30Days: 0,
      hour: 14,
      weekday: 7,
    });
  });
});

describe('a profile', () => {
  const person = personOf({
    createdAtMs: NOON_MS - 400 * DAY_MS,
    links: [
      phone('x', NOON_MS - 399 * DAY_MS),
      member('M2', NOON_MS - 200 * DAY_MS),
      member('M1', NOON_MS - 300 * DAY_MS),
    ],
    purchases: [
      purchase(NOON_MS - 200 * DAY_MS, 1_005_000n, { products: ['A1', 'B1'] }),
      purchase(NOON_MS - 80 * DAY_MS, 2_000_000n, { store: SZ02, products: ['A2'] }),
      purchase(NOON_MS - 79 * DAY_MS, -500_000n, { store: SZ02, products: ['A2'] }),
      purchase(NOON_MS - 3 * DAY_MS, 400_000n, { store: GZ01, products: ['A1'] }),
    ],
    visits: [visit(NOON_MS - 80 * DAY_MS, HOUR_MS, SZ02), visit(NOON_MS - 10 * DAY_MS)],
    pushes: [NOON_MS - 40 * DAY_MS, NOON_MS - 20 * DAY_MS].map((atMs) => ({
      campaignId: 'c' as never,
      storeId: SZ01.storeId,
      decisionId: `c~${atMs}`,
      atMs,
    })),
  });

  it('is computed from the rows, for the given store', () => {
    expect(profileAt(person)).toMatchObject({
      knownDays: 400,
      isMember: true,
      memberDays: 300,
      buys: 3,
      buysHere: 1,
      buysInCity: 2,
      buysLast90Days: 2,
      units: 3,
      spent: 290.5,
      spentHere: 100.5,
      spentLast90Days: 190,
      averageTicket: 340.5 / 3,
      lastBuyDays: 3,
      lastBuyHereDays: 200,
      products: ['A1', 'A2', 'B1'],
      visits: 2,
      visitsHere: 1,
      lastVisitDays: 10,
      lastVisitHereDays: 10,
      pushesLast30Days: 1,
    });
  });

  it('counts calendar days on the store’s wall clock', () => {
    const boughtAtMs = Date.parse('2026-11-21T23:59:59+08:00');
    const buyer = personOf({ purchases: [purchase(boughtAtMs, 1n)] });
    expect(profileAt(buyer, Date.parse('2026-11-21T23:59:59+08:00')).lastBuyDays).toBe(0);
    expect(profileAt(buyer, Date.parse('2026-11-22T00:00:00+08:00')).lastBuyDays).toBe(1);
    const inNewYork = { ...SZ01, timeZone: 'America/New_York' };
    const atFallBack = personOf({ purchases: [purchase(Date.parse('2026-10-31T23:30:00-04:00'), 1n)] });
    expect(profileAt(atFallBack, Date.parse('2026-11-01T23:30:00-05:00'), inNewYork).lastBuyDays).toBe(1);
    expect(profileAt(atFallBack, Date.parse('2026-11-02T00:00:00-05:00'), inNewYork).lastBuyDays).toBe(2);
  });

  it('lists each product once, the newest first, up to the limit', () => {
    const many = Array.from({ length: 150 }, (_, index) =>
      purchase(NOON_MS - (150 - index) * HOUR_MS, 10_000n, { products: [`P${index}`, 'P0'] }),
    );
    const { products } = profileAt(personOf({ purchases: many }));
    expect(products).toHaveLength(PROFILE_PRODUCTS_MAX);
    expect(products.slice(0, 3)).toEqual(['P0', 'P149', 'P148']);
    expect(new Set(products).size).toBe(PROFILE_PRODUCTS_MAX);
  });

  it('counts an exchange as a purchase, and a return as none', () => {
    expect(isBuy(purchase(0, 1n))).toBe(true);
    expect(isBuy(purchase(0, -1n))).toBe(false);
    expect(isBuy(purchase(0, 0n, { products: [] }))).toBe(false);
    const [sold] = purchase(0, 800n).products;
    const [back] = purchase(0, -1_000n).products;
    if (sold === undefined || back === undefined) throw new Error('a purchase has products');
    expect(isBuy({ ...purchase(0, -200n), products: [sold, back] })).toBe(true);
  });

  it('counts an ongoing visit as ending now', () => {
    const here = personOf({ visits: [visit(NOON_MS - HOUR_MS, 3 * DAY_MS)] });
    expect(profileAt(here)).toMatchObject({ visits: 1, lastVisitDays: 0 });
  });

  it('describes each of its fields in both languages, with its type', () => {
    const profile = profileAt(person);
    expect(Object.keys(PROFILE_FIELDS)).toEqual(Object.keys(profile));
    for (const [name, { type, en, zh }] of Object.entries(PROFILE_FIELDS)) {
      const value = profile[name as keyof Profile];
      const found = Array.isArray(value) ? 'list<string>' : typeof value === 'boolean' ? 'bool' : 'number';
      expect([type, 'number'], name).toContain(found);
      expect(en.length * zh.length).toBeGreaterThan(0);
    }
  });
});

const atMs = fc.integer({ min: NOON_MS - 500 * DAY_MS, max: NOON_MS + 500 * DAY_MS });
const store = fc.constantFrom(...STORES);
const anyPerson: fc.Arbitrary<Person> = fc
  .record({
    createdAtMs: atMs,
    purchases: fc.array(
      fc
        .tuple(atMs, fc.bigInt({ min: -5_000_000n, max: 9_000_000n }), store, fc.subarray(['A1', 'A2', 'B1']))
        .map(([closedAtMs, net, where, products]) => purchase(closedAtMs, net, { store: where, products })),
      { maxLength: 8 },
    ),
    visits: fc.array(
      fc
        .tuple(atMs, fc.integer({ min: 0, max: DAY_MS }), store)
        .map(([from, length, where]) => visit(from, length, where)),
      { maxLength: 5 },
    ),
    links: fc.array(
      atMs.map((ms) => member(`M${ms}`, ms)),
      { maxLength: 3 },
    ),
    consents: fc.array(
      atMs.map((ms) => consent('push', ms)),
      { maxLength: 3 },
    ),
    pushes: fc.array(
      fc
        .tuple(atMs, store)
        .map(([ms, { storeId }]) => ({ campaignId: 'c' as never, storeId, decisionId: `c~${ms}`, atMs: ms })),
      { maxLength: 5 },
    ),
  })
  .map(personOf);

describe('any profile', () => {
  it('ignores later rows', () => {
    fc.assert(
      fc.property(anyPerson, atMs, store, (person, nowMs, where) => {
        const until = personOf({
          ...person,
          purchases: person.purchases.filter(({ closedAtMs }) => closedAtMs <= nowMs),
          visits: person.visits
            .filter(({ firstSeenAtMs }) => firstSeenAtMs <= nowMs)
            .map((one) => ({ ...one, lastSeenAtMs: Math.min(one.lastSeenAtMs, nowMs) })),
          links: person.links.filter(({ linkedAtMs }) => linkedAtMs <= nowMs),
          pushes: person.pushes.filter((one) => one.atMs <= nowMs),
        });
        expect(profileAt(person, nowMs, where)).toEqual(profileAt(until, nowMs, where));
      }),
    );
  });

  it('has no more purchases at the store than in the city, and no more there than in all', () => {
    fc.assert(
      fc.property(anyPerson, atMs, store, (person, nowMs, where) => {
        const profile = profileAt(person, nowMs, where);
        expect(profile.buysHere).toBeLessThanOrEqual(profile.buysInCity);
        expect(profile.buysInCity).toBeLessThanOrEqual(profile.buys);
        expect(profile.buysLast90Days).toBeLessThanOrEqual(profile.buys);
        expect(profile.lastBuyDays === -1).toBe(profile.buys === 0);
        expect(profile.lastVisitHereDays === -1).toBe(profile.visitsHere === 0);
        if (profile.lastBuyHereDays !== -1)
          expect(profile.lastBuyDays).toBeLessThanOrEqual(profile.lastBuyHereDays);
        for (const days of [
          profile.knownDays,
          profile.lastBuyDays,
          profile.lastVisitDays,
          profile.memberDays,
        ])
          expect(days).toBeGreaterThanOrEqual(-1);
      }),
    );
  });

  it('has the hour and the day of the week of the store’s clock', () => {
    fc.assert(
      fc.property(atMs, timeZone, (nowMs, zone) => {
        const { hour, weekday } = profileAt(NEW_CUSTOMER, nowMs, { ...SZ01, timeZone: zone });
        const wall = formatLocalTime({ instantMs: nowMs, offsetMinutes: offsetMinutesAt(nowMs, zone) });
        expect(hour).toBe(Number(wall.slice(11, 13)));
        expect(weekday % 7).toBe(new Date(`${wall.slice(0, 10)}T00:00:00Z`).getUTCDay());
      }),
    );
  });
});
