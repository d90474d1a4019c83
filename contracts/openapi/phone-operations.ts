/** The operations for the chain's app server and for customers' phones. */
import { ENTRY_AGE_MS_MAX } from '#domain/campaigns/push-decision.ts';
import { PHONE_BYTES_MAX, POSITIONS_BYTES_MAX, POSITIONS_MAX } from '../http/phones.ts';
import {
  BUSY,
  fromGateway,
  json,
  KEY_NEEDED,
  media,
  type Operation,
  problemDetails,
  RETRY_AFTER,
  SERVER_ERROR,
} from './parts.ts';
import { refTo } from './schemas.ts';

const tags = ['Phones'];
const byPhone = { tags, security: [{ phoneKey: [] }] };

const BODY_ERRORS = {
  413: {
    description: `The body is larger than ${PHONE_BYTES_MAX} bytes.`,
    content: problemDetails('tooLarge'),
  },
  415: { description: 'The content type is not JSON.', content: problemDetails('notJson') },
};

const NOT_LINKED = {
  description: 'The key is not for positions, or its phone is no longer linked to a customer.',
  content: problemDetails('keyNotForPositions', 'phoneNotLinked'),
};

export const bindPhone: Operation = {
  operationId: 'bindPhone',
  summary: 'Link a phone to a customer',
  description: `Customers sign in at the chain's app server, which links the phone to the customer by member number, by verified phone \
number, or by both. A customer without a record gets one.

The response holds a key for this phone alone, returned only here: hand it to the app, which stores it in the phone's keychain. \
Links in pushes use the host of this request.

Without consent to \`location\` no position is stored, without \`push\` no push is sent. A consent with a future time counts from \
now.

A repeated request links the phone again with a further key; pushes go to the newest link alone.`,
  tags,
  security: [{ appKey: [] }],
  requestBody: {
    required: true,
    description: 'The phone, its customer and their consents.',
    content: json(media(refTo('Phone'), 'phone')),
  },
  responses: {
    201: { description: 'The phone is linked.', content: json(media(refTo('PhoneResponse'), 'phoneLinked')) },
    400: { description: 'The body is not valid.', content: problemDetails('invalidPhone') },
    401: KEY_NEEDED,
    403: { description: 'The key is not of an app server.', content: problemDetails('keyNotForPeople') },
    409: {
      description: 'The member number and the phone number belong to two customers. Nothing was linked.',
      content: problemDetails('twoPeople'),
    },
    ...BODY_ERRORS,
    422: {
      description:
        'The phone number is not valid, or the push service rejected the phone. Nothing was linked.',
      content: problemDetails('noSuchNumber', 'pushRefused'),
    },
    429: BUSY,
    500: SERVER_ERROR,
  },
};

export const changeConsents: Operation = {
  operationId: 'changeConsents',
  summary: 'Record consents of the owner of a phone',
  description: `The newest decision on a purpose counts; earlier ones are never changed. A future time counts as now: a consent from \
tomorrow would outlive a withdrawal of today.

If \`location\` is withdrawn, the positions of this phone are deleted before the response.`,
  ...byPhone,
  requestBody: {
    required: true,
    description: 'The decisions made in the app.',
    content: json(media(refTo('Consents'), 'consents')),
  },
  responses: {
    204: { description: 'The decisions are recorded.' },
    400: { description: 'The body is not valid.', content: problemDetails('invalidConsents') },
    401: KEY_NEEDED,
    403: NOT_LINKED,
    ...BODY_ERRORS,
    429: BUSY,
    500: SERVER_ERROR,
  },
};

export const openPush: Operation = {
  operationId: 'openPush',
  summary: 'Record that a push was opened',
  description:
    'Without a body. The first time is recorded; later requests change nothing. Clicks are recorded by the link itself.',
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
    204: { description: 'It is recorded.' },
    401: KEY_NEEDED,
    403: { description: 'The key is not of a phone.', content: problemDetails('keyNotForPositions') },
    404: { description: 'The push was not sent to this phone.', content: problemDetails('noSuchPush') },
    429: BUSY,
    500: SERVER_ERROR,
  },
};

