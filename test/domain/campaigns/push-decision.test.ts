import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CAP_PER_DAY_MAX,
  type Campaign,
  COOLDOWN_HOURS_MAX,
  HOLDOUT_SHARE_MAX,
} from '#domain/campaigns/campaign.ts';
import { isHeldOut } from '#domain/campaigns/holdout.ts';
import {
  APPROACH_MS,
  applyDecision,
  DECISION_REASONS,
  type Decision,
  type DecisionContext,
  type DecisionReason,
  decide,
  decisionIdOf,
  ENTRY_AGE_MS_MAX,
  ENTRY_AHEAD_MS_MAX,
  type GeofenceEntry,
  isDecided,
  isQualifying,
  NO_PUSHES,
  PUSH_HISTORY_DAYS_MAX,
  PUSH_HISTORY_MAX,
  type PushHistory,
  type SentPush,
} from '#domain/campaigns/push-decision.ts';
import { formatLocalTime, offsetMinutesAt } from '#domain/chain/business-day.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#domain/chain/duration.ts';
import type { CampaignId, PersonId, ProductId } from '#domain/chain/ids.ts';
import type { Jurisdiction } from '#domain/chain/law-settings.ts';
import type { Store } from '#domain/chain/store.ts';
import { hasConsent } from '#domain/people/customers/consent.ts';
import type { Person } from '#domain/people/customers/customer.ts';
import { GZ01, SZ01, SZ02, storeOf } from '../../support/chain.ts';
import {
  audienceOf,
  campaignOf,
  consent,
  decided,
  entryAt,
  NOON_MS,
  PERSON_ID,
  personOf,
  personOnSide,
  phone,
  purchase,
} from './world.ts';

const sentPush = (atMs: number, more: Partial<SentPush> = {}): SentPush => ({
  decisionId: `other~${atMs}`,
  campaignId: 'other' as CampaignId,
  storeId: SZ01.storeId,
  atMs,
  isDryRun: false,
  ...more,
});
const historyOf = (...pushes: readonly SentPush[]): PushHistory => ({ pushes });

const ENTRY = entryAt(NOON_MS);
const NOW_MS = ENTRY.receivedAtMs;
const reasonOf = (
  campaign: Partial<Campaign>,
  more: Partial<DecisionContext> = {},
  entry = ENTRY,
): DecisionReason => decided(campaignOf(campaign), entry, more).reason;

