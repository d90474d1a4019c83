/**
 * The data that is stored about a customer, for a request of access: read by staff on behalf of the customer.
 *
 * A phone number is never part of a URL, because every machine on the way logs URLs; a search by number posts it in the body.
 */
import * as v from 'valibot';
import { PURPOSES } from '#domain/people/customers/consent.ts';
import { IDENTIFIER_KINDS } from '#domain/people/customers/customer.ts';
import { strictObjectMessage } from './strict-object-message.ts';

export const PEOPLE_SEARCH_BYTES_MAX = 1_000;
const PHONE_LENGTH_MAX = 40;

export const PeopleSearchRequest = v.pipe(
  v.strictObject(
    {
      phone: v.pipe(
        v.string('must be a text'),
        v.maxLength(PHONE_LENGTH_MAX, `must not be longer than ${PHONE_LENGTH_MAX} characters`),
        v.description("The phone number, with its country code or as dialled in the chain's country."),
      ),
    },
    strictObjectMessage('a search'),
  ),
  v.metadata({ title: 'PeopleSearch' }),
);

const time = v.pipe(v.string(), v.description('RFC 3339, in UTC.'));
const money = v.pipe(
  v.string(),
  v.regex(/^-?\d+\.\d{2,4}$/),
  v.description('In the currency of the chain; below 0 for returns.'),
);
const source = v.pipe(v.string(), v.description('The source: till, visit, app, phone, import.'));
const evidence = v.pipe(v.string(), v.description('The evidence: the name of a receipt, a line of a file.'));
const store = v.pipe(v.string(), v.description('The store.'));
const day = v.pipe(v.string(), v.description('The business day.'));
const kind = v.picklist(IDENTIFIER_KINDS);

export const PersonLink = v.pipe(
  v.object({
    kind,
    value: v.pipe(
      v.string(),
      v.description('A phone number is in full for privacy officers and masked for other staff.'),
    ),
    source,
    evidence,
    confidence: v.pipe(
      v.number(),
      v.minValue(0),
      v.maxValue(1),
      v.description('Confidence in the link, 0 to 1.'),
    ),
    linkedAt: time,
    author: v.pipe(v.string(), v.description('The function or device that recorded it.')),
    platform: v.exactOptional(v.picklist(['fcm', 'apns'])),
    endpoint: v.exactOptional(v.pipe(v.string(), v.description('The id of the phone at the push service.'))),
  }),
  v.metadata({ title: 'PersonLink', description: 'An identifier that is linked to the customer.' }),
);

export const PersonConsent = v.pipe(
  v.object({
    purpose: v.picklist(PURPOSES),
    granted: v.pipe(v.boolean(), v.description('true: granted. false: withdrawn.')),
    proof: v.pipe(v.string(), v.description('The proof of the decision.')),
    source,
    at: v.pipe(
      v.string(),
      v.description(
        'The earliest time at which it may have been decided; of a date, the beginning of the day.',
      ),
    ),
    receivedAt: v.exactOptional(
      v.pipe(v.string(), v.description('When it arrived; a refusal counts from then at the latest.')),
    ),
    statedAt: v.exactOptional(
      v.pipe(v.string(), v.description('The time by the clock of the phone, where it was ahead.')),
    ),
  }),
  v.metadata({
    title: 'PersonConsent',
    description:
      'One decision on one purpose; it is never changed. A grant counts if it was certainly given after every refusal.',
  }),
);

export const PersonPurchase = v.pipe(
  v.object({
    store,
    city: v.string(),
    day,
    closedAt: time,
    receipt: v.pipe(v.string(), v.description('The name of the receipt: store/till/day/number.')),
    net: money,
    units: v.pipe(v.number(), v.integer()),
    products: v.array(
      v.object({ product: v.string(), quantity: v.pipe(v.number(), v.integer()), net: money }),
    ),
  }),
  v.metadata({ title: 'PersonPurchase' }),
);

export const PersonResponse = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.description('The id of the customer: p. and 26 random letters and digits.')),
    createdAt: time,
    currency: v.pipe(v.string(), v.description('ISO 4217: the currency of the amounts.')),
    birthYear: v.exactOptional(
      v.pipe(
        v.number(),
        v.integer(),
        v.description('The year of birth, as the register of the chain has it.'),
      ),
    ),
    links: v.array(PersonLink),
    activeConsents: v.pipe(
      v.record(v.picklist(PURPOSES), v.boolean()),
      v.description('Current consents by purpose; false without a decision.'),
    ),
    consents: v.array(PersonConsent),
    purchases: v.array(PersonPurchase),
    visits: v.array(v.object({ store, day, visitor: v.string(), firstSeenAt: time, lastSeenAt: time })),
    pushes: v.pipe(
      v.array(
        v.object({
          campaign: v.string(),
          store,
          decision: v.string(),
          at: time,
          reason: v.pipe(
            v.string(),
            v.description('The reason of the decision; pushed if the push was sent.'),
          ),
          openedAt: v.exactOptional(time),
          clickedAt: v.exactOptional(time),
        }),
      ),
      v.description('Decisions of campaigns on their geofence entries, stored for 400 days.'),
    ),
    near: v.pipe(
      v.array(v.object({ store, at: time })),
      v.description('Geofence entries of their phones, stored for 35 days.'),
    ),
    conflicts: v.pipe(
      v.array(v.object({ kind, other: v.string(), source, evidence, at: time })),
      v.description('Evidence that links them with another customer and was not acted on.'),
    ),
  }),
  v.metadata({
    title: 'PersonResponse',
    description: 'All data that is stored about a customer; each list in chronological order.',
  }),
);

export type PersonResponse = v.InferOutput<typeof PersonResponse>;
