import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arm, EMPTY_ARM } from '#domain/campaigns/attribution.ts';
import {
  BUYERS_MIN,
  type CampaignReport,
  campaignReport,
  EVENTS_MIN,
  PERSONS_MIN,
  type Statistic,
} from '#domain/campaigns/campaign-report.ts';
import { newcombe } from '#domain/campaigns/confidence-intervals.ts';

/** An arm whose buyers spent 100.00 and 200.00 alternately. */
function armOf(persons: number, visitors: number, buyers: number, more: Partial<Arm> = {}): Arm {
  const spent = Array.from({ length: buyers }, (_, index) => (index % 2 === 0 ? 1_000_000n : 2_000_000n));
  return {
    ...EMPTY_ARM,
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
const report = campaignReport({ pushed: PUSHED, heldOut: HELD_OUT }, BROADCAST);

const valueIn = (statistic: Statistic): number => (statistic.kind === 'known' ? statistic.value : Number.NaN);
const whyOf = (statistic: Statistic): string => (statistic.kind === 'withheld' ? statistic.reason : '');

describe('the report of a campaign', () => {
  it('has the rates of each arm', () => {
    expect(valueIn(report.pushed.visitRate)).toBe(0.18);
    expect(valueIn(report.pushed.buyerRate)).toBe(0.08);
    expect(valueIn(report.pushed.moneyPerPerson)).toBeCloseTo(12, 10);
    expect(valueIn(report.heldOut.visitRate)).toBe(0.15);
    expect(valueIn(report.heldOut.moneyPerPerson)).toBeCloseTo(9, 10);
  });

  it('has the lift with its interval', () => {
    expect(report.lift.visitRate).toEqual({
      kind: 'known',
      ...newcombe({ count: 1_620, of: 9_000 }, { count: 150, of: 1_000 }),
      of: 9_000,
      against: 1_000,
    });
    expect(valueIn(report.lift.visitRate)).toBeCloseTo(0.03, 12);
    expect(valueIn(report.lift.buyerRate)).toBeCloseTo(0.02, 12);
    expect(valueIn(report.lift.moneyPerPerson)).toBeCloseTo(3, 10);
    expect(valueIn(report.incremental.visitors)).toBeCloseTo(270, 8);
    expect(valueIn(report.incremental.buyers)).toBeCloseTo(180, 8);
    expect(valueIn(report.incremental.money)).toBeCloseTo(27_000, 6);
  });

  it('compares the clicks per sent push with the broadcast', () => {
    expect(valueIn(report.clicks.rate)).toBe(0.05);
    expect(valueIn(report.clicks.baseline)).toBe(0.02);
    expect(valueIn(report.clicks.difference)).toBeCloseTo(0.03, 12);
    expect(report.clicks.difference).toMatchObject({ of: 8_900, against: 20_000 });
    expect(report.clicks.rate).toMatchObject({ of: 8_900 });
    expect(valueIn(report.clicks.openRate)).toBeCloseTo(3_000 / 8_900, 12);
    const alone = campaignReport({ pushed: PUSHED, heldOut: HELD_OUT }, undefined).clicks;
    expect(valueIn(alone.rate)).toBe(0.05);
    expect(whyOf(alone.difference)).toBe('the campaign has no broadcast to compare with');
  });
});

describe('a statistic with too small an n', () => {
  it('is withheld for arms of fewer than a hundred', () => {
    const small = armOf(PERSONS_MIN - 1, 60, 55);
    const withoutHoldout = campaignReport({ pushed: PUSHED, heldOut: small }, BROADCAST);
    for (const statistic of [
      withoutHoldout.heldOut.visitRate,
      withoutHoldout.heldOut.moneyPerPerson,
      ...Object.values(withoutHoldout.lift),
      ...Object.values(withoutHoldout.incremental),
    ])
      expect(whyOf(statistic)).toBe('99 customers were held out; at least 100 are needed');
    expect(valueIn(withoutHoldout.pushed.visitRate)).toBe(0.18);
    const withoutPushed = campaignReport({ pushed: small, heldOut: HELD_OUT }, BROADCAST);
    expect(whyOf(withoutPushed.lift.visitRate)).toBe('99 customers were pushed; at least 100 are needed');
    expect(whyOf(withoutPushed.clicks.rate)).toBe('0 pushes were sent; at least 100 are needed');
    const enough = campaignReport({ pushed: PUSHED, heldOut: armOf(PERSONS_MIN, 60, 55) }, BROADCAST);
    expect(enough.lift.moneyPerPerson.kind).toBe('known');
  });

  it('is withheld for fewer than ten visits, purchases or clicks', () => {
    const lift = (visitors: number) =>
      campaignReport({ pushed: armOf(500, visitors, 0), heldOut: armOf(500, 0, 0) }, undefined).lift;
    expect(whyOf(lift(EVENTS_MIN - 1).visitRate)).toBe(
      '9 visited on both sides together; at least 10 are needed',
    );
    expect(lift(EVENTS_MIN).visitRate.kind).toBe('known');
    expect(whyOf(lift(EVENTS_MIN).buyerRate)).toBe('0 bought on both sides together; at least 10 are needed');
    const clicks = (clicked: number) =>
      campaignReport(
        { pushed: armOf(500, 0, 0, { sent: 500, clicked }), heldOut: EMPTY_ARM },
        { ...BROADCAST, clicked: 0 },
      ).clicks.difference;
    expect(whyOf(clicks(9))).toBe('9 clicked on both sides together; at least 10 are needed');
    expect(clicks(10).kind).toBe('known');
    expect(
      whyOf(
        campaignReport({ pushed: PUSHED, heldOut: HELD_OUT }, { ...BROADCAST, sent: 99 }).clicks.difference,
      ),
    ).toBe('99 messages of the broadcast were sent; at least 100 are needed');
  });

  it('is withheld for money with fewer than fifty buyers an arm', () => {
    const few = armOf(1_000, 300, BUYERS_MIN - 1);
    expect(whyOf(campaignReport({ pushed: PUSHED, heldOut: few }, undefined).lift.moneyPerPerson)).toBe(
      '49 customers who were held out bought; at least 50 are needed',
    );
    expect(whyOf(campaignReport({ pushed: few, heldOut: HELD_OUT }, undefined).incremental.money)).toBe(
      '49 customers who were pushed bought; at least 50 are needed',
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

const statisticsOf = ({ pushed, heldOut, lift, incremental, clicks }: CampaignReport): Statistic[] => [
  ...[pushed, heldOut].flatMap(({ arm: _, ...rates }) => Object.values(rates)),
  ...Object.values(lift),
  ...Object.values(incremental),
  ...Object.values(clicks),
];

describe('any report', () => {
  it('has an interval or a reason for each statistic', () => {
    fc.assert(
      fc.property(arm, arm, baseline, (pushed, heldOut, against) => {
        for (const statistic of statisticsOf(campaignReport({ pushed, heldOut }, against))) {
          if (statistic.kind === 'withheld') {
            expect(statistic.reason).not.toBe('');
            continue;
          }
          expect([statistic.value, statistic.low, statistic.high].every(Number.isFinite)).toBe(true);
          expect(Math.min(statistic.of, statistic.against ?? statistic.of)).toBeGreaterThanOrEqual(
            PERSONS_MIN,
          );
          expect(statistic.low).toBeLessThanOrEqual(statistic.value);
          expect(statistic.high).toBeGreaterThanOrEqual(statistic.value);
        }
      }),
    );
  });

  it('changes its sign when the arms are swapped, and includes 0 for equal arms', () => {
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
