/** The operations for figures, rankings and stores. */
import { FiguresQuery, RankingQuery } from '../http/figures.ts';
import {
  BUSY,
  json,
  media,
  type Operation,
  parametersOf,
  SCOPE_ERRORS,
  SERVER_ERROR,
  SIGN_IN_NEEDED,
} from './parts.ts';
import { refTo } from './schemas.ts';

export const readFigures: Operation = {
  operationId: 'readFigures',
  summary: 'Read figures of a store, a city, a region or the chain',
  description: `Each figure has its numerator, denominator and formula version; each bucket has the arrival of its newest fact and the \
number of tills that reported. A silent till is unknown, never zero. A figure without enough data is null.

Figures of a store lag its tills by one or two seconds, figures above a store by some seconds.`,
  tags: ['Figures'],
  security: [{ staff: [] }],
  parameters: parametersOf(FiguresQuery),
  responses: {
    200: { description: 'The figures.', content: json(media(refTo('FiguresResponse'), 'figures')) },
    ...SCOPE_ERRORS,
  },
};

export const rankProducts: Operation = {
  operationId: 'rankProducts',
  summary: 'Rank products',
  description: `The products with the highest revenue (before discounts and returns), the most units sold, or the highest value of \
returns. Rankings above a single store lag by up to 30 seconds.`,
  tags: ['Figures'],
  security: [{ staff: [] }],
  parameters: parametersOf(RankingQuery),
  responses: {
    200: { description: 'The ranking.', content: json(media(refTo('RankingResponse'), 'ranking')) },
    ...SCOPE_ERRORS,
  },
};

export const listStores: Operation = {
  operationId: 'listStores',
  summary: 'List the stores of the access token',
  description: 'The stores within the scopes of the access token, each with its current business day.',
  tags: ['Figures'],
  security: [{ staff: [] }],
  responses: {
    200: { description: 'The stores.', content: json(media(refTo('StoresResponse'), 'stores')) },
    401: SIGN_IN_NEEDED,
    429: BUSY,
    500: SERVER_ERROR,
  },
};
