/** What people may ask of what was sold and who came. */
import { FiguresQuery, RankingQuery } from '../http/figures.ts';
import {
  BUSY,
  json,
  media,
  type Operation,
  SERVER_ERROR,
  parametersOf,
  SCOPE_REFUSALS,
  SIGN_IN_NEEDED,
} from './parts.ts';
import { refTo } from './schemas.ts';

export const readFigures: Operation = {
  operationId: 'readFigures',
  summary: 'Read figures of a store, a city, a region or the chain',
  description: `Each figure comes with what it was divided from and the version of its formula; each stretch with the \
arrival of its newest receipt and how many of the tills that should have reported did. A till that is silent is unknown, \
never zero. A figure that cannot be given is null.

Figures of a store are a second or two behind its tills; those above it some seconds.`,
  tags: ['Figures'],
  security: [{ staff: [] }],
  parameters: parametersOf(FiguresQuery),
  responses: {
    200: { description: 'The figures.', content: json(media(refTo('FiguresResponse'), 'figures')) },
    ...SCOPE_REFUSALS,
  },
};

export const rankProducts: Operation = {
  operationId: 'rankProducts',
  summary: 'Rank products',
  description: `The products with the highest revenue (before discounts and returns), the most pieces sold, or the \
highest value brought back. Rankings above a single store are at most half a minute behind its own.`,
  tags: ['Figures'],
  security: [{ staff: [] }],
  parameters: parametersOf(RankingQuery),
  responses: {
    200: { description: 'The ranking.', content: json(media(refTo('RankingResponse'), 'ranking')) },
    ...SCOPE_REFUSALS,
  },
};

export const listStores: Operation = {
  operationId: 'listStores',
  summary: 'List the stores you may see',
  description: 'The stores within the scopes of the sign-in, each with the business day it is living in now.',
  tags: ['Figures'],
  security: [{ staff: [] }],
  responses: {
    200: { description: 'The stores.', content: json(media(refTo('StoresResponse'), 'stores')) },
    401: SIGN_IN_NEEDED,
    429: BUSY,
    500: SERVER_ERROR,
  },
};
