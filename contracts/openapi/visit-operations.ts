/** What people may ask of the visits of a store and of its zones. */
import { HeatmapQuery, VisitsQuery } from '../http/visits.ts';
import { json, media, type Operation, parametersOf, problemDetails, SCOPE_REFUSALS } from './parts.ts';
import { refTo } from './schemas.ts';

const shared = { tags: ['Visits'], security: [{ staff: [] }] };

export const readVisits: Operation = {
  operationId: 'readVisits',
  summary: "List the visits of a store's day",
  description: `The newest first, each with the zones it was in and when. A visit is open until a quarter of an hour \
has passed without anybody seeing the visitor; who comes back within one is on the same visit. Staff are in the list and \
marked; no figure counts them.

A visitor is the id it goes by, and nothing else is told of anybody.`,
  ...shared,
  parameters: parametersOf(VisitsQuery),
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
  parameters: parametersOf(HeatmapQuery),
  responses: {
    200: { description: 'The zones.', content: json(media(refTo('HeatmapResponse'), 'heatmap')) },
    ...SCOPE_REFUSALS,
  },
};
