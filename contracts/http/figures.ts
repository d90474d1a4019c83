/**
 * What is asked of the figures and what is answered. A figure never stands alone: beside its value are what it
 * was divided from, how fresh it is, how much of what should have reported did, and the version of its formula.
 */
import * as v from 'valibot';
import { type BusinessDay, countDays, parseBusinessDay } from '#domain/chain/business-day.ts';
import { parseScope } from '#domain/chain/scope.ts';
import { RANKED_BY, RANKING_SIZE_DEFAULT, RANKING_SIZE_MAX } from '#domain/goods/ranking.ts';

/** How far one question may reach, in business days. Minutes are kept 8 days, hours 100 from their arrival. */
export const DAYS_MAX = { minute: 2, hour: 100, day: 800 } as const;

const scope = v.pipe(
  v.string('is missing'),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const parsed = parseScope(dataset.value);
    if (parsed !== undefined) return parsed;
    addIssue({ message: 'must be store:<id>, city:<id>, region:<id> or chain' });
    return NEVER;
  }),
);

const day = v.pipe(
  v.string('is missing'),
  v.check((text) => parseBusinessDay(text) !== undefined, 'must be a business day: YYYY-MM-DD'),
  v.transform((text) => text as BusinessDay),
);

const NOT_IN_ORDER = 'must not be before from';

export const FiguresQuery = v.pipe(
  v.object({
    scope,
    from: day,
    to: day,
    grain: v.optional(v.picklist(['minute', 'hour', 'day'], 'must be minute, hour or day'), 'day'),
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
      v.description('Tills that should have reported, added up over days.'),
    ),
    reported: v.pipe(v.number(), v.integer(), v.description('Tills that did.')),
    silent: v.optional(
      v.pipe(v.array(v.string()), v.description('Tills that have not reported at all; for a store only.')),
    ),
    sensors: v.optional(
      v.pipe(
        v.array(v.string()),
        v.description('Cameras, trackers and door counters that have reported; for a store that has any.'),
      ),
    ),
    silentSensors: v.optional(
      v.pipe(v.array(v.string()), v.description('Those that have not reported at all; for a store only.')),
    ),
    seen: v.optional(
      v.pipe(
        v.object({
          expected: v.pipe(v.number(), v.integer(), v.description('Stores, added up over days.')),
          reported: v.pipe(v.number(), v.integer(), v.description('Those in which visits were seen.')),
        }),
        v.description('What figures of visitors rest on; absent where nobody was seen anywhere.'),
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
    value: v.pipe(
      v.nullable(decimal),
      v.description('null where there is nothing to divide by, or too little, or no sensor to tell.'),
    ),
    numerator: decimal,
    denominator: v.pipe(
      v.nullable(decimal),
      v.description('null for a plain sum, or where no target is set.'),
    ),
    formulaVersion: v.pipe(v.number(), v.integer()),
  }),
  v.metadata({ title: 'Figure' }),
);

export type Figure = v.InferOutput<typeof Figure>;

const figures = {
  asOf: v.pipe(
    v.nullable(v.string()),
    v.description('Arrival of the newest fact in the figures; null where there is none.'),
  ),
  completeness: Completeness,
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
        start: v.pipe(
          v.string(),
          v.description('A business day, or the instant at which the minute or hour began.'),
        ),
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
          formula: v.string(),
        }),
      ),
      v.description('The dictionary of the figures above.'),
    ),
  }),
  v.metadata({ title: 'FiguresResponse' }),
);

export type FiguresResponse = v.InferOutput<typeof FiguresResponse>;

export const RankingQuery = v.pipe(
  v.object({
    scope,
    from: day,
    to: day,
    by: v.optional(v.picklist(RANKED_BY, 'must be revenue, units or returns'), 'revenue'),
    limit: v.optional(
      v.pipe(
        v.string(),
        v.regex(/^\d{1,4}$/, 'must be a whole number'),
        v.transform(Number),
        v.minValue(1, 'must be at least 1'),
        v.maxValue(RANKING_SIZE_MAX, `must be at most ${RANKING_SIZE_MAX}`),
      ),
      String(RANKING_SIZE_DEFAULT),
    ),
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
    products: v.array(
      v.object({
        rank: v.pipe(v.number(), v.integer()),
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
    grants: v.pipe(v.array(v.string()), v.description('The scopes the caller holds.')),
    stores: v.array(
      v.object({
        id: v.string(),
        name: v.string(),
        nameZh: v.nullable(v.string()),
        city: v.string(),
        region: v.string(),
        timeZone: v.string(),
        today: v.pipe(v.string(), v.description('The business day it is there now.')),
        tills: v.array(v.string()),
      }),
    ),
  }),
  v.metadata({ title: 'StoresResponse' }),
);

export type StoresResponse = v.InferOutput<typeof StoresResponse>;
