/**
 * The lift report of a campaign: customers who were pushed compared with customers who were held out at random. A
 * difference beyond chance is therefore an effect of the push, and every statistic has an interval for the chance.
 *
 * No statistic is reported without its n and its interval. Below the minimum n it is withheld and the reason is reported
 * instead: three more buyers out of forty prove nothing.
 *
 * Customers who were held out cannot click, so click rates are compared with a broadcast of the same message instead. That
 * broadcast went to other people on another day, and the report labels the difference so.
 */
import type { Arm, Arms } from './attribution.ts';
import type { Baseline } from './campaign.ts';
import {
  type Estimate,
  meanOf,
  newcombe,
  type Proportion,
  type SampleSums,
  welch,
  wilson,
} from './confidence-intervals.ts';

/** Customers in each arm, and pushes sent. */
export const PERSONS_MIN = 100;
/** Visitors, buyers or clicks in both arms together: a difference of proportions is sound even if one of the two is 0. */
export const EVENTS_MIN = 10;
/** Buyers in each arm below which money is withheld: a mean that rests on three buyers describes those three. */
export const BUYERS_MIN = 50;

const AMOUNTS_PER_UNIT = 10_000;

export interface WithheldStatistic {
  readonly kind: 'withheld';
  /** What is missing, in a sentence. */
  readonly reason: string;
}

/** A statistic with its 95 % confidence interval. */
export interface KnownStatistic extends Estimate {
  readonly kind: 'known';
  /** The n: customers, or pushes. */
  readonly of: number;
  /** Of a comparison, the n of the other side. */
  readonly against?: number;
}

export type Statistic = KnownStatistic | WithheldStatistic;

export interface ArmReport {
  readonly arm: Arm;
  /** Customers who visited, over all. */
  readonly visitRate: Statistic;
  readonly buyerRate: Statistic;
  /** In the currency's unit, over all customers of the arm, buyers or not. */
  readonly moneyPerPerson: Statistic;
}

export interface CampaignReport {
  readonly pushed: ArmReport;
  readonly heldOut: ArmReport;
  /** Pushed less held out. */
  readonly lift: {
    readonly visitRate: Statistic;
    readonly buyerRate: Statistic;
    readonly moneyPerPerson: Statistic;
  };
  /** The lift times the number of pushed customers: additional visitors, buyers and money. */
  readonly incremental: {
    readonly visitors: Statistic;
    readonly buyers: Statistic;
    readonly money: Statistic;
  };
  readonly clicks: {
    readonly openRate: Statistic;
    readonly rate: Statistic;
    /** Of the broadcast. */
    readonly baseline: Statistic;
    /** The rate less the baseline's; 0.01 is a percentage point. */
    readonly difference: Statistic;
  };
}

/** Computes the report of both arms and the baseline, with a reason for every statistic that is withheld. */
export function campaignReport({ pushed, heldOut }: Arms, baseline: Baseline | undefined): CampaignReport {
  const visits = [proportionOf(pushed, 'visitors'), proportionOf(heldOut, 'visitors')] as const;
  const buys = [proportionOf(pushed, 'buyers'), proportionOf(heldOut, 'buyers')] as const;
  const sides: Sides = { of: pushed.persons, against: heldOut.persons };
  const tooSmall =
    whyTooSmall('were pushed', pushed.persons) ?? whyTooSmall('were held out', heldOut.persons);
  const lift = {
    visitRate: statisticOf(tooSmall ?? whyTooRare('visited', visits), () => newcombe(...visits), sides),
    buyerRate: statisticOf(tooSmall ?? whyTooRare('bought', buys), () => newcombe(...buys), sides),
    moneyPerPerson: statisticOf(
      tooSmall ??
        whyTooFewBuyers('were pushed', pushed.buyers) ??
        whyTooFewBuyers('were held out', heldOut.buyers),
      () => inUnits(welch(sumsOf(pushed), sumsOf(heldOut))),
      sides,
    ),
  };
  return {
    pushed: armReportOf('were pushed', pushed),
    heldOut: armReportOf('were held out', heldOut),
    lift,
    incremental: {
      visitors: scaled(lift.visitRate, pushed.persons),
      buyers: scaled(lift.buyerRate, pushed.persons),
      money: scaled(lift.moneyPerPerson, pushed.persons),
    },
    clicks: clicksOf(pushed, baseline),
  };
}

