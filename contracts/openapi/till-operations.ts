/** What tills may ask. */
import { BATCH_BYTES_MAX, RECEIPTS_MAX } from '../http/receipts.ts';
import {
  json,
  KEY_NEEDED,
  media,
  type Operation,
  SERVER_ERROR,
  problemDetails,
  RETRY_AFTER,
} from './parts.ts';
import { refTo } from './schemas.ts';

export const ingestReceipts: Operation = {
  operationId: 'ingestReceipts',
  summary: 'Take receipts of a till',
  description: `Send receipts as they are closed, or up to ${RECEIPTS_MAX} at once in at most ${BATCH_BYTES_MAX} bytes.

Keep each receipt until it is answered with \`accepted\`. \`accepted\` means that it is stored durably and will be \
counted. Mend what is \`refused\`; send what is \`not taken\` again as it was. Sending something twice does no harm.

The same name with another content is not counted: the first one stands, and the other is set aside to be looked at.

A field that is not known is refused, and so is a key that stands twice in one object: a misspelt \`discount\` must not \
go unnoticed.`,
  tags: ['Tills'],
  security: [{ deviceKey: [] }],
  requestBody: {
    required: true,
    description: 'Receipts of the store that the key belongs to.',
    content: json(media(refTo('Receipts'), 'sale')),
  },
  responses: {
    202: {
      description: 'All receipts are accepted.',
      content: json(media(refTo('ReceiptsResponse'), 'accepted')),
    },
    207: {
      description: 'Some receipts are accepted and some are refused; the answer says which.',
      content: json(media(refTo('ReceiptsResponse'), 'mixed')),
    },
    400: {
      description:
        'No receipt is accepted. `application/json` where each was refused for a fault of its own; problem details where the body as a whole cannot be read.',
      content: {
        ...json(media(refTo('ReceiptsResponse'), 'noneAccepted')),
        ...problemDetails('invalidBatch'),
      },
    },
    401: KEY_NEEDED,
    403: {
      description: 'No receipt is accepted, because the key is for another store or not for receipts.',
      content: {
        ...json(media(refTo('ReceiptsResponse'), 'otherStore')),
        ...problemDetails('keyOfAnotherKind'),
      },
    },
    409: {
      description: 'The store of the key is not set up yet. Nothing is accepted.',
      content: problemDetails('storeNotSetUp'),
    },
    413: {
      description: `The body is larger than ${BATCH_BYTES_MAX} bytes. Send it in parts.`,
      content: problemDetails('tooLarge'),
    },
    415: { description: 'The body is not announced as JSON.', content: problemDetails('notJson') },
    429: {
      description:
        'Not everything could be taken now. Where the answer lists receipts, those that are accepted are accepted; send the others again after the time in Retry-After. From the gateway itself, nothing was taken.',
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
