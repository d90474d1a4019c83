/** The examples of phones, consents and positions. */
import { problem } from '../http/problems.ts';

const consents = [
  {
    ...{ purpose: 'location', granted: true, proof: 'terms of 2026-10, ticked in the app' },
    at: '2026-11-22T10:10:00+08:00',
  },
  {
    ...{ purpose: 'push', granted: true, proof: 'terms of 2026-10, ticked in the app' },
    at: '2026-11-22T10:10:00+08:00',
  },
];

const refused = {
  index: 1,
  problem: problem(400, 'invalid-position', 'The position is not valid.', [
    { pointer: '#/positions/1/lat', detail: 'must be at most 90' },
  ]),
};

export const PHONE_EXAMPLES = {
  phone: {
    contract: 'Phone',
    summary: 'A member with consents to location and push.',
    value: {
      member: 'M1',
      phone: '138 0013 8000',
      platform: 'fcm',
      pushToken: 'fK3xQ0wzSxyV9m:APA91bE',
      language: 'zh',
      consents,
    },
  },
  phoneLinked: {
    contract: 'PhoneResponse',
    summary: 'The key of the phone, returned once.',
    value: {
      device: 'ph-9f2c41d07b6e4a8f93d15c60e7ab2f48',
      key: 'aisle_…',
      person: 'p.3w5e11264sgsg5e3k2r6s0v9ty',
    },
  },
  invalidPhone: {
    contract: 'Problem',
    summary: 'A phone without a customer.',
    value: problem(400, 'invalid-body', 'The phone is not valid.', [
      { pointer: '#', detail: 'must name the customer: member, phone or both' },
    ]),
  },
  keyNotForPeople: {
    contract: 'Problem',
    summary: 'A valid key of another kind.',
    value: problem(403, 'wrong-key-type', 'The key is not for people.'),
  },
  twoPeople: {
    contract: 'Problem',
    summary: 'The identifiers of two customers.',
    value: problem(
      409,
      'identity-conflict',
      'The member number and the phone number belong to two customers.',
    ),
  },
  noSuchNumber: {
    contract: 'Problem',
    summary: 'An invalid phone number.',
    value: problem(422, 'invalid-phone-number', 'The phone number is not valid.'),
  },
  pushRefused: {
    contract: 'Problem',
    summary: 'The push service rejected the phone.',
    value: problem(
      422,
      'push-registration-rejected',
      'The push service rejected the phone: pushes over apns are not set up',
    ),
  },
  consents: {
    contract: 'Consents',
    summary: 'A withdrawn consent.',
    value: {
      consents: [
        {
          ...{ purpose: 'location', granted: false, proof: 'switched off in the app' },
          at: '2026-12-01T19:00:00+08:00',
        },
      ],
    },
  },
  invalidConsents: {
    contract: 'Problem',
    summary: 'A time without a zone.',
    value: problem(400, 'invalid-body', 'The body is not valid.', [
      {
        pointer: '#/consents/0/at',
        detail: 'must be a time with its zone: 2026-11-22T10:03:12+08:00',
      },
    ]),
  },
  keyNotForPositions: {
    contract: 'Problem',
    summary: 'A valid key of another kind.',
    value: problem(403, 'wrong-key-type', 'The key is not for positions.'),
  },
  phoneNotLinked: {
    contract: 'Problem',
    summary: 'The owner was erased.',
    value: problem(403, 'phone-not-linked', 'The phone is not linked to a customer.'),
  },
  noSuchPush: {
    contract: 'Problem',
    summary: 'An unknown push, or one of another phone.',
    value: problem(404, 'push-not-found', 'The push was not sent to this phone.'),
  },
  positions: {
    contract: 'Positions',
    summary: 'Two positions of a walk.',
    value: {
      positions: [
        { lat: 22.53332, lng: 114.05457, accuracyM: 8, at: '2026-11-22T10:03:12+08:00' },
        {
          ...{ lat: 22.53081, lng: 114.05972, accuracyM: 12, at: '2026-11-22T10:03:42+08:00' },
          datum: 'GCJ-02',
        },
      ],
    },
  },
  positionsAccepted: {
    contract: 'PositionsResponse',
    summary: 'Both are accepted.',
    value: { accepted: 2, refused: [] },
  },
  positionsMixed: {
    contract: 'PositionsResponse',
    summary: 'The second has an invalid latitude.',
    value: { accepted: 1, refused: [refused] },
  },
  positionsRefused: {
    contract: 'PositionsResponse',
    summary: 'The only position is too inaccurate.',
    value: {
      accepted: 0,
      refused: [
        {
          index: 0,
          problem: problem(422, 'too-inaccurate', 'accuracyM must be at most 100.'),
        },
      ],
    },
  },
  positionsNotAccepted: {
    contract: 'PositionsResponse',
    summary: 'The second must be sent again.',
    value: {
      accepted: 1,
      refused: [
        {
          index: 1,
          problem: problem(429, 'tracker-throttled', 'The tracker is throttled; send the position again.'),
        },
      ],
    },
  },
  invalidPositions: {
    contract: 'Problem',
    summary: 'The body is not a list of positions.',
    value: problem(400, 'invalid-body', 'The body is not valid.', [
      { pointer: '#/positions', detail: 'is empty' },
    ]),
  },
  noLocationConsent: {
    contract: 'Problem',
    summary: 'The consent is missing or withdrawn.',
    value: problem(
      403,
      'no-location-consent',
      'The owner of the phone has not consented to location; the positions were discarded.',
    ),
  },
} as const;
