import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AHEAD_MS_MAX,
  applyDecision,
  CAP_PER_DAY_MAX,
  type Campaign,
  COOLDOWN_HOURS_MAX,
  DECISION_REASONS,
  type Decision,
  type DecisionContext,
  type DecisionReason,
  decide,
  decisionIdOf,
  forbiddenChange,
  type GeofenceEntry,
  HOLDOUT_SHARE_MAX,
  isDecided,
  isQualifying,
  NO_PUSHES,
  PUSH_HISTORY_DAYS_MAX,
  PUSH_HISTORY_MAX,
  type PushHistory,
  type SentPush,
  STALE_MS_MAX,
} from '#domain/campaigns/campaign.ts';
import { isHeldOut } from '#domain/campaigns/holdout.ts';
import { formatLocalTime, offsetMinutesAt } from '#domain/chain/business-day.ts';
import type { CampaignId, PersonId, ProductId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { hasConsent, type Person } from '#domain/people/customers/customer.ts';
import { GZ01, SZ01, SZ02, storeOf } from '../../support/chain.ts';
import {
  audienceOf,
  campaignOf,
  consent,
  DAY_MS,
  decided,
  enterAt,
  HOUR_MS,
  MINUTE_MS,
  NOON_MS,
  PERSON_ID,
  personOf,
  phone,
  purchase,
  somebody,
} from './world.ts';

const reached = (atMs: number, more: Partial<SentPush> = {}): SentPush => ({
  decisionId: `other~${atMs}`,
  campaignId: 'other' as CampaignId,
  storeId: SZ01.storeId,
  atMs,
  isDryRun: false,
  ...more,
});
const reachedBy = (...pushes: readonly SentPush[]): PushHistory => ({ pushes });

const ENTER = enterAt(NOON_MS);
const NOW_MS = ENTER.receivedAtMs;
const reasonOf = (
  campaign: Partial<Campaign>,
  more: Partial<DecisionContext> = {},
  enter = ENTER,
): DecisionReason => decided(campaignOf(campaign), enter, more).reason;

describe('somebody who comes near a store', () => {
  it('is pushed where nothing stands in the way', () => {
    expect(decided(campaignOf(), ENTER)).toEqual({
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

  it('is pushed by no campaign that is a draft or paused, and by a rehearsal in name only', () => {
    expect(reasonOf({ status: 'draft' })).toBe('not live');
    expect(reasonOf({ status: 'paused' })).toBe('not live');
    expect(decided(campaignOf({ status: 'dry-run' }), ENTER)).toMatchObject({
      reason: 'dry run',
      isDryRun: true,
    });
  });

  it('is pushed from the first moment of a campaign until before the last', () => {
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

  it('is pushed on news that is ten minutes old and not a moment older, nor when it waited for a retry', () => {
    const late = (lateMs: number, more: Partial<DecisionContext> = {}) =>
      reasonOf({}, more, enterAt(NOON_MS, { lateMs }));
    expect(late(STALE_MS_MAX)).toBe('pushed');
    expect(late(STALE_MS_MAX + 1)).toBe('stale');
    expect(late(0, { nowMs: NOON_MS + STALE_MS_MAX })).toBe('pushed');
    expect(late(0, { nowMs: NOON_MS + STALE_MS_MAX + 1 })).toBe('stale');
    expect(late(-AHEAD_MS_MAX)).toBe('pushed');
    expect(late(-AHEAD_MS_MAX - 1)).toBe('stale');
  });

  it('is dry-run as of the day on which it was, however long ago', () => {
    const rehearsal = campaignOf({ status: 'dry-run' });
    const lastWeek = enterAt(NOON_MS - 7 * DAY_MS, { lateMs: DAY_MS });
    expect(decided(rehearsal, lastWeek, { nowMs: NOON_MS })).toMatchObject({
      reason: 'dry run',
      atMs: NOON_MS - 7 * DAY_MS,
    });
    const atNight = enterAt(Date.parse('2026-11-20T23:00:00+08:00'));
    expect(decided(rehearsal, atNight, { nowMs: NOON_MS }).reason).toBe('quiet hours');
    expect(decided(rehearsal, enterAt(NOON_MS, { lateMs: -AHEAD_MS_MAX - 1 })).reason).toBe('stale');
  });

  it('is pushed with both consents only, as they stand at that moment', () => {
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

  it('is pushed where they have a phone that takes pushes', () => {
    const carrying = (links: Person['links']) => reasonOf({}, { person: personOf({ links }) });
    expect(carrying([phone('a', NOW_MS)])).toBe('pushed');
    expect(carrying([phone('a', NOW_MS + 1)])).toBe('no phone');
    const { endpointArn: _, ...silent } = phone('a', 0);
    expect(carrying([silent])).toBe('no phone');
    expect(carrying([silent, phone('b', 0)])).toBe('pushed');
    expect(carrying([])).toBe('no phone');
  });

  it('is an earlier buyer: there, in the city or anywhere, within so many days', () => {
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
    const { boughtBefore: _, ...anybody } = campaignOf();
    expect(decided(anybody, ENTER, { person: personOf({ purchases: [] }) }).reason).toBe('pushed');
  });

  it('is of the audience, as of that moment', () => {
    expect(reasonOf({ audience: 'buysHere == 1 && hour == 14' })).toBe('pushed');
    expect(reasonOf({ audience: 'buysHere > 1' })).toBe('not audience');
    const later = [purchase(NOON_MS - DAY_MS, 1n), purchase(NOON_MS + DAY_MS, 1n)];
    expect(reasonOf({ audience: 'buysHere > 1' }, { person: personOf({ purchases: later }) })).toBe(
      'not audience',
    );
    expect(reasonOf({ audience: '1 / (buys - 1) > 0' })).toBe('audience unreadable');
    const { reason } = decide(campaignOf(), undefined, ENTER, {
      person: personOf(),
      store: SZ01,
      history: NO_PUSHES,
      pushesSoFar: 0,
      nowMs: NOW_MS,
    });
    expect(reason).toBe('audience unreadable');
  });

  it('is pushed while the store is open and the hours are not quiet, by the clock of the decision', () => {
    const shut: Store = { ...SZ01, openingHours: [{ days: [7], open: '14:01', close: '20:00' }] };
    expect(reasonOf({}, { store: shut })).toBe('store closed');
    const eveningMs = Date.parse('2026-11-22T20:59:00+08:00');
    const inTheEvening = enterAt(eveningMs);
    expect(reasonOf({}, {}, inTheEvening)).toBe('pushed');
    expect(reasonOf({}, { nowMs: eveningMs + MINUTE_MS }, inTheEvening)).toBe('quiet hours');
  });

  it('is pushed what the store has', () => {
    const offer = { ...campaignOf().offer, productId: 'A1' as ProductId };
    expect(reasonOf({ offer }, { onHand: 1 })).toBe('pushed');
    expect(reasonOf({ offer }, { onHand: 0 })).toBe('out of stock');
    expect(reasonOf({ offer }, { onHand: -2 })).toBe('out of stock');
    expect(reasonOf({ offer })).toBe('stock unknown');
    expect(reasonOf({}, { onHand: 0 })).toBe('pushed');
  });

  it('is pushed so often on a day of the store’s calendar, by all campaigns and at all stores together', () => {
    const midnightMs = Date.parse('2026-11-22T00:00:00+08:00');
    const elsewhere = { storeId: GZ01.storeId };
    const cap = { capPerDay: 2, cooldownHours: 0 };
    const one = reached(midnightMs, elsewhere);
    expect(reasonOf(cap, { history: reachedBy(one) })).toBe('pushed');
    expect(reasonOf(cap, { history: reachedBy(one, reached(NOW_MS - 1, elsewhere)) })).toBe('capped');
    expect(reasonOf(cap, { history: reachedBy(one, reached(midnightMs - 1, elsewhere)) })).toBe('pushed');
    expect(reasonOf({ ...cap, capPerDay: 0 })).toBe('capped');
  });

  it('is pushed at one store again when the cooldown is over', () => {
    const cool = { capPerDay: 5, cooldownHours: 24 };
    expect(reasonOf(cool, { history: reachedBy(reached(NOW_MS - DAY_MS)) })).toBe('pushed');
    expect(reasonOf(cool, { history: reachedBy(reached(NOW_MS - DAY_MS + 1)) })).toBe('cooling down');
    expect(reasonOf(cool, { history: reachedBy(reached(NOW_MS, { storeId: SZ02.storeId })) })).toBe('pushed');
    expect(reasonOf(cool, { history: reachedBy(reached(NOW_MS + HOUR_MS)) })).toBe('cooling down');
    expect(reasonOf({ ...cool, cooldownHours: 0 }, { history: reachedBy(reached(NOW_MS)) })).toBe('pushed');
  });

  it('who was away for 31 days is met as if for the first time', () => {
    const cool = { cooldownHours: COOLDOWN_HOURS_MAX };
    const edgeMs = NOW_MS - COOLDOWN_HOURS_MAX * HOUR_MS;
    expect(reasonOf(cool, { history: reachedBy(reached(edgeMs)) })).toBe('pushed');
    expect(reasonOf(cool, { history: reachedBy(reached(edgeMs + 1)) })).toBe('cooling down');
    expect(COOLDOWN_HOURS_MAX * HOUR_MS).toBeLessThan(PUSH_HISTORY_DAYS_MAX * DAY_MS);
  });

  it('is not kept from a push by a rehearsal, nor a rehearsal by another one; but a rehearsal by pushes', () => {
    const dryRuns = reachedBy(reached(NOW_MS - 1, { isDryRun: true }));
    expect(reasonOf({}, { history: dryRuns })).toBe('pushed');
    expect(reasonOf({ status: 'dry-run' }, { history: dryRuns })).toBe('dry run');
    const own = reachedBy(reached(NOW_MS - 1, { isDryRun: true, campaignId: 'autumn' as CampaignId }));
    expect(reasonOf({ status: 'dry-run' }, { history: own })).toBe('cooling down');
    expect(reasonOf({ status: 'dry-run' }, { history: reachedBy(reached(NOW_MS - 1)) })).toBe('cooling down');
  });

  it('is pushed until the budget is spent', () => {
    expect(reasonOf({ budget: { pushesMax: 10 } }, { pushesSoFar: 9 })).toBe('pushed');
    expect(reasonOf({ budget: { pushesMax: 10 } }, { pushesSoFar: 10 })).toBe('budget spent');
  });

  it('twice told is a duplicate, also by their other phone', () => {
    const first = decided(campaignOf(), ENTER);
    const history = applyDecision(NO_PUSHES, first);
    expect(isDecided(history, first.decisionId)).toBe(true);
    expect(reasonOf({}, { history })).toBe('duplicate');
    expect(reasonOf({}, { history }, enterAt(NOON_MS, { deviceId: 'phone-2' }))).toBe('duplicate');
    expect(reasonOf({}, { history }, enterAt(NOON_MS + 1))).toBe('cooling down');
    expect(reasonOf({ status: 'paused' }, { history })).toBe('duplicate');
  });
});

describe('somebody who is held out', () => {
  const campaign = campaignOf({ holdoutShare: 0.2 });
  const [out, notOut] = [somebody(campaign, true), somebody(campaign, false)];
  const enterOf = (personId: PersonId, atMs = NOON_MS) => enterAt(atMs, { personId });

  it('is not pushed where another is, and every decision says whose arm it is of', () => {
    expect(decided(campaign, enterOf(notOut))).toMatchObject({ reason: 'pushed', isHeldOut: false });
    expect(decided(campaign, enterOf(out))).toMatchObject({ reason: 'held out', isHeldOut: true });
    expect(decided({ ...campaign, status: 'dry-run' }, enterOf(out)).reason).toBe('held out');
    expect(decided({ ...campaign, status: 'paused' }, enterOf(out))).toMatchObject({
      reason: 'not live',
      isHeldOut: true,
    });
  });

  it('cools down and is capped exactly as somebody who was pushed', () => {
    const times = [0, 1, 23, 24, 25, 30, 48, 49].map((hours) => NOON_MS + hours * HOUR_MS);
    const waking = { ...campaign, quiet: { from: '03:00', until: '03:01' } };
    const courseOf = (personId: PersonId): DecisionReason[] => {
      let history = NO_PUSHES;
      return times.map((atMs) => {
        const decision = decided(waking, enterOf(personId, atMs), { history });
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

/** Everything that a decision hangs on, all well. */
interface World {
  readonly campaign: Campaign;
  readonly audience: string | undefined;
  readonly enter: GeofenceEntry;
  readonly store: Store;
  readonly person: Person;
  readonly history: PushHistory;
  readonly onHand: number | undefined;
  readonly pushesSoFar: number;
}

const WELL: World = {
  campaign: campaignOf({ offer: { ...campaignOf().offer, productId: 'A1' as ProductId } }),
  audience: 'true',
  enter: ENTER,
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

/** One way of not passing each gate, which passes all others. */
const BREACHES: Readonly<
  Record<Exclude<DecisionReason, 'pushed' | 'dry run' | 'held out'>, (world: World) => World>
> = {
  duplicate: (world) => ({
    ...world,
    history: {
      pushes: [
        ...world.history.pushes,
        reached(NOW_MS - 20 * DAY_MS, {
          decisionId: decisionIdOf(world.campaign, world.enter),
          isDryRun: true,
        }),
      ],
    },
  }),
  'not live': (world) => changed(world, { status: 'paused' }),
  'not this store': (world) => changed(world, { stores: [] }),
  stale: (world) => ({ ...world, enter: { ...world.enter, receivedAtMs: NOON_MS + STALE_MS_MAX + 1 } }),
  'no location consent': (world) => without(world, 'location'),
  'no push consent': (world) => without(world, 'push'),
  'no phone': (world) => ({ ...world, person: { ...world.person, links: [] } }),
  'not bought before': (world) => ({ ...world, person: { ...world.person, purchases: [] } }),
  'not audience': (world) => ({ ...world, audience: 'false' }),
  'audience unreadable': (world) => ({ ...world, audience: undefined }),
  'store closed': (world) => ({ ...world, store: { ...world.store, openingHours: [] } }),
  'quiet hours': (world) => changed(world, { quiet: { from: '12:00', until: '15:00' } }),
  'stock unknown': (world) => ({ ...world, onHand: undefined }),
  'out of stock': (world) => ({ ...world, onHand: 0 }),
  capped: (world) => changed(world, { capPerDay: 0 }),
  'cooling down': (world) => ({
    ...world,
    history: { pushes: [...world.history.pushes, reached(NOW_MS - 23 * HOUR_MS)] },
  }),
  'budget spent': (world) => ({ ...world, pushesSoFar: world.campaign.budget.pushesMax }),
};
type Gate = keyof typeof BREACHES;
const GATES = DECISION_REASONS.filter((reason): reason is Gate => Object.hasOwn(BREACHES, reason));
/** What cannot be at once with the gate before it. */
const EITHER: ReadonlyArray<readonly [Gate, Gate]> = [
  ['not audience', 'audience unreadable'],
  ['stock unknown', 'out of stock'],
];

const judge = ({ campaign, audience, enter, store, person, history, onHand, pushesSoFar }: World): Decision =>
  decide(campaign, audience === undefined ? undefined : audienceOf(audience), enter, {
    person,
    store,
    history,
    onHand,
    pushesSoFar,
    nowMs: enter.receivedAtMs,
  });

describe('the gates', () => {
  it('are every reason but those of who passed them all', () => {
    expect([...GATES, 'held out', 'dry run', 'pushed']).toEqual([...DECISION_REASONS]);
    expect(judge(WELL).reason).toBe('pushed');
  });

  it.each(GATES)('stop whoever does not pass them, held out or not: %s', (gate) => {
    expect(judge(BREACHES[gate](WELL)).reason).toBe(gate);
    const half = changed(WELL, { holdoutShare: HOLDOUT_SHARE_MAX });
    const personId = somebody(half.campaign, true);
    const heldOut = { ...half, enter: { ...ENTER, personId } };
    expect(judge(heldOut).reason).toBe('held out');
    expect(judge(BREACHES[gate](heldOut)).reason).toBe(gate);
  });

  it('stand in their order: the first that is not passed is the reason', () => {
    const some = fc
      .subarray(GATES)
      .filter((gates) => !EITHER.some((pair) => pair.every((gate) => gates.includes(gate))));
    fc.assert(
      fc.property(some, fc.boolean(), (gates, isRehearsing) => {
        const start = isRehearsing ? changed(WELL, { status: 'dry-run' }) : WELL;
        // Old news may be dry-run, so nothing of a rehearsal is stale but what comes from the future.
        const passed = isRehearsing ? gates.filter((gate) => gate !== 'stale') : gates;
        const world = passed.reduce((breached, gate) => BREACHES[gate](breached), start);
        expect(judge(world).reason).toBe(
          DECISION_REASONS.find((reason) => passed.some((gate) => gate === reason)) ??
            (isRehearsing ? 'dry run' : 'pushed'),
        );
      }),
    );
  });
});

/** What a shopper's phones tell on some days, as the street tells it. */
interface Walk {
  readonly campaigns: readonly Campaign[];
  readonly persons: readonly Person[];
  readonly enters: readonly GeofenceEntry[];
  readonly store: Store;
}

const ZONES = ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York'] as const;
/** Nights on which clocks jump, and one on which they do not. */
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
    enters: fc.array(
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
  .map(({ startMs, zone, campaigns, persons, enters, order }) => {
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
    const told = enters.flatMap(({ who, phoneOf, minutes, lateMs, times }) =>
      Array.from({ length: times }, () =>
        enterAt(startMs + minutes * MINUTE_MS, {
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
      enters: told
        .map((enter, index) => ({ enter, key: order[index] ?? 0 }))
        .sort((a, b) => a.key - b.key)
        .map(({ enter }) => enter),
    };
  });

/** Every decision of a walk, in the order in which they were taken. */
function walked({
  campaigns,
  persons,
  enters,
  store,
}: Walk): Array<Decision & { readonly campaign: Campaign }> {
  const history = new Map<PersonId, PushHistory>();
  const everybody = audienceOf('true');
  return enters.flatMap((enter) =>
    campaigns.map((campaign) => {
      const person = persons.find((one) => one.personId === enter.personId) ?? personOf();
      const state = history.get(enter.personId) ?? NO_PUSHES;
      const decision = decide(campaign, everybody, enter, {
        person,
        store,
        history: state,
        pushesSoFar: 0,
        nowMs: Math.max(enter.receivedAtMs, enter.sampleAtMs - AHEAD_MS_MAX),
      });
      const next = applyDecision(state, decision);
      expect(applyDecision(next, decision)).toEqual(next);
      history.set(enter.personId, next);
      return { ...decision, campaign };
    }),
  );
}

const wallOf = (atMs: number, { timeZone }: Store): string =>
  formatLocalTime({ instantMs: atMs, offsetMinutes: offsetMinutesAt(atMs, timeZone) });

describe('whatever the street tells, in any order and as often as it likes', () => {
  const RUNS = { numRuns: 400 };

  it('somebody is pushed at most once per store and cooldown, and held out as seldom', () => {
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

  it('somebody is pushed no more often on a day than the cap says', () => {
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

  it('nobody is pushed without both consents, of the holdout, in quiet hours, or by a campaign that does not run', () => {
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

  it('the walks do get pushed, held out, cooled down and capped', () => {
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

describe('an hour along the edge of a fence', () => {
  it('brings one push, with two phones, jitter and everything told twice', () => {
    let history = NO_PUSHES;
    const reasons: DecisionReason[] = [];
    for (let second = 0; second < 3_600; second += 20) {
      for (const deviceId of ['phone-1', 'phone-2', 'phone-1']) {
        const enter = enterAt(NOON_MS + second * 1_000 + (deviceId === 'phone-2' ? 400 : 0), { deviceId });
        const decision = decided(campaignOf(), enter, { history });
        history = applyDecision(history, decision);
        reasons.push(decision.reason);
      }
    }
    expect(reasons.filter((reason) => reason === 'pushed')).toHaveLength(1);
    expect(new Set(reasons)).toEqual(new Set(['pushed', 'duplicate', 'cooling down']));
  });
});

describe('what is remembered of a person', () => {
  const decision = decided(campaignOf(), ENTER);

  it('is pushes and holdings-out, for 31 days, in order of time', () => {
    const edgeMs = NOW_MS - PUSH_HISTORY_DAYS_MAX * DAY_MS;
    const state = reachedBy(reached(edgeMs - 1), reached(edgeMs), reached(NOW_MS + 5));
    expect(applyDecision(state, decision).pushes.map(({ atMs }) => atMs)).toEqual([
      edgeMs,
      NOW_MS,
      NOW_MS + 5,
    ]);
    expect(applyDecision(state, { ...decision, reason: 'capped' })).toBe(state);
    expect(applyDecision(NO_PUSHES, { ...decision, reason: 'held out' }).pushes).toHaveLength(1);
  });

  it('is bounded, and whoever reaches the bound is pushed no more', () => {
    const full = reachedBy(
      ...Array.from({ length: PUSH_HISTORY_MAX }, (_, index) =>
        reached(NOW_MS - (index + 25) * HOUR_MS * 2, { storeId: SZ02.storeId, decisionId: `o~${index}` }),
      ),
    );
    expect(reasonOf({ capPerDay: CAP_PER_DAY_MAX }, { history: full })).toBe('capped');
    expect(applyDecision(full, decision).pushes).toHaveLength(PUSH_HISTORY_MAX);
  });

  it('of pushes is not pushed out by rehearsals', () => {
    const noise = Array.from({ length: 2 * PUSH_HISTORY_MAX }, (_, index) =>
      reached(NOW_MS - index, { isDryRun: true, decisionId: `r~${index}` }),
    );
    const { pushes } = applyDecision(reachedBy(reached(NOW_MS - 20 * DAY_MS), ...noise), decision);
    expect(pushes.filter(({ isDryRun }) => !isDryRun)).toHaveLength(2);
    expect(pushes.filter(({ isDryRun }) => isDryRun)).toHaveLength(PUSH_HISTORY_MAX);
  });
});

describe('a campaign that has been live', () => {
  const live = campaignOf({ holdoutShare: 0.1 });

  it('keeps its holdout, and goes back to nothing before', () => {
    for (const status of ['live', 'paused'] as const) {
      const from = { ...live, status };
      expect(forbiddenChange(from, { ...from, holdoutShare: 0.2 })).toMatch(/its holdout cannot change/);
      expect(forbiddenChange(from, { ...from, status: 'draft' })).toMatch(/pause it/);
      expect(forbiddenChange(from, { ...from, status: 'dry-run' })).toMatch(/pause it/);
      expect(forbiddenChange(from, { ...from, status: 'paused', capPerDay: 1 })).toBeUndefined();
    }
  });

  it('may have been anything before', () => {
    for (const status of ['draft', 'dry-run'] as const)
      expect(forbiddenChange({ ...live, status }, { ...live, holdoutShare: 0.3 })).toBeUndefined();
  });
});
