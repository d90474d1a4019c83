/** What is kept of a person, for whoever answers the person's own question. */
import { BUSY, json, media, type Operation, SERVER_ERROR, problemDetails, SIGN_IN_NEEDED } from './parts.ts';
import { refTo } from './schemas.ts';

const shared = { tags: ['People'], security: [{ staff: [] }] };

const ANSWERS = {
  200: {
    description: 'Everything that is kept of the person, each list in order of time.',
    content: json(media(refTo('PersonResponse'), 'person')),
  },
  401: SIGN_IN_NEEDED,
  403: {
    description: 'Neither a privacy officer nor somebody who holds the chain.',
    content: problemDetails('peopleNotYours'),
  },
  404: { description: 'There is no such person, or no longer.', content: problemDetails('noSuchPerson') },
  429: BUSY,
  500: SERVER_ERROR,
};

export const readPerson: Operation = {
  operationId: 'readPerson',
  summary: 'Read all that is kept of a person',
  description: `For the right of access: what points at the person and how that is known, what they agreed to and with \
what proof, what they bought, when they came, what they were sent. Telephone numbers are masked for all but privacy officers.

The person is named by their id, by a member number (\`member:M1\`) or by a bound phone (\`device:…\`). A telephone number \
does not belong into an address; see the search.`,
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
    ...ANSWERS,
    400: { description: 'The person cannot be named so.', content: problemDetails('phoneInAddress') },
  },
};

export const searchPeople: Operation = {
  operationId: 'searchPeople',
  summary: 'Read all that is kept of whoever a telephone number is of',
  description: `The same, for somebody who has nothing but a number; it stands in the body, which no machine on the way \
writes down.`,
  ...shared,
  requestBody: {
    required: true,
    description: 'The number.',
    content: json(media(refTo('PeopleSearch'), 'peopleSearch')),
  },
  responses: {
    ...ANSWERS,
    400: { description: 'The body is not valid.', content: problemDetails('invalidSearch') },
    413: { description: 'The body is too large.', content: problemDetails('tooLarge') },
    415: { description: 'The body is not JSON.', content: problemDetails('notJson') },
  },
};
