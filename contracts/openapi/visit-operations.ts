/** What people may ask of the visits of a store and of its zones. */
import { HEAT_DAYS_MAX, HeatmapQuery, VISITS_DEFAULT, VISITS_MAX, VisitsQuery } from '../http/visits.ts';
import {
  json,
  media,
  type Operation,
  type ParameterWords,
  parametersOf,
  problemDetails,
  SCOPE_REFUSALS,
} from './parts.ts';
import { PLACE_ID, refTo } from './schemas.ts';

const PARAMETERS: Readonly<Record<string, ParameterWords>> = {
  store: { description: 'The store.', example: 'sz01', schema: { pattern: PLACE_ID.pattern } },
  day: {
    description: "The business day, by the store's clock and day cut.",
    example: '2026-11-22',
    schema: { format: 'date' },
  },
  open: { description: 'Only visits of people who are in the store now.', example: 'true' },
  limit: {
    description: 'How many visits at most.',
    example: 20,
    // In a URL everything is a text; what it has to spell is a whole number.
    instead: { type: 'integer', minimum: 1, maximum: VISITS_MAX, default: VISITS_DEFAULT },
  },
  cursor: {
    description: 'Where to go on: the `next` of the answer before.',
    example: '1795317042000_sz01~2026-11-22~1~user.v.8f3a',
  },
  from: { description: 'The first business day.', example: '2026-11-16', schema: { format: 'date' } },
  to: {
    description: `The last business day, which is included; at most ${HEAT_DAYS_MAX} days in all.`,
    example: '2026-11-22',
    schema: { format: 'date' },
  },
  slot: { description: 'How long a slot is, in minutes. Slots begin at the cut of the day.', example: '60' },
  compareFrom: {
    description: 'The first day of a second period of as many days, told beside the first.',
    example: '2026-11-09',
    schema: { format: 'date' },
  },
};

const shared = { tags: ['Visits'], security: [{ staff: [] }] };

export const readVisits: Operation = {
  operationId: 'readVisits',
  summary: "List the visits of a store's day",
  description: `The newest first, each with the zones it was in and when. A visit is open until a quarter of an hour \
has passed without anybody seeing the visitor; who comes back within one is on the same visit. Staff are in the list and \
marked; no figure counts them.

A visitor is the id it goes by, and nothing else is told of anybody.`,
  ...shared,
  parameters: parametersOf(VisitsQuery, PARAMETERS),
  responses: {
    200: { description: 'The visits.', content: json(media(refTo('VisitsResponse'), 'visits')) },
    ...SCOPE_REFUSALS,
  },
};

export const readVisit: Operation = {
  operationId: 'readVisit',
  summary: 'Read one visit',
  description: `The way through the zones in the order of time, how long in each, whether staff were by, and whether \
it ended in a purchase, as far as that can be known: a receipt is nobody's by itself. Zones whose name begins with \
\`till\` are those in front of tills.

Evidence that comes late may make two visits of a visitor's day one; the later number is then gone.`,
  ...shared,
  parameters: [
    {
      name: 'id',
      in: 'path',
      required: true,
      description: 'The id that the list gave.',
      schema: { type: 'string' },
      example: 'sz01~2026-11-22~1~user.v.8f3a',
    },
  ],
  responses: {
    200: { description: 'The visit.', content: json(media(refTo('VisitResponse'), 'visit')) },
    401: SCOPE_REFUSALS[401],
    403: SCOPE_REFUSALS[403],
    404: { description: 'There is no such visit, or no longer.', content: problemDetails('noSuchVisit') },
    429: SCOPE_REFUSALS[429],
    500: SCOPE_REFUSALS[500],
  },
};

export const readHeatmap: Operation = {
  operationId: 'readHeatmap',
  summary: "Read how full a store's zones were, by the time of day",
  description: `People and seconds per zone and slot, days laid over each other, staff left out; a second period of \
as many days beside the first where one is asked for. With each zone come its draw (of the visits that ended, how many \
were in it), its engagement (of those, how many stayed ten seconds) and the mean time in it.`,
  ...shared,
  parameters: parametersOf(HeatmapQuery, PARAMETERS),
  responses: {
    200: { description: 'The zones.', content: json(media(refTo('HeatmapResponse'), 'heatmap')) },
    ...SCOPE_REFUSALS,
  },
};