describe('a customer near a store', () => {
  it('is pushed where every gate passes', () => {
    expect(decided(campaignOf(), ENTRY)).toEqual({
      decisionId: `autumn~sz01~${PERSON_ID}~${NOON_MS}`,
      campaignId: 'autumn',
      personId: PERSON_ID,
      storeId: 'sz01',
      atMs: NOW_MS,
      reason: 'pushed',
      isHeldOut: false,
      isDryRun: false,
    });
  });

  it('is not pushed by a draft, a paused campaign or a dry run', () => {
    expect(reasonOf({ status: 'draft' })).toBe('not live');
    expect(reasonOf({ status: 'paused' })).toBe('not live');
    expect(decided(campaignOf({ status: 'dry-run' }), ENTRY)).toMatchObject({
      reason: 'dry run',
      isDryRun: true,
    });
  });

  it('is pushed from the start of a campaign until before its end', () => {
    expect(reasonOf({ fromMs: NOW_MS })).toBe('pushed');
    expect(reasonOf({ fromMs: NOW_MS + 1 })).toBe('not live');
    expect(reasonOf({ untilMs: NOW_MS + 1 })).toBe('pushed');
    expect(reasonOf({ untilMs: NOW_MS })).toBe('not live');
  });

  it('is pushed at the campaign’s stores only', () => {
    expect(reasonOf({ stores: [{ kind: 'city', id: SZ01.cityId }] })).toBe('pushed');
    expect(reasonOf({ stores: [{ kind: 'store', id: SZ02.storeId }] })).toBe('not this store');
    expect(reasonOf({ stores: [] })).toBe('not this store');
    expect(reasonOf({}, { store: SZ02 })).toBe('not this store');
  });

  it('is pushed for an entry of at most ten minutes, waiting for a retry included', () => {
    const late = (lateMs: number, more: Partial<DecisionContext> = {}) =>
      reasonOf({}, more, entryAt(NOON_MS, { lateMs }));
    expect(late(ENTRY_AGE_MS_MAX)).toBe('pushed');
    expect(late(ENTRY_AGE_MS_MAX + 1)).toBe('stale');
    expect(late(0, { nowMs: NOON_MS + ENTRY_AGE_MS_MAX })).toBe('pushed');
    expect(late(0, { nowMs: NOON_MS + ENTRY_AGE_MS_MAX + 1 })).toBe('stale');
    expect(late(-ENTRY_AHEAD_MS_MAX)).toBe('pushed');
    expect(late(-ENTRY_AHEAD_MS_MAX - 1)).toBe('stale');
  });

  it('is decided as of the day of the entry in a dry run, however long ago', () => {
    const dryRun = campaignOf({ status: 'dry-run' });
    const lastWeek = entryAt(NOON_MS - 7 * DAY_MS, { lateMs: DAY_MS });
    expect(decided(dryRun, lastWeek, { nowMs: NOON_MS })).toMatchObject({
      reason: 'dry run',
      atMs: NOON_MS - 7 * DAY_MS,
    });
    const atNight = entryAt(Date.parse('2026-11-20T23:00:00+08:00'));
    expect(decided(dryRun, atNight, { nowMs: NOON_MS }).reason).toBe('quiet hours');
    expect(decided(dryRun, entryAt(NOON_MS, { lateMs: -ENTRY_AHEAD_MS_MAX - 1 })).reason).toBe('stale');
  });

  it('is pushed with both consents only, as of the decision', () => {
    const agreed = (consents: Person['consents']) => reasonOf({}, { person: personOf({ consents }) });
    const [location, push] = [consent('location', NOW_MS), consent('push', NOW_MS)];
    expect(agreed([location, push])).toBe('pushed');
    expect(agreed([push])).toBe('no location consent');
    expect(agreed([location])).toBe('no push consent');
    expect(agreed([])).toBe('no location consent');
    expect(agreed([location, consent('push', NOW_MS + 1)])).toBe('no push consent');
    expect(agreed([consent('location', NOW_MS - 1), consent('location', NOW_MS, false), push])).toBe(
      'no location consent',
    );
    expect(agreed([consent('push', NOW_MS - 1, false), location, push])).toBe('pushed');
    expect(agreed([consent('profile', 0), consent('personal-offers', 0), push])).toBe('no location consent');
  });

  it('is pushed with a phone that accepts pushes', () => {
    const carrying = (links: Person['links']) => reasonOf({}, { person: personOf({ links }) });
    expect(carrying([phone('a', NOW_MS)])).toBe('pushed');
    expect(carrying([phone('a', NOW_MS + 1)])).toBe('no phone');
    const { endpointArn: _, ...silent } = phone('a', 0);
    expect(carrying([silent])).toBe('no phone');
    expect(carrying([silent, phone('b', 0)])).toBe('pushed');
    expect(carrying([])).toBe('no phone');
  });

  it('is pushed after a purchase in the store, the city or the chain within the given days', () => {
    const bought = (where: 'store' | 'city' | 'chain', purchases: Person['purchases']) =>
      reasonOf({ boughtBefore: { where, withinDays: 90 } }, { person: personOf({ purchases }) });
    const edgeMs = NOW_MS - 90 * DAY_MS;
    expect(bought('store', [purchase(edgeMs, 1n)])).toBe('pushed');
    expect(bought('store', [purchase(edgeMs - 1, 1n)])).toBe('not bought before');
    expect(bought('store', [purchase(NOW_MS, 1n)])).toBe('pushed');
    expect(bought('store', [purchase(NOW_MS + 1, 1n)])).toBe('not bought before');
    expect(bought('store', [purchase(edgeMs, -1n)])).toBe('not bought before');
    expect(bought('store', [])).toBe('not bought before');
    const [inTown, away] = [purchase(edgeMs, 1n, { store: SZ02 }), purchase(edgeMs, 1n, { store: GZ01 })];
    expect(bought('store', [inTown])).toBe('not bought before');
    expect(bought('city', [inTown])).toBe('pushed');
    expect(bought('city', [away])).toBe('not bought before');
    expect(bought('chain', [away])).toBe('pushed');
    const { boughtBefore: _, ...unrestricted } = campaignOf();
    expect(decided(unrestricted, ENTRY, { person: personOf({ purchases: [] }) }).reason).toBe('pushed');
  });

  it('is pushed as part of the audience, as of the decision', () => {
    expect(reasonOf({ audience: 'buysHere == 1 && hour == 14' })).toBe('pushed');
    expect(reasonOf({ audience: 'buysHere > 1' })).toBe('not audience');
    const later = [purchase(NOON_MS - DAY_MS, 1n), purchase(NOON_MS + DAY_MS, 1n)];
    expect(reasonOf({ audience: 'buysHere > 1' }, { person: personOf({ purchases: later }) })).toBe(
      'not audience',
    );
    expect(reasonOf({ audience: '1 / (buys - 1) > 0' })).toBe('audience unreadable');
    const { reason } = decide(campaignOf(), undefined, ENTRY, {
      person: personOf(),
      store: SZ01,
      history: NO_PUSHES,
      pushesSoFar: 0,
      nowMs: NOW_MS,
    });
    expect(reason).toBe('audience unreadable');
  });

  it('is pushed in opening hours and outside quiet hours, as of the decision', () => {
    const shut: Store = { ...SZ01, openingHours: [{ days: [7], open: '14:01', close: '20:00' }] };
    expect(reasonOf({}, { store: shut })).toBe('store closed');
    const eveningMs = Date.parse('2026-11-22T20:59:00+08:00');
    const inTheEvening = entryAt(eveningMs);
    expect(reasonOf({}, {}, inTheEvening)).toBe('pushed');
    expect(reasonOf({}, { nowMs: eveningMs + MINUTE_MS }, inTheEvening)).toBe('quiet hours');
  });

  it('is pushed a product that is in stock', () => {
    const offer = { ...campaignOf().offer, productId: 'A1' as ProductId };
    expect(reasonOf({ offer }, { onHand: 1 })).toBe('pushed');
    expect(reasonOf({ offer }, { onHand: 0 })).toBe('out of stock');
    expect(reasonOf({ offer }, { onHand: -2 })).toBe('out of stock');
    expect(reasonOf({ offer })).toBe('stock unknown');
    expect(reasonOf({}, { onHand: 0 })).toBe('pushed');
  });

  it('is pushed up to the cap on one calendar day, by all campaigns and stores together', () => {
    const midnightMs = Date.parse('2026-11-22T00:00:00+08:00');
    const elsewhere = { storeId: GZ01.storeId };
    const cap = { capPerDay: 2, cooldownHours: 0 };
    const one = sentPush(midnightMs, elsewhere);
    expect(reasonOf(cap, { history: historyOf(one) })).toBe('pushed');
    expect(reasonOf(cap, { history: historyOf(one, sentPush(NOW_MS - 1, elsewhere)) })).toBe('capped');
    expect(reasonOf(cap, { history: historyOf(one, sentPush(midnightMs - 1, elsewhere)) })).toBe('pushed');
    expect(reasonOf({ ...cap, capPerDay: 0 })).toBe('capped');
  });

  it('is pushed at the same store again after the cooldown', () => {
    const cool = { capPerDay: 5, cooldownHours: 24 };
    expect(reasonOf(cool, { history: historyOf(sentPush(NOW_MS - DAY_MS)) })).toBe('pushed');
    expect(reasonOf(cool, { history: historyOf(sentPush(NOW_MS - DAY_MS + 1)) })).toBe('cooling down');
    expect(reasonOf(cool, { history: historyOf(sentPush(NOW_MS, { storeId: SZ02.storeId })) })).toBe(
      'pushed',
    );
    expect(reasonOf(cool, { history: historyOf(sentPush(NOW_MS + HOUR_MS)) })).toBe('cooling down');
    expect(reasonOf({ ...cool, cooldownHours: 0 }, { history: historyOf(sentPush(NOW_MS)) })).toBe('pushed');
  });

  it('is pushed once by a campaign where two stores are approached at once (P8)', () => {
    const campaignId = campaignOf().campaignId;
    const atOther = (agoMs: number, more: Partial<SentPush> = {}) =>
      historyOf(sentPush(NOW_MS - agoMs, { storeId: SZ02.storeId, campaignId, ...more }));
    const cap = { capPerDay: 2 };
    expect(reasonOf(cap, { history: atOther(1_000) })).toBe('cooling down');
    expect(reasonOf(cap, { history: atOther(APPROACH_MS - 1) })).toBe('cooling down');
    expect(reasonOf(cap, { history: atOther(APPROACH_MS) })).toBe('pushed');
    expect(reasonOf(cap, { history: atOther(1_000, { campaignId: 'else' as CampaignId }) })).toBe('pushed');
  });

  it('is pushed after the longest cooldown, which the history covers', () => {
    const cool = { cooldownHours: COOLDOWN_HOURS_MAX };
    const edgeMs = NOW_MS - COOLDOWN_HOURS_MAX * HOUR_MS;
    expect(reasonOf(cool, { history: historyOf(sentPush(edgeMs)) })).toBe('pushed');
    expect(reasonOf(cool, { history: historyOf(sentPush(edgeMs + 1)) })).toBe('cooling down');
    expect(COOLDOWN_HOURS_MAX * HOUR_MS).toBeLessThan(PUSH_HISTORY_DAYS_MAX * DAY_MS);
  });

  it('is pushed despite dry runs; a dry run counts pushes and its own decisions', () => {
    const dryRuns = historyOf(sentPush(NOW_MS - 1, { isDryRun: true }));
    expect(reasonOf({}, { history: dryRuns })).toBe('pushed');
    expect(reasonOf({ status: 'dry-run' }, { history: dryRuns })).toBe('dry run');
    const own = historyOf(sentPush(NOW_MS - 1, { isDryRun: true, campaignId: 'autumn' as CampaignId }));
    expect(reasonOf({ status: 'dry-run' }, { history: own })).toBe('cooling down');
    expect(reasonOf({ status: 'dry-run' }, { history: historyOf(sentPush(NOW_MS - 1)) })).toBe(
      'cooling down',
    );
  });

  it('is pushed until the budget is spent', () => {
    expect(reasonOf({ budget: { pushesMax: 10 } }, { pushesSoFar: 9 })).toBe('pushed');
    expect(reasonOf({ budget: { pushesMax: 10 } }, { pushesSoFar: 10 })).toBe('budget spent');
  });

  it('gets a duplicate for a repeated entry, also from another phone', () => {
    const first = decided(campaignOf(), ENTRY);
    const history = applyDecision(NO_PUSHES, first);
    expect(isDecided(history, first.decisionId)).toBe(true);
    expect(reasonOf({}, { history })).toBe('duplicate');
    expect(reasonOf({}, { history }, entryAt(NOON_MS, { deviceId: 'phone-2' }))).toBe('duplicate');
    expect(reasonOf({}, { history }, entryAt(NOON_MS + 1))).toBe('cooling down');
    expect(reasonOf({ status: 'paused' }, { history })).toBe('duplicate');
  });
});

