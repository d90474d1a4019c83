/**
 * Attributes visits and purchases to a campaign's decisions: whether a customer opened, clicked, visited and bought after
 * the push, and for how much. Customers who were held out are measured in the same way over the same time, so that both
 * arms can be compared. This is no claim about the cause; only the comparison of the arms is.
 *
 * The first decision of a campaign about a customer represents the customer: three pushes are one pushed customer, and
 * the later ones are a consequence of the first.
 *
 * Visits and purchases count anywhere in the chain, because sales that one store takes from another are no gain.
 */
import { DAY_MS } from '../chain/duration.ts';
import type { PersonId } from '../chain/ids.ts';
import type { PastVisit, Person, Purchase } from '../people/customers/customer.ts';
import { isBuy } from '../people/customers/profile.ts';
import { type Decision, isQualifying } from './push-decision.ts';

/** When the push of a decision was sent, opened and clicked; empty where no push was sent. */
export interface PushEngagement {
  readonly sentAtMs?: number;
  readonly openedAtMs?: number;
  readonly clickedAtMs?: number;
}

/** What one customer did within the campaign's attribution days. */
export interface AttributedOutcome {
  readonly personId: PersonId;
  readonly isHeldOut: boolean;
  /** Whether the attribution days are not over yet. */
  readonly isPending: boolean;
  readonly isSent: boolean;
  readonly hasOpened: boolean;
  readonly hasClicked: boolean;
  readonly hasVisited: boolean;
  readonly hasBought: boolean;
  /** The total of their receipts less returns, in ten-thousandths of the currency's unit. */
  readonly net: bigint;
}

/**
 * Returns for each customer the first decision of a campaign that pushed or held out the customer, given its decisions in
 * any order. Dry runs are left out.
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
 * Attributes to a decision what the customer did after it, within `attributionDays` times 24 hours.
 *
 * @param asOfMs later rows are ignored
 */
export function attribute(
  decision: Decision & PushEngagement,
  { visits, purchases }: Pick<Person, 'visits' | 'purchases'>,
  attributionDays: number,
  asOfMs: number,
): AttributedOutcome {
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
    // A push that waited for a retry may leave after the attribution days, and was sent all the same.
    isSent: decision.sentAtMs !== undefined && decision.sentAtMs <= asOfMs,
    // Some phones follow the link of a notification without reporting that it was opened.
    hasOpened: hasClicked || isWithin(decision.openedAtMs),
    hasClicked,
    hasVisited: bought.length > 0 || visits.some(({ firstSeenAtMs }: PastVisit) => isWithin(firstSeenAtMs)),
    hasBought: bought.some(isBuy),
    net: bought.reduce((sum, { net }) => sum + net, 0n),
  };
}

/** One side of the comparison: the totals of its customers. */
export interface Arm {
  readonly persons: number;
  /** Customers whose attribution days are not over yet. */
  readonly pending: number;
  readonly visitors: number;
  readonly buyers: number;
  readonly net: bigint;
  /** The sum of the squares of each customer's net. */
  readonly netSquares: bigint;
  readonly sent: number;
  readonly opened: number;
  readonly clicked: number;
}

export interface Arms {
  readonly pushed: Arm;
  readonly heldOut: Arm;
}

export const EMPTY_ARM: Arm = {
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

function withPerson(arm: Arm, person: AttributedOutcome): Arm {
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

/** Sums up both arms of a campaign from the outcome of each customer's first decision. */
export function armsOf(persons: Iterable<AttributedOutcome>): Arms {
  let [pushed, heldOut] = [EMPTY_ARM, EMPTY_ARM];
  for (const person of persons) {
    if (person.isHeldOut) heldOut = withPerson(heldOut, person);
    else pushed = withPerson(pushed, person);
  }
  return { pushed, heldOut };
}
