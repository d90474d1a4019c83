/**
 * Queries for figures and rankings, and their responses. A figure is never a bare number: it has its numerator and
 * denominator, the version of its formula, and beside it how fresh and how complete the data is.
 */
import * as v from 'valibot';
import { countDays } from '#domain/chain/business-day.ts';
import { parseScope } from '#domain/chain/staff-scope.ts';
import { RANKED_BY, RANKING_SIZE_DEFAULT, RANKING_SIZE_MAX } from '#domain/goods/ranking.ts';
import { WITHHELD_REASONS } from '#domain/place/figures/kpis.ts';
import { businessDay, count, examples, jsonSchema, pageSize, SCOPE_PATTERN } from '../primitives.ts';

/** Business days in one query at most. Minutes are stored for 8 days, hours for 100 from their arrival. */
export const DAYS_MAX = { minute: 2, hour: 100, day: 800 } as const;

const scope = v.pipe(
  v.string('is missing'),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const parsed = parseScope(dataset.value);
    if (parsed !== undefined) return parsed;
    addIssue({ message: 'must be store:<id>, city:<id>, region:<id> or chain' });
    return NEVER;
  }),
  jsonSchema({ pattern: SCOPE_PATTERN }),
  v.description('A part of the chain, within the scopes of the access token.'),
  examples('store:sz01'),
);

const day = businessDay('is missing');
const from = v.pipe(
  day,
  v.description('The first business day, by the clock and the day cut of each store.'),
  examples('2026-11-22'),
);
const to = v.pipe(day, v.description('The last business day, inclusive.'), examples('2026-11-22'));

const NOT_IN_ORDER = 'must not be before from';

export const FiguresQuery = v.pipe(
  v.object({
    scope,
    from,
    to,
    grain: v.optional(
      v.pipe(
        v.picklist(['minute', 'hour', 'day'], 'must be minute, hour or day'),
        v.description(
          `The length of a bucket of the series. At most ${DAYS_MAX.minute} days of minutes, ${DAYS_MAX.hour} of hours, ${DAYS_MAX.day} of days.`,
        ),
        examples('hour'),
      ),
      'day',
    ),
  }),
  v.forward(
    v.check(({ from, to }) => countDays(from, to) >= 1, NOT_IN_ORDER),
    ['to'],
  ),
  v.forward(
    v.check(
      ({ from, to, grain }) => countDays(from, to) <= DAYS_MAX[grain],
      `must not be further from the first day than ${DAYS_MAX.minute} days of minutes, ${DAYS_MAX.hour} of hours, ${DAYS_MAX.day} of days`,
    ),
    ['to'],
  ),
);

export type FiguresQuery = v.InferOutput<typeof FiguresQuery>;

const decimal = v.pipe(v.string(), v.regex(/^-?\d+(\.\d+)?$/), v.description('An exact decimal, as a text.'));

export const Completeness = v.pipe(
  v.object({
    expected: v.pipe(
      v.number(),
      v.integer(),
      v.description('Tills that should have reported, summed over days.'),
    ),
    reported: v.pipe(v.number(), v.integer(), v.description('Tills that reported.')),
    silent: v.optional(
      v.pipe(v.array(v.string()), v.description('Tills that have not reported at all; only for a store.')),
    ),
    sensors: v.optional(
      v.pipe(
        v.array(v.string()),
        v.description(
          'Cameras, trackers and door counters that reported; only for a store that has sensors.',
        ),
      ),
    ),
    silentSensors: v.optional(
      v.pipe(v.array(v.string()), v.description('Sensors that have not reported at all; only for a store.')),
    ),
    stores: v.pipe(
      v.object({
        expected: v.pipe(v.number(), v.integer(), v.description('Stores of the scope, summed over days.')),
        summed: v.pipe(
          v.number(),
          v.integer(),
          v.description('Stores and days that the figures are made of.'),
        ),
      }),
      v.description('Fewer summed than expected: the sums of some stores are still to be made.'),
    ),
    conflictingCounts: v.optional(
      v.pipe(
        count,
        v.description('Counts of doors that contradict others of their sensor, and are not in the figures.'),
      ),
    ),
    unmoving: v.optional(
      v.pipe(
        count,
        v.description(
          'What stood in one place for an hour: posters, screens, mannequins. Not counted; mask it in the sensor. GET /v1/visits lists it with counts: still.',
        ),
      ),
    ),
    countingSensors: v.optional(
      v.pipe(
        v.array(v.string()),
        v.description(
          'Two or more sensors of the store that all count visitors: who is seen by two counts twice.',
        ),
      ),
    ),
    disagreement: v.optional(
      v.pipe(
        v.object({ doorEntries: count, visits: count, transactions: count }),
        v.description('Door counters, trackers and tills of the store whose numbers do not fit together.'),
      ),
    ),
    buyers: v.optional(
      v.pipe(
        v.object({
          covered: v.pipe(
            count,
            v.description('Stores, summed over days, whose sales are divided by visitors.'),
          ),
          hoursNotCovered: v.pipe(
            count,
            v.description('Left out: something was sold while no visitor was seen.'),
          ),
          aboveOne: v.pipe(count, v.description('Left out: more was sold than visitors were seen.')),
        }),
        v.description('The coverage of conversion and sales per visitor; absent without any visit.'),
      ),
    ),
    seen: v.optional(
      v.pipe(
        v.object({
          expected: v.pipe(v.number(), v.integer(), v.description('Stores, summed over days.')),
          reported: v.pipe(v.number(), v.integer(), v.description('Stores with visits.')),
        }),
        v.description('The coverage of visitor figures; absent without any visit.'),
      ),
    ),
  }),
  v.metadata({
    title: 'Completeness',
    description: 'A silent till or sensor is unknown, never zero.',
  }),
);

