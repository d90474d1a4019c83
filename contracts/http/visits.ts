/**
 * What is asked of visits and of the heat of a store's zones, and what is answered. A visitor is the id it goes by among
 * visitors and nothing else: no name, no face and nothing of a profile is ever told here.
 */
import * as v from 'valibot';
import { type BusinessDay, countDays, parseBusinessDay } from '#domain/chain/business-day.ts';
import { isPlaceId, type StoreId } from '#domain/chain/ids.ts';
import { SLOT_MINUTES } from '#domain/place/visits/heatmap.ts';
import { type PagePosition, parseVisitName } from '#domain/place/visits/journey.ts';
import { VISIT_FREQUENCIES } from '#domain/place/visits/visit.ts';
import { Figure } from './figures.ts';

export const VISITS_DEFAULT = 50;
export const VISITS_MAX = 200;
/** A month of stays is read for each answer. */
export const HEAT_DAYS_MAX = 31;

const store = v.pipe(
  v.string('is missing'),
  v.check(isPlaceId, 'must be the id of a store'),
  v.transform((id) => id as StoreId),
);

const day = v.pipe(
  v.string('is missing'),
  v.check((text) => parseBusinessDay(text) !== undefined, 'must be a business day: YYYY-MM-DD'),
  v.transform((text) => text as BusinessDay),
);

/** Where a page ended, as `next` of the answer before gave it. */
const cursor = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): PagePosition => {
    const [, at, name = ''] = /^(\d{1,15})_(.+)$/u.exec(dataset.value) ?? [];
    if (at !== undefined && parseVisitName(name) !== undefined) return { firstSeenAtMs: Number(at), name };
    addIssue({ message: 'must be the next of an answer' });
    return NEVER;
  }),
);

export const formatCursor = ({ firstSeenAtMs, name }: PagePosition): string => `${firstSeenAtMs}_${name}`;

export const VisitsQuery = v.object({
  store,
  day,
  open: v.optional(
    v.pipe(
      v.picklist(['true', 'false'], 'must be true or false'),
      v.transform((text) => text === 'true'),
    ),
    'false',
  ),
  limit: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,4}$/, 'must be a whole number'),
      v.transform(Number),
      v.minValue(1, 'must be at least 1'),
      v.maxValue(VISITS_MAX, `must be at most ${VISITS_MAX}`),
    ),
    String(VISITS_DEFAULT),
  ),
  cursor: v.optional(cursor),
});

export type VisitsQuery = v.InferOutput<typeof VisitsQuery>;

const time = v.pipe(v.string(), v.description("RFC 3339, on the store's clock."));
const seconds = v.pipe(v.number(), v.minValue(0), v.description('To the millisecond.'));
const zone = v.pipe(v.string(), v.description('The name of the zone, as it is drawn for the sensors.'));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const visit = {
  id: v.pipe(v.string(), v.description('The name of the visit, for its own page.')),
  visitor: v.pipe(
    v.string(),
    v.description('Whoever it was, by the id it goes by. The same face has the same where it may be known.'),
  ),
  number: v.pipe(count, v.description('Which visit of that visitor on the day, from 1.')),
  frequency: v.pipe(
    v.picklist(VISIT_FREQUENCIES),
    v.description(
      'By how often the visitor was here before; unknown for staff and for whoever cannot be known again.',
    ),
  ),
  isStaff: v.boolean(),
  firstSeenAt: time,
  lastSeenAt: time,
  isOpen: v.pipe(
    v.boolean(),
    v.description(
      'Seen within the last quarter of an hour; whoever comes back within one is on the same visit.',
    ),
  ),
  dwellSeconds: seconds,
  assisted: v.pipe(v.boolean(), v.description('Staff stood in the same zone for a while.')),
};

export const VisitListed = v.pipe(
  v.object({
    ...visit,
    zones: v.array(
      v.object({
        zone,
        entries: count,
        seconds,
        intervals: v.array(v.object({ from: time, to: time })),
      }),
    ),
  }),
  v.metadata({ title: 'VisitListed' }),
);

export type VisitListed = v.InferOutput<typeof VisitListed>;

