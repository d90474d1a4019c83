/**
 * Queries for visits and for the heatmap of a store, and their responses. A visitor is a visitor id and nothing else: no
 * response here holds a name, a face or a field of a profile.
 */
import * as v from 'valibot';
import { countDays } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import { SLOT_MINUTES } from '#domain/place/visits/heatmap.ts';
import { type PagePosition, parseVisitName } from '#domain/place/visits/journey.ts';
import { VISIT_COUNTING, VISIT_FREQUENCIES } from '#domain/place/visits/visit.ts';
import { businessDay, count, examples, pageSize, placeId } from '../primitives.ts';
import { Figure } from './figures.ts';

export const VISITS_DEFAULT = 50;
export const VISITS_MAX = 200;
/** Each response reads all visitor days of the period. */
export const HEAT_DAYS_MAX = 31;

const store = v.pipe(
  placeId<StoreId>('must be the id of a store', 'is missing'),
  v.description('The store.'),
  examples('sz01'),
);

const day = businessDay('is missing');

/** The end of the previous page, as its `next`. */
const cursor = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): PagePosition => {
    const [, at, name = ''] = /^(\d{1,15})_(.+)$/u.exec(dataset.value) ?? [];
    if (at !== undefined && parseVisitName(name) !== undefined) return { firstSeenAtMs: Number(at), name };
    addIssue({ message: 'must be the next of a response' });
    return NEVER;
  }),
  v.description('The `next` of the previous response.'),
  examples('1795317042000_sz01~2026-11-22~1~user.v.8f3a'),
);

/** Returns the cursor of the page after a visit. */
export const formatCursor = ({ firstSeenAtMs, name }: PagePosition): string => `${firstSeenAtMs}_${name}`;

export const VisitsQuery = v.object({
  store,
  day: v.pipe(
    day,
    v.description('The business day, by the clock and the day cut of the store.'),
    examples('2026-11-22'),
  ),
  open: v.optional(
    v.pipe(
      v.picklist(['true', 'false'], 'must be true or false'),
      v.transform((text) => text === 'true'),
      v.description('Only visits that are open now.'),
      examples('true'),
    ),
    'false',
  ),
  limit: pageSize(VISITS_MAX, VISITS_DEFAULT, 'Number of visits at most.'),
  cursor: v.optional(cursor),
});

export type VisitsQuery = v.InferOutput<typeof VisitsQuery>;

const time = v.pipe(v.string(), v.description('RFC 3339, with the offset of the store.'));
const seconds = v.pipe(v.number(), v.minValue(0), v.description('Seconds, to the millisecond.'));
const zone = v.pipe(v.string(), v.description('The id of the zone.'));

const visit = {
  id: v.pipe(v.string(), v.description('The id of the visit.')),
  visitor: v.pipe(
    v.string(),
    v.description('The visitor id. A recognised face has the same id on every visit.'),
  ),
  number: v.pipe(
    count,
    v.description('Number of the visit among the visits of that visitor and day, from 1.'),
  ),
  frequency: v.pipe(
    v.picklist(VISIT_FREQUENCIES),
    v.description('By the number of earlier visits; unknown for staff and for visitors without recognition.'),
  ),
  isStaff: v.boolean(),
  counts: v.pipe(
    v.picklist(VISIT_COUNTING),
    v.description(
      'Whether figures count it. zones: only in zones, because no counting sensor saw it for long enough. still: nowhere, because it did not move for an hour; mask it in the sensor.',
    ),
  ),
  firstSeenAt: time,
  lastSeenAt: time,
  isOpen: v.pipe(
    v.boolean(),
    v.description('Seen within the last 15 minutes; a return within 15 minutes continues the visit.'),
  ),
  dwellSeconds: seconds,
  assisted: v.pipe(v.boolean(), v.description('Staff were in the same zone for a while.')),
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
    visits: v.pipe(v.array(VisitListed), v.description('Newest first.')),
    next: v.pipe(
      v.nullable(v.string()),
      v.description('The cursor of the next page; null on the last page.'),
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
        'yes: alone at a till when it closed a sale. no: not at any till. unknown: every other case.',
      ),
    ),
    reason: v.pipe(v.string(), v.description('The reason for the answer, in words.')),
    receipt: v.optional(
      v.pipe(v.string(), v.description('For yes: the name of the receipt, store/till/day/number.')),
    ),
    closedAt: v.optional(time),
    zone: v.optional(zone),
  }),
  v.metadata({
    title: 'Purchase',
    description: 'Whether the visit ended in a purchase, and the reason.',
  }),
);

export const VisitResponse = v.pipe(
  v.object({
    ...visit,
    store: v.string(),
    day: v.string(),
    path: v.pipe(
      v.array(v.object({ zone, from: time, to: time, seconds })),
      v.description('The zones in the order of entry.'),
    ),
    zones: v.array(v.object({ zone, entries: count, seconds })),
    purchase: Purchase,
  }),
  v.metadata({ title: 'VisitResponse' }),
);

export type VisitResponse = v.InferOutput<typeof VisitResponse>;

export const HeatmapQuery = v.pipe(
  v.object({
    store,
    from: v.pipe(day, v.description('The first business day.'), examples('2026-11-16')),
    to: v.pipe(
      day,
      v.description(`The last business day, inclusive; at most ${HEAT_DAYS_MAX} days in all.`),
      examples('2026-11-22'),
    ),
    slot: v.optional(
      v.pipe(
        v.picklist(['15', '30', '60'], 'must be 15, 30 or 60'),
        v.transform((text) => Number(text) as (typeof SLOT_MINUTES)[number]),
        v.description('The length of a slot in minutes. Slots begin at the day cut.'),
        examples('60'),
      ),
      '60',
    ),
    compareFrom: v.optional(
      v.pipe(
        day,
        v.description('The first day of a second period of as many days, returned beside the first.'),
        examples('2026-11-09'),
      ),
    ),
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

const occupancy = v.object({
  people: v.pipe(count, v.description('Visits that were there, summed over days, without staff.')),
  seconds: v.pipe(seconds, v.description('The sum of their times there.')),
});

export const ZoneHeat = v.pipe(
  v.object({
    ...occupancy.entries,
    figures: v.pipe(
      v.record(v.string(), Figure),
      v.description('draw, engagement and zoneDwell, of ended visits.'),
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
    asOf: v.pipe(v.nullable(v.string()), v.description('Arrival of the newest fact; null without facts.')),
    period,
    compared: v.optional(v.pipe(period, v.description('As many days, from compareFrom.'))),
    zones: v.array(
      v.object({
        zone,
        period: ZoneHeat,
        compared: v.optional(ZoneHeat),
        slots: v.pipe(
          v.array(
            v.object({
              start: v.pipe(v.string(), v.description('The local time at which the slot begins: 09:30.')),
              period: occupancy,
              compared: v.optional(occupancy),
            }),
          ),
          v.description('In the order of the business day, without empty slots.'),
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
        formulaZh: v.string(),
      }),
    ),
  }),
  v.metadata({ title: 'HeatmapResponse' }),
);

export type HeatmapResponse = v.InferOutput<typeof HeatmapResponse>;
