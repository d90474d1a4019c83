/**
 * What a shopper's phone and the chain's app server post: which phone is whose, what its owner agreed to, where it is, and
 * that a push was opened.
 *
 * A position says nothing of whose it is. The phone shows its own credential, and what stands behind that is looked up:
 * an id in a body could be anybody's.
 */
import * as v from 'valibot';
import { parseLocalTime } from '#domain/chain/business-day.ts';
import { type DeviceId, isForeignId } from '#domain/chain/ids.ts';
import { PURPOSES } from '#domain/people/customers/consent.ts';
import { Problem } from './problems.ts';
import { strictObjectMessage } from './strict-object-message.ts';

export const PHONE_BYTES_MAX = 20_000;
export const POSITIONS_MAX = 100;
export const POSITIONS_BYTES_MAX = 50_000;
const CONSENTS_MAX = 20;
const PROOF_LENGTH_MAX = 200;
/** FCM's tokens are some 160 characters long and may grow; Apple's are 64 hexadecimal digits. */
const PUSH_TOKEN_LENGTH_MAX = 4_096;

const WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** A time with its zone. A phone's own clock is checked where it is used. */
const instant = v.pipe(
  v.string('must be a text'),
  v.check(
    (written) => WITH_ZONE.test(written) && parseLocalTime(written, 'UTC') !== undefined,
    'must be a time with its zone: 2026-11-22T10:03:12+08:00',
  ),
  v.transform((written) => Date.parse(written)),
);

const foreignId = v.pipe(
  v.string('must be a text'),
  v.check(isForeignId, 'must be 1 to 64 characters without # and control characters'),
);

const proof = v.pipe(
  v.string('must be a text'),
  v.trim(),
  v.minLength(1, 'must say what shows that they agreed'),
  v.maxLength(PROOF_LENGTH_MAX, `must not be longer than ${PROOF_LENGTH_MAX} characters`),
  v.regex(/^[^\p{Cc}\p{Cs}\uFFFD]*$/u, 'must not hold control characters or broken UTF-8'),
);

const Consent = v.pipe(
  v.strictObject(
    {
      purpose: v.picklist(PURPOSES, `must be one of ${PURPOSES.join(', ')}`),
      granted: v.boolean('must be true or false'),
      proof: v.pipe(proof, v.description('What shows it: a version of the terms, a record of the app.')),
      at: v.pipe(instant, v.description('When they said so.')),
    },
    strictObjectMessage('a consent'),
  ),
  v.metadata({ title: 'Consent' }),
);

const consents = v.pipe(
  v.array(Consent, 'must be a list'),
  v.maxLength(CONSENTS_MAX, `must not be more than ${CONSENTS_MAX}`),
);

export const PLATFORMS = ['fcm', 'apns'] as const;
export const LANGUAGES = ['zh', 'en'] as const;

export const PhoneRequest = v.pipe(
  v.strictObject(
    {
      member: v.exactOptional(v.pipe(foreignId, v.description('The member number of whoever signed in.'))),
      phone: v.exactOptional(
        v.pipe(
          v.string('must be a text'),
          v.maxLength(32, 'is too long for a phone number'),
          v.description(
            "The number they proved to be theirs; with its country's code, or as the chain's country dials it.",
          ),
        ),
      ),
      platform: v.picklist(PLATFORMS, 'must be fcm or apns'),
      pushToken: v.pipe(
        v.string('must be a text'),
        v.minLength(1, 'is empty'),
        v.maxLength(PUSH_TOKEN_LENGTH_MAX, 'is too long'),
        v.regex(/^[\x21-\x7e]+$/, 'must be what the push service gave the app'),
      ),
      language: v.optional(v.picklist(LANGUAGES, 'must be zh or en'), 'zh'),
      consents: v.optional(consents, []),
    },
    strictObjectMessage('a phone'),
  ),
  v.check(
    ({ member, phone }) => member !== undefined || phone !== undefined,
    'must say whose it is: member, phone or both',
  ),
  v.metadata({ title: 'Phone' }),
);
export type PhoneRequest = v.InferOutput<typeof PhoneRequest>;

export const PhoneResponse = v.pipe(
  v.object({
    device: v.pipe(
      v.string(),
      v.transform((id) => id as DeviceId),
    ),
    key: v.pipe(
      v.string(),
      v.description(
        "The phone's credential. It is shown this once; the app keeps it in the phone's keychain.",
      ),
    ),
    person: v.string(),
  }),
  v.metadata({ title: 'PhoneResponse' }),
);
export type PhoneResponse = v.InferOutput<typeof PhoneResponse>;

export const ConsentsRequest = v.pipe(
  v.strictObject(
    { consents: v.pipe(consents, v.minLength(1, 'is empty')) },
    strictObjectMessage('a change of consents'),
  ),
  v.metadata({ title: 'Consents' }),
);
export type ConsentsRequest = v.InferOutput<typeof ConsentsRequest>;

const LONGITUDE_MAX = 180;
const LATITUDE_MAX = 90;
const degrees = (limit: number) =>
  v.pipe(
    v.number('must be a number'),
    v.finite('must be a number'),
    v.minValue(-limit, `must be at least −${limit}`),
    v.maxValue(limit, `must be at most ${limit}`),
  );

/** Each position is read by itself, so that one that is wrong does not cost the others. */
export const PositionInput = v.pipe(
  v.strictObject(
    {
      lat: v.pipe(degrees(LATITUDE_MAX), v.description('Degrees north, WGS-84 unless said otherwise.')),
      lng: v.pipe(degrees(LONGITUDE_MAX), v.description('Degrees east.')),
      accuracyM: v.exactOptional(
        v.pipe(
          v.number('must be a number'),
          v.minValue(0, 'must not be negative'),
          v.description('Radius of the circle in which the phone believes itself to be, in metres.'),
        ),
      ),
      at: v.pipe(instant, v.description('When the phone was there, by its own clock.')),
      datum: v.optional(v.picklist(['WGS-84', 'GCJ-02'], 'must be WGS-84 or GCJ-02'), 'WGS-84'),
    },
    strictObjectMessage('a position'),
  ),
  v.metadata({ title: 'Position' }),
);
export type PositionInput = v.InferOutput<typeof PositionInput>;

export const PositionsRequest = v.strictObject(
  {
    positions: v.pipe(
      v.array(v.unknown(), 'must be a list'),
      v.minLength(1, 'is empty'),
      v.maxLength(POSITIONS_MAX, `must not be more than ${POSITIONS_MAX}`),
    ),
  },
  strictObjectMessage('a body of positions'),
);

export const PositionsResponse = v.pipe(
  v.object({
    accepted: v.pipe(v.number(), v.integer()),
    refused: v.array(v.object({ index: v.pipe(v.number(), v.integer()), problem: Problem })),
  }),
  v.metadata({
    title: 'PositionsResponse',
    description:
      'What is accepted need not be sent again; what is refused never will be taken as it is, unless its status is 429.',
  }),
);
export type PositionsResponse = v.InferOutput<typeof PositionsResponse>;