export const ingestPositions: Operation = {
  operationId: 'ingestPositions',
  summary: 'Ingest positions of a phone',
  description: `Up to ${POSITIONS_MAX} positions at once, in any order, in at most ${POSITIONS_BYTES_MAX} bytes. The customer follows \
from the key, never from the body. Without the consent to \`location\` nothing is stored.

A phone that enters the geofence of a store may receive a push. An entry older than ${ENTRY_AGE_MS_MAX / 60_000} minutes triggers \
none, so send the latest positions first and queued ones afterwards.

Positions are in WGS-84, as phones report them. Maps of mainland China use GCJ-02, some hundred metres off; such positions are \
converted if \`datum\` says so. Positions with an accuracy no better than 100 m are refused, and so are times more than 2 minutes \
ahead.`,
  ...byPhone,
  requestBody: {
    required: true,
    description: 'Positions of the phone of the key.',
    content: json(media(refTo('Positions'), 'positions')),
  },
  responses: {
    202: {
      description: 'All positions are accepted.',
      content: json(media(refTo('PositionsResponse'), 'positionsAccepted')),
    },
    207: {
      description: 'Some positions are accepted; the refused ones are listed.',
      content: json(media(refTo('PositionsResponse'), 'positionsMixed')),
    },
    400: {
      description:
        'No position is accepted. `application/json` if each has errors of its own; problem details if the body as a whole is not valid.',
      content: {
        ...json(media(refTo('PositionsResponse'), 'positionsRefused')),
        ...problemDetails('invalidPositions'),
      },
    },
    401: KEY_NEEDED,
    403: {
      description:
        'Nothing was stored: the owner has not consented, the key is not for positions, or its phone is no longer linked to a customer.',
      content: problemDetails('noLocationConsent', 'keyNotForPositions', 'phoneNotLinked'),
    },
    413: {
      description: `The body is larger than ${POSITIONS_BYTES_MAX} bytes. Send it in parts.`,
      content: problemDetails('tooLarge'),
    },
    415: BODY_ERRORS[415],
    429: {
      description:
        'The tracker is throttled. Send listed positions with status 429 again after Retry-After. A response of the gateway itself accepts nothing.',
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

const HTML = {
  'text/html': { schema: { type: 'string', description: 'A page without scripts and external resources.' } },
};

const TOKEN = {
  name: 'token',
  in: 'path',
  required: true,
  description: 'A random token.',
  schema: { type: 'string' },
  example: 'Zq3vX0m8RkK1tJ6bW9yPfA',
} as const;

export const followLink: Operation = {
  operationId: 'followLink',
  summary: 'Follow the link of a push',
  description: `The link of a push, opened in a browser. The first click is recorded. The page shows the offer and no data about the \
recipient, and the target does not learn the link.

The page is Chinese or English, by the language of the browser.`,
  tags,
  security: [],
  parameters: [TOKEN],
  responses: {
    200: { description: 'The page of the offer, if the campaign has no URL of its own.', content: HTML },
    302: {
      description: 'The redirect to the URL of the campaign.',
      headers: {
        Location: { description: 'The URL of the campaign.', schema: { type: 'string' } },
      },
    },
    404: { description: 'The link does not exist or has expired.', content: HTML },
    429: { description: 'Too many requests.', content: fromGateway('Too Many Requests') },
    500: SERVER_ERROR,
  },
};

const NO_LINK = { description: 'The link does not exist or has expired.', content: HTML };

export const askToRefuse: Operation = {
  operationId: 'askToRefuse',
  summary: 'Show the page on which a customer refuses further pushes',
  description:
    'Every push carries this address as `refuseLink`; the app shows it beside the push. The page has one button and records nothing.',
  tags,
  security: [],
  parameters: [TOKEN],
  responses: {
    200: { description: 'The page, in Chinese or English.', content: HTML },
    404: NO_LINK,
    429: { description: 'Too many requests.', content: fromGateway('Too Many Requests') },
    500: SERVER_ERROR,
  },
};

export const refusePushes: Operation = {
  operationId: 'refusePushes',
  summary: 'Refuse further pushes',
  description:
    'Records that the customer of the push withdraws the consent to pushes, at once. Repeating it changes nothing.',
  tags,
  security: [],
  parameters: [TOKEN],
  responses: {
    200: { description: 'The refusal is recorded.', content: HTML },
    404: NO_LINK,
    429: { description: 'Too many requests.', content: fromGateway('Too Many Requests') },
    500: SERVER_ERROR,
  },
};