describe('a customer who is held out', () => {
  const campaign = campaignOf({ holdoutShare: 0.2 });
  const [out, notOut] = [personOnSide(campaign, true), personOnSide(campaign, false)];
  const entryOf = (personId: PersonId, atMs = NOON_MS) => entryAt(atMs, { personId });

  it('is not pushed where another is, and every decision records its arm', () => {
    expect(decided(campaign, entryOf(notOut))).toMatchObject({ reason: 'pushed', isHeldOut: false });
    expect(decided(campaign, entryOf(out))).toMatchObject({ reason: 'held out', isHeldOut: true });
    expect(decided({ ...campaign, status: 'dry-run' }, entryOf(out)).reason).toBe('held out');
    expect(decided({ ...campaign, status: 'paused' }, entryOf(out))).toMatchObject({
      reason: 'not live',
      isHeldOut: true,
    });
  });

  it('cools down and is capped exactly as a customer who was pushed', () => {
    const times = [0, 1, 23, 24, 25, 30, 48, 49].map((hours) => NOON_MS + hours * HOUR_MS);
    const waking = { ...campaign, quiet: { from: '03:00', until: '03:01' } };
    const courseOf = (personId: PersonId): DecisionReason[] => {
      let history = NO_PUSHES;
      return times.map((atMs) => {
        const decision = decided(waking, entryOf(personId, atMs), { history });
        history = applyDecision(history, decision);
        return decision.reason;
      });
    };
    expect(courseOf(notOut)).toContain('cooling down');
    expect(courseOf(out)).toEqual(
      courseOf(notOut).map((reason) => (reason === 'pushed' ? 'held out' : reason)),
    );
  });
});

