/** What the chain's app server and shoppers' phones may ask. */
import { ENTRY_AGE_MS_MAX } from '#domain/campaigns/push-decision.ts';
import { PHONE_BYTES_MAX, POSITIONS_BYTES_MAX, POSITIONS_MAX } from '../http/phones.ts';
import {
  BUSY,
  fromGateway,
  json,
  KEY_NEEDED,
  media,
  type Operation,
  SERVER_ERROR,
  problemDetails,
  RETRY_AFTER,
} from './parts.ts';
import { refTo } from './schemas.ts';

const tags = ['Phones'];
const byPhone = { tags, security: [{ phoneKey: [] }] };

const NOT_A_PHONE_BODY = {
  413: {
    description: `The body is larger than ${PHONE_BYTES_MAX} bytes.`,
    content: problemDetails('tooLarge'),
  },
  415: { description: 'The body is not announced as JSON.', content: problemDetails('notJson') },
};

const NOT_ITS_OWNERS = {
  description: 'The key is not for positions, or its phone is bound to nobody any more.',
  content: problemDetails('keyNotForPositions', 'boundToNobody'),
};

export const bindPhone: Operation = {
  operationId: 'bindPhone',
  summary: 'Bind a phone to a customer',
  description: `People sign in at the chain's app server, so it says whose the phone is: by member number, by a \
telephone number that they have shown to be theirs, or by both. Somebody who is not known yet becomes known by it.

The answer holds a key for this phone alone. It is shown this once: hand it to the app, which keeps it in the phone's \
keychain. Links in pushes lead to the address that this request was sent to.

To what nobody agreed, nothing is done: no position is taken without \`location\`, no push sent without \`push\`. A \
consent of a time to come counts from now.

Asked again, the phone is bound once more and gets a further key; pushes go to the newest binding alone.`,
  tags,
  security: [{ appKey: [] }],
  requestBody: {
    required: true,
    description: 'The phone, whose it is, and to what they agreed.',
    content: json(media(refTo('Phone'), 'phone')),
  },
  responses: {
    201: { description: 'The phone is bound.', content: json(media(refTo('PhoneResponse'), 'phoneBound')) },
    400: { description: 'The body is not valid.', content: problemDetails('invalidPhone') },
    401: KEY_NEEDED,
    403: { description: 'The key is not that of an app server.', content: problemDetails('keyNotForPeople') },
    409: {
      description: 'Member number and telephone number belong to two people. Nothing was bound.',
      content: problemDetails('twoPeople'),
    },
    ...NOT_A_PHONE_BODY,
    422: {
      description: 'No telephone number, or a phone that the push service does not take. Nothing was bound.',
      content: problemDetails('noSuchNumber', 'pushRefused'),
    },
    429: BUSY,
    500: SERVER_ERROR,
  },
};

export const changeConsents: Operation = {
  operationId: 'changeConsents',
  summary: "Write down to what a phone's owner agrees",
  description: `The newest word on a purpose counts, and no word is ever changed. A time to come is taken for now: a \
consent from tomorrow would outlive a withdrawal of today.

Where \`location\` is withdrawn, what is known of where this phone was is deleted before the answer is given.`,
  ...byPhone,
  requestBody: {
    required: true,
    description: 'What they said in the app.',
    content: json(media(refTo('Consents'), 'consents')),
  },
  responses: {
    204: { description: 'It is written down.' },
    400: { description: 'The body is not valid.', content: problemDetails('invalidConsents') },
    401: KEY_NEEDED,
    403: NOT_ITS_OWNERS,
    ...NOT_A_PHONE_BODY,
    429: BUSY,
    500: SERVER_ERROR,
  },
};

export const openPush: Operation = {
  operationId: 'openPush',
  summary: 'Say that a push was opened',
  description: `Without a body. The first time is noted; every further one changes nothing. That the link of the push \
was followed is noted by the link itself.`,
  ...byPhone,
  parameters: [
    {
      name: 'push',
      in: 'path',
      required: true,
      description: 'The `pushId` that came with the push.',
      schema: { type: 'string' },
      example: 'Zq3vX0m8RkK1tJ6bW9yPfA',
    },
  ],
  responses: {
    204: { description: 'It is noted.' },
    401: KEY_NEEDED,
    403: { description: 'The key is not that of a phone.', content: problemDetails('keyNotForPositions') },
    404: { description: 'The push was not sent to this phone.', content: problemDetails('noSuchPush') },
    429: BUSY,
    500: SERVER_ERROR,
  },
};

