/**
 * What is kept of a person, as it is told to whoever has a right to ask: the person, through somebody of the chain's staff.
 *
 * A telephone number is never part of an address, because addresses are written down by every machine they pass; whoever has
 * nothing but a number asks with it in the body.
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
        v.description("The number, with the code of its country or as the chain's country dials it."),
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
  v.description("In the chain's currency; below 0 for what was brought back."),
);
const source = v.pipe(v.string(), v.description('Where it was learnt: till, visit, app, phone, import.'));
const evidence = v.pipe(v.string(), v.description('What shows it: the name of a receipt, a line of a file.'));
const store = v.pipe(v.string(), v.description('The store.'));
const day = v.pipe(v.string(), v.description('The business day.'));
const kind = v.picklist(IDENTIFIER_KINDS);

export const PersonLink = v.pipe(
  v.object({
    kind,
    value: v.pipe(
      v.string(),
      v.description(
        'A telephone number stands whole for a privacy officer alone, and masked for all others.',
      ),
    ),
    source,
    evidence,
    confidence: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
    linkedAt: time,
    author: v.string(),
    platform: v.exactOptional(v.picklist(['fcm', 'apns'])),
    endpoint: v.exactOptional(
      v.pipe(v.string(), v.description('The name that the push service has for the phone.')),
    ),
  }),
  v.metadata({ title: 'PersonLink', description: 'An identifier that points at the person.' }),
);

export const PersonConsent = v.pipe(
  v.object({
    purpose: v.picklist(PURPOSES),
    granted: v.pipe(v.boolean(), v.description('Whether they agreed, or took it back.')),
    proof: v.pipe(v.string(), v.description('What shows that they said so.')),
    source,
    at: time,
  }),
  v.metadata({
    title: 'PersonConsent',
    description: 'One word on one purpose. The newest counts; none is changed.',
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
    id: v.pipe(v.string(), v.description('p. and 26 letters and digits that mean nothing.')),
    createdAt: time,
    currency: v.pipe(v.string(), v.description('ISO 4217: what the money is counted in.')),
    links: v.array(PersonLink),
    activeConsents: v.pipe(
      v.record(v.picklist(PURPOSES), v.boolean()),
      v.description('To what they agree now, by purpose. Where nothing was said, they do not.'),
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
          reason: v.pipe(v.string(), v.description('Why it was sent (pushed), or why not.')),
          openedAt: v.exactOptional(time),
          clickedAt: v.exactOptional(time),
        }),
      ),
      v.description('What campaigns decided when they came near a store, kept for 400 days.'),
    ),
    near: v.pipe(
      v.array(v.object({ store, at: time })),
      v.description('When their phone came near a store, kept for 35 days.'),
    ),
    doubts: v.pipe(
      v.array(v.object({ kind, other: v.string(), source, evidence, at: time })),
      v.description('What spoke for their being one with another person, and was not acted on.'),
    ),
  }),
  v.metadata({
    title: 'PersonResponse',
    description: 'Everything that is kept of a person; each list in order of time.',
  }),
);

export type PersonResponse = v.InferOutput<typeof PersonResponse>;