const proportionOf = (arm: Arm, what: 'visitors' | 'buyers'): Proportion => ({
  count: arm[what],
  of: arm.persons,
});

const sumsOf = ({ persons, net, netSquares }: Arm): SampleSums => ({
  n: persons,
  sum: net,
  sumOfSquares: netSquares,
});

function armReportOf(were: string, arm: Arm): ArmReport {
  const tooSmall = whyTooSmall(were, arm.persons);
  const all: Sides = { of: arm.persons };
  return {
    arm,
    visitRate: statisticOf(tooSmall, () => wilson(proportionOf(arm, 'visitors')), all),
    buyerRate: statisticOf(tooSmall, () => wilson(proportionOf(arm, 'buyers')), all),
    moneyPerPerson: statisticOf(
      tooSmall ?? whyTooFewBuyers(were, arm.buyers),
      () => inUnits(meanOf(sumsOf(arm))),
      all,
    ),
  };
}

function clicksOf(pushed: Arm, baseline: Baseline | undefined): CampaignReport['clicks'] {
  const ours: Proportion = { count: pushed.clicked, of: pushed.sent };
  const tooFew = whyTooFewSent('pushes were sent', pushed.sent);
  const rate = statisticOf(tooFew, () => wilson(ours), { of: ours.of });
  const openRate = statisticOf(tooFew, () => wilson({ count: pushed.opened, of: pushed.sent }), {
    of: pushed.sent,
  });
  if (baseline === undefined) {
    const none = withheld('the campaign has no broadcast to compare with');
    return { openRate, rate, baseline: none, difference: none };
  }
  const theirs: Proportion = { count: baseline.clicked, of: baseline.sent };
  const tooFewBroadcast = whyTooFewSent('messages of the broadcast were sent', baseline.sent);
  return {
    openRate,
    rate,
    baseline: statisticOf(tooFewBroadcast, () => wilson(theirs), { of: theirs.of }),
    difference: statisticOf(
      tooFew ?? tooFewBroadcast ?? whyTooRare('clicked', [ours, theirs]),
      () => newcombe(ours, theirs),
      { of: ours.of, against: theirs.of },
    ),
  };
}

type Sides = Pick<KnownStatistic, 'of' | 'against'>;

const withheld = (reason: string): WithheldStatistic => ({ kind: 'withheld', reason });

const statisticOf = (whyNot: string | undefined, estimate: () => Estimate, sides: Sides): Statistic =>
  whyNot === undefined ? { kind: 'known', ...estimate(), ...sides } : withheld(whyNot);

const whyTooSmall = (were: string, persons: number): string | undefined =>
  persons < PERSONS_MIN ? `${persons} customers ${were}; at least ${PERSONS_MIN} are needed` : undefined;

const whyTooFewSent = (what: string, sent: number): string | undefined =>
  sent < PERSONS_MIN ? `${sent} ${what}; at least ${PERSONS_MIN} are needed` : undefined;

function whyTooRare(did: string, [a, b]: readonly [Proportion, Proportion]): string | undefined {
  const events = a.count + b.count;
  return events < EVENTS_MIN
    ? `${events} ${did} on both sides together; at least ${EVENTS_MIN} are needed`
    : undefined;
}

const whyTooFewBuyers = (were: string, buyers: number): string | undefined =>
  buyers < BUYERS_MIN
    ? `${buyers} customers who ${were} bought; at least ${BUYERS_MIN} are needed`
    : undefined;

const inUnits = ({ value, low, high }: Estimate): Estimate => ({
  value: value / AMOUNTS_PER_UNIT,
  low: low / AMOUNTS_PER_UNIT,
  high: high / AMOUNTS_PER_UNIT,
});

const scaled = (estimate: Statistic, persons: number): Statistic =>
  estimate.kind === 'withheld'
    ? estimate
    : {
        ...estimate,
        value: estimate.value * persons,
        low: estimate.low * persons,
        high: estimate.high * persons,
      };
