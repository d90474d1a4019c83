/** A person's id → everything stored about them, in a form that the customer can read. */
import type { PersonStore } from '#application/ports/person-store.ts';
import type { StoredDecision } from '#application/ports/push-decision-store.ts';
import type { PersonResponse } from '#contracts/http/people.ts';
import type { PersonId } from '#domain/chain/ids.ts';
import { formatAmount } from '#domain/chain/money.ts';
import { type Consent, hasConsent, PURPOSES } from '#domain/people/customers/consent.ts';
import type { Link } from '#domain/people/customers/customer.ts';
import { maskPhone } from '#domain/people/customers/phone-number.ts';
import type { CustomerPushHistory } from './push-history.ts';

export interface ReadPersonPorts {
  readonly people: Pick<PersonStore, 'load'>;
  readonly pushHistoryOf: (personId: PersonId) => Promise<CustomerPushHistory>;
  /** The chain's currency; ISO 4217. */
  readonly currency: () => Promise<string>;
  readonly nowMs: () => number;
}

const timeOf = (ms: number): string => new Date(ms).toISOString();

/**
 * Returns the record of a person; undefined where there is no such person, or no longer.
 *
 * @param showsPhones whether telephone numbers are shown in full
 */
export async function readPerson(
  { people, pushHistoryOf, currency, nowMs }: ReadPersonPorts,
  personId: PersonId,
  showsPhones: boolean,
): Promise<PersonResponse | undefined> {
  const person = await people.load(personId);
  if (person === undefined) return undefined;
  const { consents } = person;
  const { decisions, entries } = await pushHistoryOf(personId);
  return {
    id: person.personId,
    createdAt: timeOf(person.createdAtMs),
    ...(person.birthYear === undefined ? {} : { birthYear: person.birthYear }),
    currency: await currency(),
    links: person.links.map((link) => linkResponse(link, showsPhones)),
    activeConsents: Object.fromEntries(
      PURPOSES.map((purpose) => [purpose, hasConsent(consents, purpose, nowMs())]),
    ),
    consents: consents.map(consentResponse),
    purchases: person.purchases.map((purchase) => ({
      store: purchase.storeId,
      city: purchase.cityId,
      day: purchase.day,
      closedAt: timeOf(purchase.closedAtMs),
      receipt: purchase.receipt,
      net: formatAmount(purchase.net),
      units: purchase.units,
      products: purchase.products.map(({ productId, quantity, net }) => ({
        product: productId,
        quantity,
        net: formatAmount(net),
      })),
    })),
    visits: person.visits.map((visit) => ({
      store: visit.storeId,
      day: visit.day,
      visitor: visit.visitorId,
      firstSeenAt: timeOf(visit.firstSeenAtMs),
      lastSeenAt: timeOf(visit.lastSeenAtMs),
    })),
    pushes: decisions.map(decisionResponse),
    near: entries.map(({ storeId, atMs }) => ({ store: storeId, at: timeOf(atMs) })),
    conflicts: person.conflicts.map(({ atMs, ...doubt }) => ({ ...doubt, at: timeOf(atMs) })),
  };
}

const consentResponse = (consent: Consent): PersonResponse['consents'][number] => ({
  purpose: consent.purpose,
  granted: consent.isGranted,
  proof: consent.proof,
  source: consent.source,
  at: timeOf(consent.atMs),
  ...(consent.receivedAtMs !== undefined && { receivedAt: timeOf(consent.receivedAtMs) }),
  ...(consent.statedAtMs !== undefined && { statedAt: timeOf(consent.statedAtMs) }),
});

const decisionResponse = (one: StoredDecision): PersonResponse['pushes'][number] => ({
  campaign: one.campaignId,
  store: one.storeId,
  decision: one.decisionId,
  at: timeOf(one.atMs),
  reason: one.reason,
  ...(one.openedAtMs !== undefined && { openedAt: timeOf(one.openedAtMs) }),
  ...(one.clickedAtMs !== undefined && { clickedAt: timeOf(one.clickedAtMs) }),
});

function linkResponse({ kind, value, linkedAtMs, endpointArn, ...link }: Link, showsPhones: boolean) {
  return {
    ...link,
    kind,
    value: kind === 'phone' && !showsPhones ? maskPhone(value) : value,
    linkedAt: timeOf(linkedAtMs),
    ...(endpointArn === undefined ? {} : { endpoint: endpointArn }),
  };
}
