/**
 * Whether a campaign works: who was pushed, beside who would have been and was held out. The lot parted them, so whatever
 * differs beyond chance is the push's doing; and how much chance may have done is told with every number.
 *
 * A number without its n and its interval is never given. Below the smallest n there is none at all, but the reason:
 * three buyers more out of forty are a story and no proof.
 *
 * Clicks are another matter. Nobody who was held out can click, so they are set beside what the same message brought when it
 * was sent to everybody; those were other people on another day, and that difference is told as what it is.
 */
import type { Arm, Arms } from './attribution.ts';
import type { Baseline } from './campaign.ts';
import {
  type Count,
  type Estimate,
  meanOf,
  newcombe,
  type Sums,
  welch,
  wilson,
} from './confidence-intervals.ts';

/** Of each arm, and of the pushes sent. */
export const PERSONS_MIN = 100;
/** Visitors, buyers or clicks in both arms together: a difference of shares is sound though one of the two is 0. */
export const EVENTS_MIN = 10;
/** Buyers in each arm, before anything is said of money: a mean that rests on three buyers is those three. */
export const BUYERS_MIN = 50;

const AMOUNTS_PER_UNIT = 10_000;

export interface WithheldStatistic {
  readonly kind: 'withheld';
  /** What is missing, in words. */
  readonly reason: string;
}

/** With its interval of 95 %. */
export interface KnownStatistic extends Estimate {
  readonly kind: 'known';
  /** How many persons, or pushes, it was taken of. */
  readonly of: number;
  /** Of a comparison, how many were on the other side. */
  readonly against?: number;
}

export type Statistic = KnownStatistic | WithheldStatistic;

export interface ArmReport {
  readonly arm: Arm;
  /** Persons who came in, over all. */
  readonly visitRate: Statistic;
  readonly buyerRate: Statistic;
  /** In the currency's unit, of everybody, buyers or not. */
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
  /** The lift, over everybody who was pushed: visitors, buyers and money that would not have been without. */
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

/** What both arms and the baseline prove, and what they do not. */
export function campaignReport({ pushed, heldOut }: Arms, baseline: Baseline | undefined): CampaignReport {
  const visits = [countOf(pushed, 'visitors'), countOf(heldOut, 'visitors')] as const;
  const buys = [countOf(pushed, 'buyers'), countOf(heldOut, 'buyers')] as const;
  const sides: Sides = { of: pushed.persons, against: heldOut.persons };
  const tooSmall = whySmall('were pushed', pushed.persons) ?? whySmall('were held out', heldOut.persons);
  const lift = {
    visitRate: told(tooSmall ?? whyRare('came in', visits), () => newcombe(...visits), sides),
    buyerRate: told(tooSmall ?? whyRare('bought', buys), () => newcombe(...buys), sides),
    moneyPerPerson: told(
      tooSmall ?? whyFewBuyers('were pushed', pushed.buyers) ?? whyFewBuyers('were held out', heldOut.buyers),
      () => inUnits(welch(sumsOf(pushed), sumsOf(heldOut))),
      sides,
    ),
  };
  return {
    pushed: armProof('were pushed', pushed),
    heldOut: armProof('were held out', heldOut),
    lift,
    incremental: {
      visitors: times(lift.visitRate, pushed.persons),
      buyers: times(lift.buyerRate, pushed.persons),
      money: times(lift.moneyPerPerson, pushed.persons),
    },
    clicks: clickProof(pushed, baseline),
  };
}

const countOf = (arm: Arm, what: 'visitors' | 'buyers'): Count => ({ count: arm[what], of: arm.persons });

const sumsOf = ({ persons, net, netSquares }: Arm): Sums => ({
  n: persons,
  sum: net,
  sumOfSquares: netSquares,
});

function armProof(were: string, arm: Arm): ArmReport {
  const tooSmall = whySmall(were, arm.persons);
  const all: Sides = { of: arm.persons };
  return {
    arm,
    visitRate: told(tooSmall, () => wilson(countOf(arm, 'visitors')), all),
    buyerRate: told(tooSmall, () => wilson(countOf(arm, 'buyers')), all),
    moneyPerPerson: told(tooSmall ?? whyFewBuyers(were, arm.buyers), () => inUnits(meanOf(sumsOf(arm))), all),
  };
}

function clickProof(pushed: Arm, baseline: Baseline | undefined): CampaignReport['clicks'] {
  const ours: Count = { count: pushed.clicked, of: pushed.sent };
  const tooFew = whyUnsent('pushes were sent', pushed.sent);
  const rate = told(tooFew, () => wilson(ours), { of: ours.of });
  const openRate = told(tooFew, () => wilson({ count: pushed.opened, of: pushed.sent }), { of: pushed.sent });
  if (baseline === undefined) {
    const none = withheld('no broadcast is given to compare with');
    return { openRate, rate, baseline: none, difference: none };
  }
  const theirs: Count = { count: baseline.clicked, of: baseline.sent };
  const tooFewThere = whyUnsent('messages of the broadcast were sent', baseline.sent);
  return {
    openRate,
    rate,
    baseline: told(tooFewThere, () => wilson(theirs), { of: theirs.of }),
    difference: told(
      tooFew ?? tooFewThere ?? whyRare('clicked', [ours, theirs]),
      () => newcombe(ours, theirs),
      { of: ours.of, against: theirs.of },
    ),
  };
}

type Sides = Pick<KnownStatistic, 'of' | 'against'>;

const withheld = (reason: string): WithheldStatistic => ({ kind: 'withheld', reason });

const told = (whyNot: string | undefined, estimate: () => Estimate, sides: Sides): Statistic =>
  whyNot === undefined ? { kind: 'known', ...estimate(), ...sides } : withheld(whyNot);

const whySmall = (were: string, persons: number): string | undefined =>
  persons < PERSONS_MIN ? `${persons} persons ${were}; it takes ${PERSONS_MIN}` : undefined;

const whyUnsent = (what: string, sent: number): string | undefined =>
  sent < PERSONS_MIN ? `${sent} ${what}; it takes ${PERSONS_MIN}` : undefined;

function whyRare(did: string, [a, b]: readonly [Count, Count]): string | undefined {
  const events = a.count + b.count;
  return events < EVENTS_MIN ? `${events} ${did} on both sides together; it takes ${EVENTS_MIN}` : undefined;
}

const whyFewBuyers = (were: string, buyers: number): string | undefined =>
  buyers < BUYERS_MIN ? `${buyers} of those who ${were} bought; it takes ${BUYERS_MIN}` : undefined;

const inUnits = ({ value, low, high }: Estimate): Estimate => ({
  value: value / AMOUNTS_PER_UNIT,
  low: low / AMOUNTS_PER_UNIT,
  high: high / AMOUNTS_PER_UNIT,
});

const times = (estimate: Statistic, persons: number): Statistic =>
  estimate.kind === 'withheld'
    ? estimate
    : {
        ...estimate,
        value: estimate.value * persons,
        low: estimate.low * persons,
        high: estimate.high * persons,
      };
