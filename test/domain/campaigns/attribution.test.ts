import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AttributedOutcome,
  armsOf,
  attribute,
  EMPTY_ARM,
  firstDecisions,
} from '#domain/campaigns/attribution.ts';
import { DECISION_REASONS, type Decision } from '#domain/campaigns/push-decision.ts';
import { DAY_MS, HOUR_MS } from '#domain/chain/duration.ts';
import type { CampaignId, PersonId } from '#domain/chain/ids.ts';
import { GZ01, SZ01 } from '../../support/chain.ts';
import { NOON_MS, PERSON_ID, purchase, visit } from './world.ts';

const DAYS = 7;
const END_MS = NOON_MS + DAYS * DAY_MS;
const LATER_MS = END_MS + 30 * DAY_MS;

const decisionOf = (more: Partial<Decision> = {}): Decision => ({
  decisionId: `autumn~sz01~${PERSON_ID}~${NOON_MS}`,
  campaignId: 'autumn' as CampaignId,
  personId: PERSON_ID,
  storeId: SZ01.storeId,
  atMs: NOON_MS,
  reason: 'pushed',
  isHeldOut: false,
  isDryRun: false,
  ...more,
});

const NO_ROWS = { visits: [], purchases: [] };

describe('the outcome of a push', () => {
  it('is empty for a customer without visits and purchases', () => {
    expect(attribute(decisionOf(), NO_ROWS, DAYS, LATER_MS)).toEqual({
      personId: PERSON_ID,
      isHeldOut: false,
      isPending: false,
      isSent: false,
      hasOpened: false,
      hasClicked: false,
      hasVisited: false,
      hasBought: false,
      net: 0n,
    });
  });

  it('covers the time after the push to the end of the attribution days', () => {
    const bought = (atMs: number) =>
      attribute(decisionOf(), { ...NO_ROWS, purchases: [purchase(atMs, 1n)] }, DAYS, LATER_MS).hasBought;
    expect([NOON_MS, NOON_MS + 1, END_MS, END_MS + 1].map(bought)).toEqual([false, true, true, false]);
    const came = (atMs: number) =>
      attribute(decisionOf(), { ...NO_ROWS, visits: [visit(atMs)] }, DAYS, LATER_MS).hasVisited;
    expect([NOON_MS - 1, NOON_MS + 1, END_MS, END_MS + 1].map(came)).toEqual([false, true, true, false]);
    const clicked = (clickedAtMs: number) =>
      attribute({ ...decisionOf(), clickedAtMs }, NO_ROWS, DAYS, LATER_MS).hasClicked;
    expect([NOON_MS, NOON_MS + 1, END_MS, END_MS + 1].map(clicked)).toEqual([false, true, true, false]);
  });

  it('has a visit for a sighting or a receipt anywhere in the chain', () => {
    const after = NOON_MS + HOUR_MS;
    expect(
      attribute(decisionOf(), { visits: [visit(after, HOUR_MS, GZ01)], purchases: [] }, DAYS, LATER_MS),
    ).toMatchObject({
      hasVisited: true,
      hasBought: false,
      net: 0n,
    });
    expect(
      attribute(
        decisionOf(),
        { visits: [], purchases: [purchase(after, 500n, { store: GZ01 })] },
        DAYS,
        LATER_MS,
      ),
    ).toMatchObject({
      hasVisited: true,
      hasBought: true,
      net: 500n,
    });
    expect(
      attribute(decisionOf(), { visits: [], purchases: [purchase(after, -500n)] }, DAYS, LATER_MS),
    ).toMatchObject({
      hasVisited: true,
      hasBought: false,
      net: -500n,
    });
  });

  it('takes a click as an opening, but no opening as a click', () => {
    const atMs = NOON_MS + 1;
    expect(attribute({ ...decisionOf(), clickedAtMs: atMs }, NO_ROWS, DAYS, LATER_MS)).toMatchObject({
      hasOpened: true,
      hasClicked: true,
    });
    expect(attribute({ ...decisionOf(), openedAtMs: atMs }, NO_ROWS, DAYS, LATER_MS)).toMatchObject({
      hasOpened: true,
      hasClicked: false,
    });
  });

  it('is pending until the attribution days are over', () => {
    const rows = {
      visits: [],
      purchases: [purchase(NOON_MS + DAY_MS, 1n), purchase(NOON_MS + 3 * DAY_MS, 10n)],
    };
    const asOf = (asOfMs: number) =>
      attribute({ ...decisionOf(), sentAtMs: NOON_MS + 5 }, rows, DAYS, asOfMs);
    expect(asOf(NOON_MS)).toMatchObject({ isPending: true, isSent: false, net: 0n });
    expect(asOf(NOON_MS + 2 * DAY_MS)).toMatchObject({ isPending: true, isSent: true, net: 1n });
    expect(asOf(END_MS - 1)).toMatchObject({ isPending: true, net: 11n });
    expect(asOf(END_MS)).toMatchObject({ isPending: false, net: 11n });
  });
});

