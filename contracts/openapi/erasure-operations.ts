/** How somebody is forgotten, and what shows that they were. */
import { BUSY, json, media, type Operation, SERVER_ERROR, problemDetails, SIGN_IN_NEEDED } from './parts.ts';
import { refTo } from './schemas.ts';

const shared = { tags: ['People'], security: [{ staff: [] }] };

const ALWAYS = {
  401: SIGN_IN_NEEDED,
  403: {
    description: 'Neither a privacy officer nor somebody who holds the chain.',
    content: problemDetails('peopleNotYours'),
  },
  429: BUSY,
  500: SERVER_ERROR,
};

export const erasePerson: Operation = {
  operationId: 'erasePerson',
  summary: 'Forget a person',
  description: `For the right to be forgotten. All by which the person can be known again is gathered, deleted, and then \
searched for through everything that is kept, from end to end; only what such a search does not find is gone. That takes \
minutes, so the answer says where to ask how far it has come. Asked again meanwhile, it is the same erasure.

What figures, proofs and tax offices count stays, and says of nobody any more. There is no way back.

The person is named as for reading. Whoever has nothing but a telephone number finds the id by the search.`,
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
      description: 'They will be forgotten.',
      headers: {
        Location: { description: 'Where to ask how far it has come.', schema: { type: 'string' } },
      },
      content: json(media(refTo('ErasureResponse'), 'erasureAsked')),
    },
    400: { description: 'The person cannot be named so.', content: problemDetails('phoneInAddress') },
    404: { description: 'There is no such person, or no longer.', content: problemDetails('noSuchPerson') },
    ...ALWAYS,
  },
};

export const readErasure: Operation = {
  operationId: 'readErasure',
  summary: 'Read how far an erasure has come, and its receipt',
  description: `It names nobody, and may be shown to whoever was forgotten. The receipt says what was searched and how much \
of it was looked at, what was kept and why, and what cannot be searched and is gone after how many days.`,
  ...shared,
  parameters: [
    {
      name: 'id',
      in: 'path',
      required: true,
      description: 'The `erasure` of the answer before.',
      schema: { type: 'string', pattern: '^e\\.[0-9a-z]{26}$' },
      example: 'e.4k1m9x0c7d2t8v5q3w6z1r0b7n',
    },
  ],
  responses: {
    200: {
      description: 'How far it has come.',
      content: json(media(refTo('ErasureResponse'), 'erasureDone', 'erasureIncomplete')),
    },
    404: { description: 'There is no such erasure.', content: problemDetails('noSuchErasure') },
    ...ALWAYS,
  },
};
