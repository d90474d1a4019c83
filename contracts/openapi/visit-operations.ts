/** The operations for visits and heatmaps. */
import { HeatmapQuery, VisitsQuery } from '../http/visits.ts';
import { json, media, type Operation, parametersOf, problemDetails, SCOPE_ERRORS } from './parts.ts';
import { refTo } from './schemas.ts';

const shared = { tags: ['Visits'], security: [{ staff: [] }] };

export const readVisits: Operation = {
  operationId: 'readVisits',
  summary: "List the visits of a store's day",
  description: `Newest first, each with its zones and times. A visit is open until the visitor has not been seen for 15 minutes; a \
return within 15 minutes continues it. Staff are listed and marked; figures do not count them.

A visitor is a visitor id; the response holds no other personal data.`,
  ...shared,
  parameters: parametersOf(VisitsQuery),
  responses: {
    200: { description: 'The visits.', content: json(media(refTo('VisitsResponse'), 'visits')) },
    ...SCOPE_ERRORS,
  },
};

export const readVisit: Operation = {
  operationId: 'readVisit',
  summary: 'Read one visit',
  description: `The path through the zones in chronological order, the time in each, the assistance by staff, and whether the visit \
ended in a purchase, as far as it can be inferred: a receipt names no visitor. Zones whose id begins with \`till\` are those in \
front of tills.

Late evidence may merge two visits of one day; the later number then no longer exists.`,
  ...shared,
  parameters: [
    {
      name: 'id',
      in: 'path',
      required: true,
      description: 'The id from the list of visits.',
      schema: { type: 'string' },
      example: 'sz01~2026-11-22~1~user.v.8f3a',
    },
  ],
  responses: {
    200: { description: 'The visit.', content: json(media(refTo('VisitResponse'), 'visit')) },
    401: SCOPE_ERRORS[401],
    403: SCOPE_ERRORS[403],
    404: {
      description: 'The visit does not exist, or was merged into another.',
      content: problemDetails('noSuchVisit'),
    },
    429: SCOPE_ERRORS[429],
    500: SCOPE_ERRORS[500],
  },
};

export const readHeatmap: Operation = {
  operationId: 'readHeatmap',
  summary: "Read the heatmap of a store's zones by time of day",
  description: `Visits and seconds per zone and slot, summed over the days, without staff; optionally a second period of as many days. \
Each zone has its draw (the share of ended visits that entered it), its engagement (the share of those that stayed ten \
seconds) and its mean dwell time.`,
  ...shared,
  parameters: parametersOf(HeatmapQuery),
  responses: {
    200: { description: 'The zones.', content: json(media(refTo('HeatmapResponse'), 'heatmap')) },
    ...SCOPE_ERRORS,
  },
};
