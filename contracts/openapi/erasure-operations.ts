/** The operations for the erasure of customers. */
import { BUSY, json, media, type Operation, problemDetails, SERVER_ERROR, SIGN_IN_NEEDED } from './parts.ts';
import { refTo } from './schemas.ts';

const shared = { tags: ['People'], security: [{ staff: [] }] };

const COMMON = {
  401: SIGN_IN_NEEDED,
  403: {
    description: 'The access token has neither role:privacy-officer nor scope:chain.',
    content: problemDetails('customersForbidden'),
  },
  429: BUSY,
  500: SERVER_ERROR,
};

export const erasePerson: Operation = {
  operationId: 'erasePerson',
  summary: 'Erase a customer',
  description: `For the right to erasure. All identifiers of the customer are collected, their data is deleted, and then every store of \
data is scanned for them; the erasure is done when the scan finds nothing. This takes minutes; \`Location\` is the URL of the \
state. A second request meanwhile returns the same erasure.

Data for figures, reports and tax law stays without any link to the customer. An erasure cannot be undone.

The id is that of a request of access. For a phone number, search first.`,
  ...shared,
  parameters: [
    {
      name: 'id',
      in: 'path',
      required: true,
      description: 'p.…, member:<number> or device:<id>.',
      schema: { type: 'string' },
      example: 'p.3w5e11264sgsg5e3k2r6s0v9ty',
    },
  ],
  responses: {
    202: {
      description: 'The erasure was requested.',
      headers: {
        Location: { description: 'The URL of the erasure.', schema: { type: 'string' } },
      },
      content: json(media(refTo('ErasureResponse'), 'erasureAsked')),
    },
    400: { description: 'The id is not valid.', content: problemDetails('phoneInAddress') },
    404: {
      description: 'The customer does not exist, or was erased.',
      content: problemDetails('noSuchPerson'),
    },
    ...COMMON,
  },
};

export const readErasure: Operation = {
  operationId: 'readErasure',
  summary: 'Read the state of an erasure and its receipt',
  description: `It holds no personal data and may be shown to the customer. The receipt lists the places that were searched and the \
number of rows scanned, the data that was kept and the reason, and the places that cannot be searched with their retention.`,
  ...shared,
  parameters: [
    {
      name: 'id',
      in: 'path',
      required: true,
      description: 'The `erasure` of the response to the request.',
      schema: { type: 'string', pattern: '^e\\.[0-9a-z]{26}$' },
      example: 'e.4k1m9x0c7d2t8v5q3w6z1r0b7n',
    },
  ],
  responses: {
    200: {
      description: 'The state of the erasure.',
      content: json(media(refTo('ErasureResponse'), 'erasureDone', 'erasureIncomplete')),
    },
    404: { description: 'The erasure does not exist.', content: problemDetails('noSuchErasure') },
    ...COMMON,
  },
};