export const ingestPositions: Operation = {
  operationId: 'ingestPositions',
  summary: 'Take where a phone was',
  description: `Up to ${POSITIONS_MAX} positions at once, in any order, in at most ${POSITIONS_BYTES_MAX} bytes. Whose \
they are follows from the key; nothing in the body says so. Without the owner's consent to \`location\` nothing is kept.

A phone that comes into the fence of a store may be greeted there. News that is older than \
${ENTRY_AGE_MS_MAX / 60_000} minutes greets nobody, so send what has just been seen first and what had to wait afterwards.

Positions are of WGS-84, as phones know them; what a map of mainland China shows is of GCJ-02, some hundred metres off, \
and is turned back where it says so. A phone that knows its place to no better than 100 m is not believed, and neither is \
one whose clock is ahead by more than 2 minutes.`,
  ...byPhone,
  requestBody: {
    required: true,
    description: 'Positions of the phone that the key belongs to.',
    content: json(media(refTo('Positions'), 'positions')),
  },
  responses: {
    202: {
      description: 'All positions are accepted.',
      content: json(media(refTo('PositionsResponse'), 'positionsAccepted')),
    },
    207: {
      description: 'Some positions are accepted and some are refused; the answer lists those.',
      content: json(media(refTo('PositionsResponse'), 'positionsMixed')),
    },
    400: {
      description:
        'No position is accepted. `application/json` where each was refused for a fault of its own; problem details where the body as a whole cannot be read.',
      content: {
        ...json(media(refTo('PositionsResponse'), 'positionsRefused')),
        ...problemDetails('invalidPositions'),
      },
    },
    401: KEY_NEEDED,
    403: {
      description:
        'Nothing was kept: the owner has not agreed, the key is not for positions, or its phone is bound to nobody any more.',
      content: problemDetails('noLocationConsent', 'keyNotForPositions', 'boundToNobody'),
    },
    413: {
      description: `The body is larger than ${POSITIONS_BYTES_MAX} bytes. Send it in parts.`,
      content: problemDetails('tooLarge'),
    },
    415: NOT_A_PHONE_BODY[415],
    429: {
      description:
        'Not everything could be taken now. Where the answer lists positions, send those again whose status is 429, after the time in Retry-After. From the gateway itself, nothing was taken.',
      headers: RETRY_AFTER,
      content: {
        'application/json': {
          ...media(refTo('PositionsResponse'), 'positionsNotAccepted'),
          schema: { anyOf: [refTo('PositionsResponse'), refTo('GatewayMessage')] },
        },
      },
    },
    500: SERVER_ERROR,
  },
};

const HTML = { 'text/html': { schema: { type: 'string', description: 'A page that loads nothing.' } } };

export const followLink: Operation = {
  operationId: 'followLink',
  summary: 'Follow the link of a push',
  description: `What a browser asks when somebody taps the link; no program has to. That it was followed is noted once. \
Whoever holds the link sees the offer and nothing of whom it was sent to, and where it leads does not learn the link.

Pages are in Chinese where the browser asks for it, and in English elsewhere.`,
  tags,
  security: [],
  parameters: [
    {
      name: 'token',
      in: 'path',
      required: true,
      description: 'What nobody can guess.',
      schema: { type: 'string' },
      example: 'Zq3vX0m8RkK1tJ6bW9yPfA',
    },
  ],
  responses: {
    200: { description: 'The offer, where its campaign names no address of its own.', content: HTML },
    302: {
      description: 'On to where the campaign wants it.',
      headers: {
        Location: { description: 'The address that the campaign names.', schema: { type: 'string' } },
      },
    },
    404: { description: 'The link leads nowhere, or no longer.', content: HTML },
    429: { description: 'Too many requests for now.', content: fromGateway('Too Many Requests') },
    500: SERVER_ERROR,
  },
};