/** Everything that a decision depends on; every gate passes. */
interface World {
  readonly campaign: Campaign;
  readonly audience: string | undefined;
  readonly entry: GeofenceEntry;
  readonly store: Store;
  readonly person: Person;
  readonly history: PushHistory;
  readonly onHand: number | undefined;
  readonly pushesSoFar: number;
}

const WELL: World = {
  campaign: campaignOf({ offer: { ...campaignOf().offer, productId: 'A1' as ProductId } }),
  audience: 'true',
  entry: ENTRY,
  store: SZ01,
  person: personOf(),
  history: NO_PUSHES,
  onHand: 3,
  pushesSoFar: 0,
};

const changed = (world: World, more: Partial<Campaign>): World => ({
  ...world,
  campaign: { ...world.campaign, ...more },
});
const without = (world: World, purpose: string): World => ({
  ...world,
  person: {
    ...world.person,
    consents: world.person.consents.filter((one) => one.purpose !== purpose),
  },
});

/** For each gate a change that fails it and no other. */
const BREACHES: Readonly<
  Record<Exclude<DecisionReason, 'pushed' | 'dry run' | 'held out'>, (world: World) => World>
> = {
  duplicate: (world) => ({
    ...world,
    history: {
      pushes: [
        ...world.history.pushes,
        sentPush(NOW_MS - 20 * DAY_MS, {
          decisionId: decisionIdOf(world.campaign, world.entry),
          isDryRun: true,
        }),
      ],
    },
  }),
  'not live': (world) => changed(world, { status: 'paused' }),
  'not this store': (world) => changed(world, { stores: [] }),
  stale: (world) => ({ ...world, entry: { ...world.entry, receivedAtMs: NOON_MS + ENTRY_AGE_MS_MAX + 1 } }),
  'no location consent': (world) => without(world, 'location'),
  'no push consent': (world) => without(world, 'push'),
  refused: (world) => ({
    ...world,
    person: { ...world.person, consents: [...world.person.consents, consent('personal-offers', 0, false)] },
  }),
  'under age': (world) => ({ ...world, person: { ...world.person, birthYear: 2015 } }),
  'no phone': (world) => ({ ...world, person: { ...world.person, links: [] } }),
  'not bought before': (world) => ({ ...world, person: { ...world.person, purchases: [] } }),
  'not audience': (world) => ({ ...world, audience: 'false' }),
  'audience unreadable': (world) => ({ ...world, audience: undefined }),
  'health service': (world) => ({ ...world, store: { ...world.store, isHealthService: true } }),
  'store closed': (world) => ({ ...world, store: { ...world.store, openingHours: [] } }),
  'quiet hours': (world) => changed(world, { quiet: { from: '12:00', until: '15:00' } }),
  'stock unknown': (world) => ({ ...world, onHand: undefined }),
  'out of stock': (world) => ({ ...world, onHand: 0 }),
  capped: (world) => changed(world, { capPerDay: 0 }),
  'cooling down': (world) => ({
    ...world,
    history: { pushes: [...world.history.pushes, sentPush(NOW_MS - 23 * HOUR_MS)] },
  }),
  'budget spent': (world) => ({ ...world, pushesSoFar: world.campaign.budget.pushesMax }),
};
type Gate = keyof typeof BREACHES;
const GATES = DECISION_REASONS.filter((reason): reason is Gate => Object.hasOwn(BREACHES, reason));
/** Gates that cannot both fail. */
const EITHER: ReadonlyArray<readonly [Gate, Gate]> = [
  ['not audience', 'audience unreadable'],
  ['stock unknown', 'out of stock'],
];

