/**
 * What somebody did after they were pushed, or after they would have been: whether they opened and clicked, came in, bought,
 * and for how much. The two are asked in one way and over one stretch of time, so that they can be compared; whether the
 * push was the cause is not asked here, and no single person can tell.
 *
 * The first decision of a campaign about a person stands for the person. Whoever was pushed three times is one person
 * who was pushed, and every later push is a part of what the first began.
 *
 * Visits and purchases count anywhere in the chain: what one store only takes from another is no gain.
 */
import type { PersonId } from '../chain/ids.ts';
import type { PastVisit, Person, Purchase } from '../people/customers/customer.ts';
import { isBuy } from '../people/customers/profile.ts';
import { type Decision, isQualifying } from './campaign.ts';

const DAY_MS = 86_400_000;

/** What became of the push of a decision; nothing of it where there was none. */
export interface PushTrace {
  readonly sentAtMs?: number;
  readonly openedAtMs?: number;
  readonly clickedAtMs?: number;
}

export interface Attributed {
  readonly personId: PersonId;
  readonly isHeldOut: boolean;
  /** Whether more may still come: the days of the campaign have not passed since. */
  readonly isPending: boolean;
  readonly isSent: boolean;
  readonly hasOpened: boolean;
  readonly hasClicked: boolean;
  readonly hasVisited: boolean;
  readonly hasBought: boolean;
  /** What their receipts come to, returns taken off; ten-thousandths of the currency's unit. */
  readonly net: bigint;
}

/**
 * For each person the first decision of a campaign that pushed them or held them out, of decisions in any order.
 * Rehearsals are no part of it.
 */
export function firstDecisions<One extends Decision>(decisions: Iterable<One>): One[] {
  const first = new Map<PersonId, One>();
  for (const decision of decisions) {
    if (!isQualifying(decision) || decision.isDryRun) continue;
    const known = first.get(decision.personId);
    if (known === undefined || isEarlier(decision, known)) first.set(decision.personId, decision);
  }
  return [...first.values()];
}

const isEarlier = (a: Decision, b: Decision): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.decisionId < b.decisionId);

/**
 * What is put down beside a decision: everything of the person's after it, until so many times 24 hours have passed.
 *
 * @param asOfMs nothing later is looked at
 */
export function attribute(
  decision: Decision & PushTrace,
  { visits, purchases }: Pick<Person, 'visits' | 'purchases'>,
  attributionDays: number,
  asOfMs: number,
): Attributed {
  const endMs = decision.atMs + attributionDays * DAY_MS;
  const untilMs = Math.min(endMs, asOfMs);
  const isWithin = (atMs: number | undefined): boolean =>
    atMs !== undefined && atMs > decision.atMs && atMs <= untilMs;
  const bought = purchases.filter(({ closedAtMs }: Purchase) => isWithin(closedAtMs));
  const hasClicked = isWithin(decision.clickedAtMs);
  return {
    personId: decision.personId,
    isHeldOut: decision.reason === 'held out',
    isPending: asOfMs < endMs,
    // A push that waited for a retry may leave when its time is over, and was sent all the same.
    isSent: decision.sentAtMs !== undefined && decision.sentAtMs <= asOfMs,
    // Some phones follow the link of a note and tell nobody that it was opened.
    hasOpened: hasClicked || isWithin(decision.openedAtMs),
    hasClicked,
    hasVisited: bought.length > 0 || visits.some(({ firstSeenAtMs }: PastVisit) => isWithin(firstSeenAtMs)),
    hasBought: bought.some(isBuy),
    net: bought.reduce((sum, { net }) => sum + net, 0n),
  };
}

/** One side of the comparison, added up. */
export interface Arm {
  readonly persons: number;
  /** Of them, those of whom more may still come. */
  readonly pending: number;
  readonly visitors: number;
  readonly buyers: number;
  readonly net: bigint;
  /** Each person's net times itself, added up. */
  readonly netSquares: bigint;
  readonly sent: number;
  readonly opened: number;
  readonly clicked: number;
}

export interface Arms {
  readonly pushed: Arm;
  readonly heldOut: Arm;
}

export const NO_ARM: Arm = {
  persons: 0,
  pending: 0,
  visitors: 0,
  buyers: 0,
  net: 0n,
  netSquares: 0n,
  sent: 0,
  opened: 0,
  clicked: 0,
};

const one = (is: boolean): number => (is ? 1 : 0);

function withPerson(arm: Arm, person: Attributed): Arm {
  return {
    persons: arm.persons + 1,
    pending: arm.pending + one(person.isPending),
    visitors: arm.visitors + one(person.hasVisited),
    buyers: arm.buyers + one(person.hasBought),
    net: arm.net + person.net,
    netSquares: arm.netSquares + person.net * person.net,
    sent: arm.sent + one(person.isSent),
    opened: arm.opened + one(person.isSent && person.hasOpened),
    clicked: arm.clicked + one(person.isSent && person.hasClicked),
  };
}

/** Both sides of a campaign, out of what is put down beside each person's first decision. */
export function armsOf(persons: Iterable<Attributed>): Arms {
  let [pushed, heldOut] = [NO_ARM, NO_ARM];
  for (const person of persons) {
    if (person.isHeldOut) heldOut = withPerson(heldOut, person);
    else pushed = withPerson(pushed, person);
  }
  return { pushed, heldOut };
}
