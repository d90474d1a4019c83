/**
 * The requests of the app server and of customers' phones: the link of a phone to a customer, consents, positions, opened
 * pushes.
 *
 * A position names no customer. The customer follows from the credential of the phone: an id in a body could be any
 * customer's.
 */
import * as v from 'valibot';
import type { DeviceId } from '#domain/chain/ids.ts';
import { PURPOSES } from '#domain/people/customers/consent.ts';
import { count, examples, foreignId, instantMs, jsonSchema, WELL_FORMED } from '../primitives.ts';
import { Problem } from './problems.ts';
import { strictObjectMessage } from './strict-object-message.ts';

export const PHONE_BYTES_MAX = 20_000;
export const POSITIONS_MAX = 100;
export const POSITIONS_BYTES_MAX = 50_000;
const CONSENTS_MAX = 20;
const PROOF_LENGTH_MAX = 200;
/** Tokens of FCM have about 160 characters and may grow; those of APNs are 64 hexadecimal digits. */
const PUSH_TOKEN_LENGTH_MAX = 4_096;

const proof = v.pipe(
  v.string('must be a text'),
  v.trim(),
  v.minLength(1, 'must be the proof of the consent'),
  v.maxLength(PROOF_LENGTH_MAX, `must not be longer than ${PROOF_LENGTH_MAX} characters`),
  v.regex(WELL_FORMED, 'must not hold control characters or broken UTF-8'),
);

const Consent = v.pipe(
  v.strictObject(
    {
      purpose: v.pipe(
        v.picklist(PURPOSES, `must be one of ${PURPOSES.join(', ')}`),
        v.description(
          '`location`: positions of the phone may be used. `push`: pushes may be sent. Both need a consent of their own; the others are recorded for proof.',
        ),
      ),
      granted: v.pipe(v.boolean('must be true or false'), v.description('true: granted. false: withdrawn.')),
      proof: v.pipe(proof, v.description('The proof: a version of the terms, a record of the app.')),
      at: v.pipe(instantMs(), v.description('The time of the decision.')),
    },
    strictObjectMessage('a consent'),
  ),
  v.metadata({ title: 'Consent', description: 'One decision on one purpose.' }),
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
      member: v.exactOptional(
        v.pipe(foreignId(), v.description('The member number of the customer.'), examples('M1')),
      ),
      phone: v.exactOptional(
        v.pipe(
          v.string('must be a text'),
          v.maxLength(32, 'is too long for a phone number'),
          v.description(
            "The verified phone number of the customer; with its country code, or as dialled in the chain's country.",
          ),
          examples('138 0013 8000'),
        ),
      ),
      platform: v.pipe(
        v.picklist(PLATFORMS, 'must be fcm or apns'),
        v.description('The push service of the phone: of Google or of Apple.'),
      ),
      pushToken: v.pipe(
        v.string('must be a text'),
        v.minLength(1, 'is empty'),
        v.maxLength(PUSH_TOKEN_LENGTH_MAX, 'is too long'),
        v.regex(/^[\x21-\x7e]+$/, 'must be the token that the push service gave the app'),
        v.description('The token that the push service gave the app.'),
      ),
      language: v.optional(
        v.pipe(v.picklist(LANGUAGES, 'must be zh or en'), v.description('The language of pushes.')),
        'zh',
      ),
      consents: v.optional(
        v.pipe(consents, v.description('The consents that the customer granted or refused.')),
        [],
      ),
    },
    strictObjectMessage('a phone'),
  ),
  v.check(
    ({ member, phone }) => member !== undefined || phone !== undefined,
    'must name the customer: member, phone or both',
  ),
  v.metadata({
    title: 'Phone',
    description: 'A phone and its customer: `member`, `phone` or both are required.',
  }),
  jsonSchema({ anyOf: [{ required: ['member'] }, { required: ['phone'] }] }),
);
export type PhoneRequest = v.InferOutput<typeof PhoneRequest>;

export const PhoneResponse = v.pipe(
  v.object({
    device: v.pipe(
      v.string(),
      v.transform((id) => id as DeviceId),
      v.description('The device id of the phone.'),
    ),
    key: v.pipe(
      v.string(),
      v.description(
        "The credential of the phone. It is returned only here; the app stores it in the phone's keychain.",
      ),
    ),
    person: v.pipe(v.string(), v.description('The id of the customer.')),
  }),
  v.metadata({ title: 'PhoneResponse' }),
);
export type PhoneResponse = v.InferOutput<typeof PhoneResponse>;

export const ConsentsRequest = v.pipe(
  v.strictObject(
    {
      consents: v.pipe(consents, v.minLength(1, 'is empty'), v.description('In the order of the decisions.')),
    },
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

/** Each position is parsed on its own, so that an invalid one does not reject the others. */
export const PositionInput = v.pipe(
  v.strictObject(
    {
      lat: v.pipe(degrees(LATITUDE_MAX), v.description('Latitude in degrees north, by default WGS-84.')),
      lng: v.pipe(degrees(LONGITUDE_MAX), v.description('Longitude in degrees east.')),
      accuracyM: v.exactOptional(
        v.pipe(
          v.number('must be a number'),
          v.minValue(0, 'must not be negative'),
          v.description('Radius of the uncertainty reported by the phone, in metres.'),
        ),
      ),
      at: v.pipe(instantMs(), v.description('The time of the position, by the clock of the phone.')),
      datum: v.optional(
        v.pipe(
          v.picklist(['WGS-84', 'GCJ-02'], 'must be WGS-84 or GCJ-02'),
          v.description('The datum of the coordinates: GCJ-02 for those of maps of mainland China.'),
        ),
        'WGS-84',
      ),
    },
    strictObjectMessage('a position'),
  ),
  v.metadata({ title: 'Position', description: 'The position of the phone at one time.' }),
);
export type PositionInput = v.InferOutput<typeof PositionInput>;

export const PositionsRequest = v.strictObject(
  {
    positions: v.pipe(
      v.array(v.unknown(), 'must be a list'),
      v.minLength(1, 'is empty'),
      v.maxLength(POSITIONS_MAX, `must not be more than ${POSITIONS_MAX}`),
      v.description('Each is accepted or refused on its own; an invalid one does not hold up the others.'),
      jsonSchema({ items: { $ref: '#/components/schemas/Position' } }),
    ),
  },
  strictObjectMessage('a body of positions'),
);

export const PositionsResponse = v.pipe(
  v.object({
    accepted: v.pipe(count, v.description('Number of accepted positions.')),
    refused: v.pipe(
      v.array(
        v.object({
          index: v.pipe(count, v.description('Index of the position in the request, from 0.')),
          problem: Problem,
        }),
      ),
      v.description('The refused positions.'),
    ),
  }),
  v.metadata({
    title: 'PositionsResponse',
    description:
      'Accepted positions need not be sent again. Refused ones may be sent again only for status 429.',
  }),
);
export type PositionsResponse = v.InferOutput<typeof PositionsResponse>;