const judge = ({ campaign, audience, entry, store, person, history, onHand, pushesSoFar }: World): Decision =>
  decide(campaign, audience === undefined ? undefined : audienceOf(audience), entry, {
    person,
    store,
    history,
    onHand,
    pushesSoFar,
    nowMs: entry.receivedAtMs,
  });

describe('a gate', () => {
  it('has a reason of its own, beside the three reasons after all gates', () => {
    expect([...GATES, 'held out', 'dry run', 'pushed']).toEqual([...DECISION_REASONS]);
    expect(judge(WELL).reason).toBe('pushed');
  });

  it.each(GATES)('rejects a customer who fails it, held out or not: %s', (gate) => {
    expect(judge(BREACHES[gate](WELL)).reason).toBe(gate);
    const half = changed(WELL, { holdoutShare: HOLDOUT_SHARE_MAX });
    const personId = personOnSide(half.campaign, true);
    const heldOut = { ...half, entry: { ...ENTRY, personId } };
    expect(judge(heldOut).reason).toBe('held out');
    expect(judge(BREACHES[gate](heldOut)).reason).toBe(gate);
  });

  it('is the reason where it is the first in order that fails', () => {
    const some = fc
      .subarray(GATES)
      .filter((gates) => !EITHER.some((pair) => pair.every((gate) => gates.includes(gate))));
    fc.assert(
      fc.property(some, fc.boolean(), (gates, isDryRun) => {
        const start = isDryRun ? changed(WELL, { status: 'dry-run' }) : WELL;
        // A dry run accepts old entries, so only an entry from the future is stale.
        const passed = isDryRun ? gates.filter((gate) => gate !== 'stale') : gates;
        const world = passed.reduce((breached, gate) => BREACHES[gate](breached), start);
        expect(judge(world).reason).toBe(
          DECISION_REASONS.find((reason) => passed.some((gate) => gate === reason)) ??
            (isDryRun ? 'dry run' : 'pushed'),
        );
      }),
    );
  });
});

/** Geofence entries of some customers over some days, in the order of their arrival. */
interface Walk {
  readonly campaigns: readonly Campaign[];
  readonly persons: readonly Person[];
  readonly entries: readonly GeofenceEntry[];
  readonly store: Store;
}

