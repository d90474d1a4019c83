import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arm, NO_ARM } from '#domain/campaigns/attribution.ts';
import {
  BUYERS_MIN,
  type CampaignReport,
  campaignReport,
  EVENTS_MIN,
  PERSONS_MIN,
  type Statistic,
} from '#domain/campaigns/campaign-report.ts';
import { newcombe } from '#domain/campaigns/confidence-intervals.ts';

/** Buyers who spent 100.00 and 200.00 in turn. */
function armOf(persons: number, visitors: number, buyers: number, more: Partial<Arm> = {}): Arm {
  const spent = Array.from({ length: buyers }, (_, index) => (index % 2 === 0 ? 1_000_000n : 2_000_000n));
  return {
    ...NO_ARM,
    persons,
    visitors,
    buyers,
    net: spent.reduce((sum, net) => sum + net, 0n),
    netSquares: spent.reduce((sum, net) => sum + net * net, 0n),
    ...more,
  };
}

const PUSHED = armOf(9_000, 1_620, 720, { sent: 8_900, opened: 3_000, clicked: 445 });
const HELD_OUT = armOf(1_000, 150, 60);
const BROADCAST = { sent: 20_000, clicked: 400, source: 'newsletter of October' };
const proof = campaignReport({ pushed: PUSHED, heldOut: HELD_OUT }, BROADCAST);

const valueIn = (told: Statistic): number => (told.kind === 'known' ? told.value : Number.NaN);
const whyOf = (told: Statistic): string => (told.kind === 'withheld' ? told.reason : '');

describe('the proof of a campaign', () => {
  it('tells each side’s rates of what was counted', () => {
    expect(valueIn(proof.pushed.visitRate)).toBe(0.18);
    expect(valueIn(proof.pushed.buyerRate)).toBe(0.08);
    expect(valueIn(proof.pushed.moneyPerPerson)).toBeCloseTo(12, 10);
    expect(valueIn(proof.heldOut.visitRate)).toBe(0.15);
    expect(valueIn(proof.heldOut.moneyPerPerson)).toBeCloseTo(9, 10);
  });

  it('tells what the push brought, with how far chance may have moved it', () => {
    expect(proof.lift.visitRate).toEqual({
      kind: 'known',
      ...newcombe({ count: 1_620, of: 9_000 }, { count: 150, of: 1_000 }),
      of: 9_000,
      against: 1_000,
    });
    expect(valueIn(proof.lift.visitRate)).toBeCloseTo(0.03, 12);
    expect(valueIn(proof.lift.buyerRate)).toBeCloseTo(0.02, 12);
    expect(valueIn(proof.lift.moneyPerPerson)).toBeCloseTo(3, 10);
    expect(valueIn(proof.incremental.visitors)).toBeCloseTo(270, 8);
    expect(valueIn(proof.incremental.buyers)).toBeCloseTo(180, 8);
    expect(valueIn(proof.incremental.money)).toBeCloseTo(27_000, 6);
  });

  it('sets clicks beside the broadcast’s, of pushes that were sent', () => {
    expect(valueIn(proof.clicks.rate)).toBe(0.05);
    expect(valueIn(proof.clicks.baseline)).toBe(0.02);
    expect(valueIn(proof.clicks.difference)).toBeCloseTo(0.03, 12);
    expect(proof.clicks.difference).toMatchObject({ of: 8_900, against: 20_000 });
    expect(proof.clicks.rate).toMatchObject({ of: 8_900 });
    expect(valueIn(proof.clicks.openRate)).toBeCloseTo(3_000 / 8_900, 12);
    const alone = campaignReport({ pushed: PUSHED, heldOut: HELD_OUT }, undefined).clicks;
    expect(valueIn(alone.rate)).toBe(0.05);
    expect(whyOf(alone.difference)).toBe('no broadcast is given to compare with');
  });
});