describe('the decision that represents a customer', () => {
  it('is the first that pushed or held out, of live decisions in any order', () => {
    const other = 'p.other' as PersonId;
    const decisions = [
      decisionOf({ atMs: NOON_MS + 2, reason: 'held out', decisionId: 'd' }),
      decisionOf({ atMs: NOON_MS, reason: 'capped', decisionId: 'a' }),
      decisionOf({ atMs: NOON_MS + 1, reason: 'pushed', decisionId: 'b' }),
      decisionOf({ atMs: NOON_MS, reason: 'dry run', isDryRun: true, decisionId: 'r' }),
      decisionOf({ atMs: NOON_MS, reason: 'held out', isDryRun: true, decisionId: 'h' }),
      decisionOf({ atMs: NOON_MS + 9, personId: other, decisionId: 'o' }),
    ];
    expect(
      firstDecisions(decisions)
        .map(({ decisionId }) => decisionId)
        .sort(),
    ).toEqual(['b', 'o']);
    expect(
      firstDecisions(decisions.toReversed())
        .map(({ decisionId }) => decisionId)
        .sort(),
    ).toEqual(['b', 'o']);
  });

  it('is one per customer, in any order of decisions', () => {
    const decision = fc
      .record({
        personId: fc.constantFrom('p.a', 'p.b', 'p.c') as fc.Arbitrary<PersonId>,
        atMs: fc.integer({ min: 0, max: 5 }),
        reason: fc.constantFrom(...DECISION_REASONS),
        isDryRun: fc.boolean(),
      })
      .map((more) => decisionOf({ ...more, decisionId: `${more.personId}~${more.atMs}~${more.reason}` }));
    fc.assert(
      fc.property(fc.array(decision, { maxLength: 12 }), fc.func(fc.integer()), (decisions, key) => {
        const shuffled = decisions
          .map((one, index) => ({ one, rank: key(index) }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ one }) => one);
        const idsOf = (all: readonly Decision[]) =>
          firstDecisions(all)
            .map(({ decisionId }) => decisionId)
            .sort();
        expect(idsOf(shuffled)).toEqual(idsOf(decisions));
        const persons = firstDecisions(decisions).map(({ personId }) => personId);
        expect(new Set(persons).size).toBe(persons.length);
      }),
    );
  });
});

describe('an arm', () => {
  const attributed: fc.Arbitrary<AttributedOutcome> = fc.record({
    personId: fc.constant(PERSON_ID),
    isHeldOut: fc.boolean(),
    isPending: fc.boolean(),
    isSent: fc.boolean(),
    hasOpened: fc.boolean(),
    hasClicked: fc.boolean(),
    hasVisited: fc.boolean(),
    hasBought: fc.boolean(),
    net: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
  });

  it('sums up its customers exactly, each in one arm', () => {
    fc.assert(
      fc.property(fc.array(attributed), (persons) => {
        const { pushed, heldOut } = armsOf(persons);
        for (const [arm, own] of [
          [pushed, persons.filter(({ isHeldOut }) => !isHeldOut)],
          [heldOut, persons.filter(({ isHeldOut }) => isHeldOut)],
        ] as const) {
          expect(arm).toEqual({
            persons: own.length,
            pending: own.filter(({ isPending }) => isPending).length,
            visitors: own.filter(({ hasVisited }) => hasVisited).length,
            buyers: own.filter(({ hasBought }) => hasBought).length,
            net: own.reduce((sum, { net }) => sum + net, 0n),
            netSquares: own.reduce((sum, { net }) => sum + net ** 2n, 0n),
            sent: own.filter(({ isSent }) => isSent).length,
            opened: own.filter(({ isSent, hasOpened }) => isSent && hasOpened).length,
            clicked: own.filter(({ isSent, hasClicked }) => isSent && hasClicked).length,
          });
        }
      }),
    );
    expect(armsOf([])).toEqual({ pushed: EMPTY_ARM, heldOut: EMPTY_ARM });
  });
});
