/** The operations for requests of access. */
import { BUSY, json, media, type Operation, problemDetails, SERVER_ERROR, SIGN_IN_NEEDED } from './parts.ts';
import { refTo } from './schemas.ts';

const shared = { tags: ['People'], security: [{ staff: [] }] };

const RESPONSES = {
  200: {
    description: 'All data about the customer, each list in chronological order.',
    content: json(media(refTo('PersonResponse'), 'person')),
  },
  401: SIGN_IN_NEEDED,
  403: {
    description: 'The access token has neither role:privacy-officer nor scope:chain.',
    content: problemDetails('customersForbidden'),
  },
  404: {
    description: 'The customer does not exist, or was erased.',
    content: problemDetails('noSuchPerson'),
  },
  429: BUSY,
  500: SERVER_ERROR,
};

export const readPerson: Operation = {
  operationId: 'readPerson',
  summary: 'Read all data about a customer',
  description: `For the right of access: linked identifiers and their evidence, consents and their proof, purchases, visits and pushes. \
Phone numbers are masked except for privacy officers.

The id is that of the customer, a member number (\`member:M1\`) or a linked phone (\`device:…\`). A phone number must not be part \
of a URL; see the search.`,
  ...shared,
  parameters: [
    {
      name: 'id',
      in: 'path',
      required: true,
      description: 'p.…, member:<number> or device:<id>.',
      schema: { type: 'string' },
      example: 'member:M1',
    },
  ],
  responses: {
    ...RESPONSES,
    400: { description: 'The id is not valid.', content: problemDetails('phoneInAddress') },
  },
};

export const searchPeople: Operation = {
  operationId: 'searchPeople',
  summary: 'Read all data about a customer by phone number',
  description: 'The same by phone number. It is in the body, which proxies do not log.',
  ...shared,
  requestBody: {
    required: true,
    description: 'The phone number.',
    content: json(media(refTo('PeopleSearch'), 'peopleSearch')),
  },
  responses: {
    ...RESPONSES,
    400: { description: 'The body is not valid.', content: problemDetails('invalidSearch') },
    413: { description: 'The body is too large.', content: problemDetails('tooLarge') },
    415: { description: 'The content type is not JSON.', content: problemDetails('notJson') },
  },
};

export const listConflicts: Operation = {
  operationId: 'listConflicts',
  summary: 'List customers that may be one person',
  description: `Evidence that two records of customers belong to one person: a till or the register gave an identifier of one with \
that of the other. Nothing is merged by itself, because a wrong merge shows one customer the purchases of another.`,
  ...shared,
  responses: {
    200: {
      description: 'The open conflicts, oldest first.',
      content: json(media(refTo('ConflictsResponse'), 'conflicts')),
    },
    401: SIGN_IN_NEEDED,
    403: RESPONSES[403],
    429: BUSY,
    500: SERVER_ERROR,
  },
};

export const settleConflict: Operation = {
  operationId: 'settleConflict',
  summary: 'Settle whether two customers are one person',
  description:
    'Of one person, both records are read as one under the older id. Different people are not proposed again. It cannot be reversed.',
  ...shared,
  requestBody: {
    required: true,
    description: 'The two customers and the decision.',
    content: json(media(refTo('Settlement'), 'settlement')),
  },
  responses: {
    200: {
      description: 'The conflicts between the two are settled.',
      content: json(media(refTo('SettlementResponse'), 'settled')),
    },
    400: { description: 'The body is not valid.', content: problemDetails('invalidSettlement') },
    401: SIGN_IN_NEEDED,
    403: {
      description: 'The access token has no role:privacy-officer.',
      content: problemDetails('officerMissing'),
    },
    404: {
      description: 'There is no open conflict between the two customers.',
      content: problemDetails('noSuchConflict'),
    },
    413: { description: 'The body is too large.', content: problemDetails('tooLarge') },
    415: { description: 'The content type is not JSON.', content: problemDetails('notJson') },
    429: BUSY,
    500: SERVER_ERROR,
  },
};