export type Completeness = v.InferOutput<typeof Completeness>;

export const Figure = v.pipe(
  v.object({
    value: v.pipe(v.nullable(decimal), v.description('null where the figure is withheld.')),
    withheld: v.optional(
      v.pipe(
        v.picklist(WITHHELD_REASONS),
        v.description(
          'Why the value is null. no data: no device of the kind that it needs reported. hours not covered: sales in hours without any visitor. above one: more sales than visitors. too few: the denominator is too small. no target: none is set.',
        ),
      ),
    ),
    numerator: decimal,
    denominator: v.pipe(v.nullable(decimal), v.description('null for a plain sum, or without a target.')),
    formulaVersion: v.pipe(v.number(), v.integer()),
  }),
  v.metadata({ title: 'Figure' }),
);

export type Figure = v.InferOutput<typeof Figure>;

const figures = {
  asOf: v.pipe(
    v.nullable(v.string()),
    v.description('Arrival of the newest fact in the figures; null without facts.'),
  ),
  completeness: Completeness,
  excluded: v.pipe(
    // A page that is offline shows responses of an earlier release.
    v.optional(
      v.object({
        receipts: v.pipe(count, v.description('Receipts in conflict with another one of their number.')),
        netSales: v.pipe(decimal, v.description('Their net sales, which are in none of the figures.')),
      }),
    ),
    v.description('What is not counted until an operator settles it. By day; 0 for hours and minutes.'),
  ),
  figures: v.pipe(
    v.record(v.string(), Figure),
    v.description('By KPI: transactions, netSales, averageTicket, …'),
  ),
};

export const FiguresResponse = v.pipe(
  v.object({
    scope: v.string(),
    from: v.string(),
    to: v.string(),
    grain: v.picklist(['minute', 'hour', 'day']),
    currency: v.string(),
    total: v.object(figures),
    series: v.array(
      v.object({
        start: v.pipe(v.string(), v.description('A business day, or when the minute or hour began.')),
        businessDay: v.string(),
        ...figures,
      }),
    ),
    kpis: v.pipe(
      v.record(
        v.string(),
        v.object({
          en: v.string(),
          zh: v.string(),
          unit: v.string(),
          formulaVersion: v.number(),
          formula: v.pipe(v.string(), v.description('In words: gross sales − discounts − returns.')),
          formulaZh: v.pipe(v.string(), v.description('The same in Chinese.')),
        }),
      ),
      v.description('The definitions of the figures.'),
    ),
  }),
  v.metadata({ title: 'FiguresResponse' }),
);

export type FiguresResponse = v.InferOutput<typeof FiguresResponse>;

export const RankingQuery = v.pipe(
  v.object({
    scope,
    from,
    to,
    by: v.optional(
      v.pipe(
        v.picklist(RANKED_BY, 'must be revenue, units or returns'),
        v.description('The measure of the ranking.'),
        examples('revenue'),
      ),
      'revenue',
    ),
    limit: pageSize(RANKING_SIZE_MAX, RANKING_SIZE_DEFAULT, 'Number of products at most.'),
  }),
  v.forward(
    v.check(({ from, to }) => countDays(from, to) >= 1, NOT_IN_ORDER),
    ['to'],
  ),
  v.forward(
    v.check(
      ({ from, to }) => countDays(from, to) <= DAYS_MAX.day,
      `must not be further from the first day than ${DAYS_MAX.day} days`,
    ),
    ['to'],
  ),
);

export const RankingResponse = v.pipe(
  v.object({
    scope: v.string(),
    from: v.string(),
    to: v.string(),
    by: v.picklist(RANKED_BY),
    currency: v.string(),
    asOf: v.nullable(v.string()),
    omitted: v.optional(
      v.pipe(
        count,
        v.description(
          'Products of a day, summed over days, for which there was no room: those with the least revenue and returns.',
        ),
      ),
    ),
    products: v.array(
      v.object({
        rank: v.pipe(count, v.description('From 1.')),
        product: v.string(),
        name: v.nullable(v.string()),
        units: decimal,
        grossSales: decimal,
        netSales: decimal,
        returnUnits: decimal,
        returns: decimal,
      }),
    ),
  }),
  v.metadata({ title: 'RankingResponse' }),
);

export type RankingResponse = v.InferOutput<typeof RankingResponse>;

export const StoresResponse = v.pipe(
  v.object({
    currency: v.string(),
    grants: v.pipe(v.array(v.string()), v.description('The scopes of the access token.')),
    stores: v.array(
      v.object({
        id: v.string(),
        name: v.string(),
        nameZh: v.nullable(v.string()),
        city: v.string(),
        region: v.string(),
        timeZone: v.string(),
        today: v.pipe(v.string(), v.description('The current business day of the store.')),
        tills: v.array(v.string()),
      }),
    ),
  }),
  v.metadata({ title: 'StoresResponse' }),
);

export type StoresResponse = v.InferOutput<typeof StoresResponse>;