const ZONES = ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York'] as const;
/** Nights on which clocks change, and one on which they do not. */
const STARTS = ['2026-03-28T12:00:00Z', '2026-10-31T12:00:00Z', '2026-11-22T00:00:00Z'].map(Date.parse);

const clock = fc
  .integer({ min: 0, max: 1_439 })
  .map(
    (minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`,
  );

const walk: fc.Arbitrary<Walk> = fc
  .record({
    startMs: fc.constantFrom(...STARTS),
    zone: fc.constantFrom(...ZONES),
    campaigns: fc.array(
      fc.record({
        status: fc.constantFrom('live' as const, 'live' as const, 'paused' as const, 'dry-run' as const),
        quiet: fc.record({ from: clock, until: clock }),
        capPerDay: fc.integer({ min: 1, max: CAP_PER_DAY_MAX }),
        cooldownHours: fc.constantFrom(1, 6, 24, COOLDOWN_HOURS_MAX),
        holdoutShare: fc.constantFrom(0, 0.2, HOLDOUT_SHARE_MAX),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    persons: fc.array(
      fc.array(
        fc.record({
          purpose: fc.constantFrom('location' as const, 'push' as const),
          hours: fc.integer({ min: -10, max: 60 }),
          isGranted: fc.constantFrom(true, true, true, false),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      { minLength: 2, maxLength: 2 },
    ),
    entries: fc.array(
      fc.record({
        who: fc.nat({ max: 1 }),
        phoneOf: fc.nat({ max: 1 }),
        minutes: fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 60 * 60 })),
        lateMs: fc.integer({ min: -3 * MINUTE_MS, max: 12 * MINUTE_MS }),
        times: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 40 },
    ),
    order: fc.array(fc.nat(), { minLength: 120, maxLength: 120 }),
  })
  .map(({ startMs, zone, campaigns, persons, entries, order }) => {
    const store = storeOf('sz01', 'shenzhen', 'south', { timeZone: zone });
    const people = persons.map((consents, index) =>
      personOf({
        personId: `p.${String(index).repeat(26)}` as PersonId,
        links: [phone('phone-0', 0), phone('phone-1', 0)],
        consents: [
          consent('location', startMs - 20 * HOUR_MS),
          consent('push', startMs - 20 * HOUR_MS),
          ...consents.map((one) => consent(one.purpose, startMs + one.hours * HOUR_MS, one.isGranted)),
        ],
      }),
    );
    const delivered = entries.flatMap(({ who, phoneOf, minutes, lateMs, times }) =>
      Array.from({ length: times }, () =>
        entryAt(startMs + minutes * MINUTE_MS, {
          personId: people[who]?.personId ?? PERSON_ID,
          deviceId: `phone-${phoneOf}`,
          lateMs,
        }),
      ),
    );
    return {
      store,
      persons: people,
      campaigns: campaigns.map((one, index) =>
        campaignOf({
          ...one,
          campaignId: `c${index}` as CampaignId,
          fromMs: 0,
          boughtBefore: { where: 'chain', withinDays: 3_660 },
        }),
      ),
      // Delivered in any order.
      entries: delivered
        .map((entry, index) => ({ entry, key: order[index] ?? 0 }))
        .sort((a, b) => a.key - b.key)
        .map(({ entry }) => entry),
    };
  });

/** The decisions of a walk, in the order in which they were made. */
function walked({
  campaigns,
  persons,
  entries,
  store,
}: Walk): Array<Decision & { readonly campaign: Campaign }> {
  const history = new Map<PersonId, PushHistory>();
  const everyCustomer = audienceOf('true');
  return entries.flatMap((entry) =>
    campaigns.map((campaign) => {
      const person = persons.find((one) => one.personId === entry.personId) ?? personOf();
      const state = history.get(entry.personId) ?? NO_PUSHES;
      const decision = decide(campaign, everyCustomer, entry, {
        person,
        store,
        history: state,
        pushesSoFar: 0,
        nowMs: Math.max(entry.receivedAtMs, entry.sampleAtMs - ENTRY_AHEAD_MS_MAX),
      });
      const next = applyDecision(state, decision);
      expect(applyDecision(next, decision)).toEqual(next);
      history.set(entry.personId, next);
      return { ...decision, campaign };
    }),
  );
}

const wallOf = (atMs: number, { timeZone }: Store): string =>
  formatLocalTime({ instantMs: atMs, offsetMinutes: offsetMinutesAt(atMs, timeZone) });

describe('a sequence of entries in any order, with repeats', () => {
  const RUNS = { numRuns: 400 };

  it('leads to at most one push or holdout per customer, store and cooldown', () => {
    fc.assert(
      fc.property(walk, (one) => {
        const claims = walked(one).filter((decision) => isQualifying(decision) && !decision.isDryRun);
        claims.forEach((later, index) => {
          for (const earlier of claims.slice(0, index)) {
            if (earlier.personId !== later.personId) continue;
            expect(earlier.decisionId).not.toBe(later.decisionId);
            expect(Math.abs(later.atMs - earlier.atMs)).toBeGreaterThanOrEqual(
              later.campaign.cooldownHours * HOUR_MS,
            );
          }
        });
      }),
      RUNS,
    );
  });

  it('leads to no more pushes a day than the cap', () => {
    fc.assert(
      fc.property(walk, (one) => {
        const claims = walked(one).filter((decision) => isQualifying(decision) && !decision.isDryRun);
        claims.forEach((decision, index) => {
          const day = wallOf(decision.atMs, one.store).slice(0, 10);
          const sameDay = claims
            .slice(0, index + 1)
            .filter(
              (other) =>
                other.personId === decision.personId && wallOf(other.atMs, one.store).startsWith(day),
            );
          expect(sameDay.length).toBeLessThanOrEqual(decision.campaign.capPerDay);
        });
      }),
      RUNS,
    );
  });

  it('leads to no push without both consents, in the holdout, in quiet hours, or by a campaign that is not live', () => {
    fc.assert(
      fc.property(walk, (one) => {
        for (const { reason, personId, atMs, campaign } of walked(one)) {
          if (reason !== 'pushed') continue;
          const { consents = [] } = one.persons.find((person) => person.personId === personId) ?? {};
          expect(hasConsent(consents, 'location', atMs) && hasConsent(consents, 'push', atMs)).toBe(true);
          expect(isHeldOut(campaign.campaignId, personId, campaign.holdoutShare)).toBe(false);
          expect(campaign.status).toBe('live');
          const shown = wallOf(atMs, one.store).slice(11, 16);
          const { from, until } = campaign.quiet;
          expect(from < until ? shown < from || shown >= until : shown < from && shown >= until).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('covers every kind of decision', () => {
    const seen = new Set<DecisionReason>();
    for (const one of fc.sample(walk, { numRuns: 300, seed: 7 })) {
      for (const { reason } of walked(one)) seen.add(reason);
    }
    for (const reason of [
      'pushed',
      'held out',
      'dry run',
      'cooling down',
      'quiet hours',
      'duplicate',
      'stale',
      'no push consent',
    ] as const)
      expect([...seen]).toContain(reason);
  });
});

describe('an hour at the edge of a geofence', () => {
  it('leads to one push, with two phones, jitter and repeated events', () => {
    let history = NO_PUSHES;
    const reasons: DecisionReason[] = [];
    for (let second = 0; second < 3_600; second += 20) {
      for (const deviceId of ['phone-1', 'phone-2', 'phone-1']) {
        const entry = entryAt(NOON_MS + second * 1_000 + (deviceId === 'phone-2' ? 400 : 0), { deviceId });
        const decision = decided(campaignOf(), entry, { history });
        history = applyDecision(history, decision);
        reasons.push(decision.reason);
      }
    }
    expect(reasons.filter((reason) => reason === 'pushed')).toHaveLength(1);
    expect(new Set(reasons)).toEqual(new Set(['pushed', 'duplicate', 'cooling down']));
  });
});

describe('the push history', () => {
  const decision = decided(campaignOf(), ENTRY);

  it('holds pushes and holdouts of 31 days, in order of time', () => {
    const edgeMs = NOW_MS - PUSH_HISTORY_DAYS_MAX * DAY_MS;
    const state = historyOf(sentPush(edgeMs - 1), sentPush(edgeMs), sentPush(NOW_MS + 5));
    expect(applyDecision(state, decision).pushes.map(({ atMs }) => atMs)).toEqual([
      edgeMs,
      NOW_MS,
      NOW_MS + 5,
    ]);
    expect(applyDecision(state, { ...decision, reason: 'capped' })).toBe(state);
    expect(applyDecision(NO_PUSHES, { ...decision, reason: 'held out' }).pushes).toHaveLength(1);
  });

  it('is bounded, and a full history caps further pushes', () => {
    const full = historyOf(
      ...Array.from({ length: PUSH_HISTORY_MAX }, (_, index) =>
        sentPush(NOW_MS - (index + 25) * HOUR_MS * 2, { storeId: SZ02.storeId, decisionId: `o~${index}` }),
      ),
    );
    expect(reasonOf({ capPerDay: CAP_PER_DAY_MAX }, { history: full })).toBe('capped');
    expect(applyDecision(full, decision).pushes).toHaveLength(PUSH_HISTORY_MAX);
  });

  it('keeps every push that was sent, however many dry runs follow', () => {
    const noise = Array.from({ length: 2 * PUSH_HISTORY_MAX }, (_, index) =>
      sentPush(NOW_MS - index, { isDryRun: true, decisionId: `r~${index}` }),
    );
    const { pushes } = applyDecision(historyOf(sentPush(NOW_MS - 20 * DAY_MS), ...noise), decision);
    expect(pushes.filter(({ isDryRun }) => !isDryRun)).toHaveLength(2);
    expect(pushes.filter(({ isDryRun }) => isDryRun)).toHaveLength(PUSH_HISTORY_MAX);
  });
});

describe('the law of pushes', () => {
  const inLaw = (jurisdiction: Jurisdiction): Store => ({
    ...SZ01,
    law: { jurisdiction, face: 'off', watchList: false },
  });
  const withConsents = (...more: ReturnType<typeof consent>[]): Person => {
    const person = personOf();
    return { ...person, consents: [...person.consents, ...more] };
  };
  const reasonIn = (store: Store, person: Person, campaign: Partial<Campaign> = {}): DecisionReason =>
    reasonOf(campaign, { store, person });
  const PLAIN = { audience: 'true' } as const;
  const plainOf = (): Campaign => {
    const { boughtBefore: _, ...campaign } = campaignOf(PLAIN);
    return campaign;
  };

  it.each(['personal-offers', 'profile'] as const)(
    'ends pushes that are selected by the profile once %s was refused, and not before (LAW PIPL 24)',
    (purpose) => {
      const store = inLaw('CN');
      expect(reasonIn(store, personOf())).toBe('pushed');
      expect(reasonIn(store, withConsents(consent(purpose, NOON_MS - DAY_MS, false)))).toBe('refused');
      expect(reasonIn(store, withConsents(consent(purpose, NOON_MS + DAY_MS, false)))).toBe('pushed');
      const changedMind = withConsents(
        consent(purpose, NOON_MS - 2 * DAY_MS, false),
        consent(purpose, NOON_MS - DAY_MS),
      );
      expect(reasonIn(store, changedMind)).toBe('pushed');
    },
  );

  it('leaves pushes that are not selected by the profile in China, and ends every push in the European Union (LAW GDPR 21)', () => {
    const person = withConsents(consent('personal-offers', NOON_MS - DAY_MS, false));
    const inStore = (jurisdiction: Jurisdiction) =>
      decided(plainOf(), ENTRY, { store: inLaw(jurisdiction), person }).reason;
    expect(inStore('CN')).toBe('pushed');
    for (const jurisdiction of ['EU', 'UK', 'NZ'] as const) expect(inStore(jurisdiction)).toBe('refused');
    expect(decided(plainOf(), ENTRY, { store: SZ01, person }).reason).toBe('refused');
  });

  it.each([
    ['CN', 14],
    ['EU', 16],
    ['UK', 13],
    ['US', 13],
    ['US-TX', 13],
    ['US-MD', 18],
  ] as const)(
    'sends nothing in %s to a customer who may be younger than %i, by the year (LAW age)',
    (jurisdiction, age) => {
      const bornIn = (birthYear: number) => reasonIn(inLaw(jurisdiction), personOf({ birthYear }));
      // In 2026 the birthday of a customer born `age` years ago may be still to come.
      expect(bornIn(2026 - age)).toBe('under age');
      expect(bornIn(2026 - age - 1)).toBe('pushed');
      expect(reasonIn(inLaw(jurisdiction), personOf())).toBe('pushed');
    },
  );

  it('takes the strictest age of all where the law of a store is not known, and that of its country where it is', () => {
    const young = personOf({ birthYear: 2010 });
    expect(reasonIn(SZ01, young)).toBe('under age');
    expect(reasonIn({ ...SZ01, country: 'CN' }, young)).toBe('pushed');
    expect(reasonIn({ ...SZ01, country: 'US' }, young)).toBe('under age');
  });

  it('sends nothing from a geofence round a health service where the law forbids it (LAW RCW 19.373.080)', () => {
    const pharmacy = (jurisdiction: Jurisdiction): Store => ({
      ...inLaw(jurisdiction),
      isHealthService: true,
    });
    expect(reasonIn(pharmacy('US'), personOf())).toBe('health service');
    expect(reasonIn(pharmacy('US-MD'), personOf())).toBe('health service');
    expect(reasonIn(pharmacy('CN'), personOf())).toBe('pushed');
    expect(reasonIn(inLaw('US'), personOf())).toBe('pushed');
  });
});