describe('a number that would rest on too little', () => {
  it('is not given for arms of fewer than a hundred', () => {
    const small = armOf(PERSONS_MIN - 1, 60, 55);
    const withoutHoldout = campaignReport({ pushed: PUSHED, heldOut: small }, BROADCAST);
    for (const told of [
      withoutHoldout.heldOut.visitRate,
      withoutHoldout.heldOut.moneyPerPerson,
      ...Object.values(withoutHoldout.lift),
      ...Object.values(withoutHoldout.incremental),
    ])
      expect(whyOf(told)).toBe('99 persons were held out; it takes 100');
    expect(valueIn(withoutHoldout.pushed.visitRate)).toBe(0.18);
    const withoutPushed = campaignReport({ pushed: small, heldOut: HELD_OUT }, BROADCAST);
    expect(whyOf(withoutPushed.lift.visitRate)).toBe('99 persons were pushed; it takes 100');
    expect(whyOf(withoutPushed.clicks.rate)).toBe('0 pushes were sent; it takes 100');
    const enough = campaignReport({ pushed: PUSHED, heldOut: armOf(PERSONS_MIN, 60, 55) }, BROADCAST);
    expect(enough.lift.moneyPerPerson.kind).toBe('known');
  });

  it('is not given for fewer than ten who came, bought or clicked', () => {
    const lift = (visitors: number) =>
      campaignReport({ pushed: armOf(500, visitors, 0), heldOut: armOf(500, 0, 0) }, undefined).lift;
    expect(whyOf(lift(EVENTS_MIN - 1).visitRate)).toBe('9 came in on both sides together; it takes 10');
    expect(lift(EVENTS_MIN).visitRate.kind).toBe('known');
    expect(whyOf(lift(EVENTS_MIN).buyerRate)).toBe('0 bought on both sides together; it takes 10');
    const clicks = (clicked: number) =>
      campaignReport(
        { pushed: armOf(500, 0, 0, { sent: 500, clicked }), heldOut: NO_ARM },
        { ...BROADCAST, clicked: 0 },
      ).clicks.difference;
    expect(whyOf(clicks(9))).toBe('9 clicked on both sides together; it takes 10');
    expect(clicks(10).kind).toBe('known');
    expect(
      whyOf(
        campaignReport({ pushed: PUSHED, heldOut: HELD_OUT }, { ...BROADCAST, sent: 99 }).clicks.difference,
      ),
    ).toBe('99 messages of the broadcast were sent; it takes 100');
  });

  it('is not given of money for fewer than fifty buyers a side', () => {
    const few = armOf(1_000, 300, BUYERS_MIN - 1);
    expect(whyOf(campaignReport({ pushed: PUSHED, heldOut: few }, undefined).lift.moneyPerPerson)).toBe(
      '49 of those who were held out bought; it takes 50',
    );
    expect(whyOf(campaignReport({ pushed: few, heldOut: HELD_OUT }, undefined).incremental.money)).toBe(
      '49 of those who were pushed bought; it takes 50',
    );
    expect(
      whyOf(campaignReport({ pushed: few, heldOut: HELD_OUT }, undefined).pushed.moneyPerPerson),
    ).toMatch(/^49 /);
    expect(
      campaignReport({ pushed: PUSHED, heldOut: armOf(1_000, 300, BUYERS_MIN) }, undefined).lift
        .moneyPerPerson.kind,
    ).toBe('known');
  });
});

const arm = fc
  .record({
    persons: fc.nat({ max: 3_000 }),
    visits: fc.nat({ max: 100 }),
    buys: fc.nat({ max: 100 }),
    clicks: fc.nat({ max: 100 }),
  })
  .map(({ persons, visits, buys, clicks }) => {
    const visitors = Math.floor((persons * visits) / 100);
    return armOf(persons, visitors, Math.floor((visitors * buys) / 100), {
      sent: persons,
      opened: persons,
      clicked: Math.floor((persons * clicks) / 100),
    });
  });
const baseline = fc.option(
  fc
    .nat({ max: 5_000 })
    .chain((sent) => fc.nat({ max: sent }).map((clicked) => ({ sent, clicked, source: 'a' }))),
  { nil: undefined },
);

const tolds = ({ pushed, heldOut, lift, incremental, clicks }: CampaignReport): Statistic[] => [
  ...[pushed, heldOut].flatMap(({ arm: _, ...rates }) => Object.values(rates)),
  ...Object.values(lift),
  ...Object.values(incremental),
  ...Object.values(clicks),
];

describe('any proof', () => {
  it('gives each number with an interval around it, or a reason, and never both nor neither', () => {
    fc.assert(
      fc.property(arm, arm, baseline, (pushed, heldOut, against) => {
        for (const told of tolds(campaignReport({ pushed, heldOut }, against))) {
          if (told.kind === 'withheld') {
            expect(told.reason).not.toBe('');
            continue;
          }
          expect([told.value, told.low, told.high].every(Number.isFinite)).toBe(true);
          expect(Math.min(told.of, told.against ?? told.of)).toBeGreaterThanOrEqual(PERSONS_MIN);
          expect(told.low).toBeLessThanOrEqual(told.value);
          expect(told.high).toBeGreaterThanOrEqual(told.value);
        }
      }),
    );
  });

  it('turns its sign with its sides, and finds nothing between two that are alike', () => {
    fc.assert(
      fc.property(arm, arm, (pushed, heldOut) => {
        const [there, back] = [
          campaignReport({ pushed, heldOut }, undefined),
          campaignReport({ pushed: heldOut, heldOut: pushed }, undefined),
        ];
        for (const key of ['visitRate', 'buyerRate', 'moneyPerPerson'] as const) {
          const [a, b] = [there.lift[key], back.lift[key]];
          expect(a.kind).toBe(b.kind);
          if (a.kind === 'known' && b.kind === 'known') {
            expect(a.value).toBeCloseTo(-b.value, 8);
            expect(a.low).toBeCloseTo(-b.high, 8);
          }
          const none = campaignReport({ pushed, heldOut: pushed }, undefined).lift[key];
          if (none.kind === 'known') expect(none.low <= 0 && none.high >= 0).toBe(true);
        }
      }),
    );
  });
});