export const VisitsResponse = v.pipe(
  v.object({
    store: v.string(),
    day: v.string(),
    visits: v.pipe(v.array(VisitListed), v.description('The newest first.')),
    next: v.pipe(
      v.nullable(v.string()),
      v.description('The cursor of the next page; null where this is the last.'),
    ),
  }),
  v.metadata({ title: 'VisitsResponse' }),
);

export type VisitsResponse = v.InferOutput<typeof VisitsResponse>;

export const Purchase = v.pipe(
  v.object({
    answer: v.pipe(
      v.picklist(['yes', 'no', 'unknown']),
      v.description(
        'yes: alone at a till when it closed a sale. no: at no till. unknown: of all else nobody can say.',
      ),
    ),
    reason: v.pipe(v.string(), v.description('The ground of the answer, in words.')),
    receipt: v.optional(
      v.pipe(v.string(), v.description('Of a yes: the name of the receipt, store/till/day/number.')),
    ),
    closedAt: v.optional(time),
    zone: v.optional(zone),
  }),
  v.metadata({
    title: 'Purchase',
    description: 'Whether the visit ended in a purchase, and how that is known.',
  }),
);

export const VisitResponse = v.pipe(
  v.object({
    ...visit,
    store: v.string(),
    day: v.string(),
    path: v.pipe(
      v.array(v.object({ zone, from: time, to: time, seconds })),
      v.description('The zones in the order in which they were entered.'),
    ),
    zones: v.array(v.object({ zone, entries: count, seconds })),
    bought: Purchase,
  }),
  v.metadata({ title: 'VisitResponse' }),
);

export type VisitResponse = v.InferOutput<typeof VisitResponse>;

export const HeatmapQuery = v.pipe(
  v.object({
    store,
    from: day,
    to: day,
    slot: v.optional(
      v.pipe(
        v.picklist(['15', '30', '60'], 'must be 15, 30 or 60'),
        v.transform((text) => Number(text) as (typeof SLOT_MINUTES)[number]),
      ),
      '60',
    ),
    compareFrom: v.optional(day),
  }),
  v.forward(
    v.check(({ from, to }) => countDays(from, to) >= 1, 'must not be before from'),
    ['to'],
  ),
  v.forward(
    v.check(
      ({ from, to }) => countDays(from, to) <= HEAT_DAYS_MAX,
      `must not be further from the first day than ${HEAT_DAYS_MAX} days`,
    ),
    ['to'],
  ),
);

export type HeatmapQuery = v.InferOutput<typeof HeatmapQuery>;

const warmth = v.object({
  people: v.pipe(count, v.description('Visits that were there, added up over days; staff left out.')),
  seconds: v.pipe(seconds, v.description('How long they were there together.')),
});

export const ZoneHeat = v.pipe(
  v.object({
    ...warmth.entries,
    figures: v.pipe(
      v.record(v.string(), Figure),
      v.description('draw, engagement and zoneDwell, of visits that have ended.'),
    ),
  }),
  v.metadata({ title: 'ZoneHeat', description: 'A zone in a period.' }),
);

export type ZoneHeat = v.InferOutput<typeof ZoneHeat>;

const period = v.object({ from: v.string(), to: v.string() });

export const HeatmapResponse = v.pipe(
  v.object({
    store: v.string(),
    timeZone: v.string(),
    slotMinutes: v.picklist(SLOT_MINUTES),
    asOf: v.pipe(
      v.nullable(v.string()),
      v.description('Arrival of the newest fact; null where there is none.'),
    ),
    period,
    compared: v.optional(v.pipe(period, v.description('As many days, from compareFrom on.'))),
    zones: v.array(
      v.object({
        zone,
        period: ZoneHeat,
        compared: v.optional(ZoneHeat),
        slots: v.pipe(
          v.array(
            v.object({
              start: v.pipe(v.string(), v.description('The wall clock at which the slot begins: 09:30.')),
              period: warmth,
              compared: v.optional(warmth),
            }),
          ),
          v.description('In the order of the business day; slots without anybody are left out.'),
        ),
      }),
    ),
    kpis: v.record(
      v.string(),
      v.object({
        en: v.string(),
        zh: v.string(),
        unit: v.string(),
        formulaVersion: v.number(),
        formula: v.string(),
      }),
    ),
  }),
  v.metadata({ title: 'HeatmapResponse' }),
);

export type HeatmapResponse = v.InferOutput<typeof HeatmapResponse>;
