/** The operations for tills. */
import { BATCH_BYTES_MAX, RECEIPTS_MAX } from '../http/receipts.ts';
import {
  json,
  KEY_NEEDED,
  media,
  type Operation,
  problemDetails,
  RETRY_AFTER,
  SERVER_ERROR,
} from './parts.ts';
import { refTo } from './schemas.ts';

export const ingestReceipts: Operation = {
  operationId: 'ingestReceipts',
  summary: 'Ingest receipts of a till',
  description: `Send receipts as they are closed, or up to ${RECEIPTS_MAX} at once in at most ${BATCH_BYTES_MAX} bytes.

Keep each receipt until its status is \`accepted\`: it is stored durably and will be counted. Correct \`refused\` receipts; send \
\`not-accepted\` ones again unchanged. Sending a receipt twice does no harm.

A second receipt of the same name with other content is not counted; it is set aside for review.

Unknown fields and duplicate keys of an object are errors: a misspelt \`discount\` must not go unnoticed.`,
  tags: ['Tills'],
  security: [{ deviceKey: [] }],
  requestBody: {
    required: true,
    description: 'Receipts of the store of the key.',
    content: json(media(refTo('Receipts'), 'sale')),
  },
  responses: {
    202: {
      description: 'All receipts are accepted.',
      content: json(media(refTo('ReceiptsResponse'), 'accepted')),
    },
    207: {
      description: 'Some receipts are accepted and some are refused, as listed.',
      content: json(media(refTo('ReceiptsResponse'), 'mixed')),
    },
    400: {
      description:
        'No receipt is accepted. `application/json` if each has errors of its own; problem details if the body as a whole is not valid.',
      content: {
        ...json(media(refTo('ReceiptsResponse'), 'noneAccepted')),
        ...problemDetails('invalidBatch'),
      },
    },
    401: KEY_NEEDED,
    403: {
      description: 'No receipt is accepted: the key is for another store, or not for receipts.',
      content: {
        ...json(media(refTo('ReceiptsResponse'), 'otherStore')),
        ...problemDetails('wrongKeyType'),
      },
    },
    409: {
      description: 'The store of the key is not configured. Nothing is accepted.',
      content: problemDetails('storeNotSetUp'),
    },
    413: {
      description: `The body is larger than ${BATCH_BYTES_MAX} bytes. Send it in parts.`,
      content: problemDetails('tooLarge'),
    },
    415: { description: 'The content type is not JSON.', content: problemDetails('notJson') },
    429: {
      description:
        'The stream is throttled. Listed receipts with status `accepted` are stored; send the others again after Retry-After. A response of the gateway itself accepts nothing.',
      headers: RETRY_AFTER,
      content: {
        'application/json': {
          ...media(refTo('ReceiptsResponse'), 'notAccepted'),
          schema: { anyOf: [refTo('ReceiptsResponse'), refTo('GatewayMessage')] },
        },
      },
    },
    500: SERVER_ERROR,
  },
};
