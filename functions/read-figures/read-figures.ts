/**
 * A figures query → cells or sums → figures with their freshness, completeness and formulas.
 *
 * A store is read from its own cells, which are exact as soon as a batch is counted; cities, regions and the chain are read
 * from the sums.
 */
import { dictionaryOf, excludedOf, figuresOf } from '#application/figures/format-figures.ts';
import type { CellStore } from '#application/ports/cell-store.ts';
import type { ChainStore } from '#application/ports/chain-store.ts';
import type { SensorStore } from '#application/ports/sensor-store.ts';
import type { SummaryStore } from '#application/ports/summary-store.ts';
import { defined } from '#application/support/defined.ts';
import type { Completeness, Figure, FiguresQuery, FiguresResponse } from '#contracts/http/figures.ts';
import { type BusinessDay, countDays, formatLocalTime, offsetMinutesAt } from '#domain/chain/business-day.ts';
import { formatScope } from '#domain/chain/staff-scope.ts';
import type { Store } from '#domain/chain/store.ts';
import { dayAt } from '#domain/chain/store-clock.ts';
import { sensorsDisagree } from '#domain/place/figures/buyer-coverage.ts';
import type { Counts } from '#domain/place/figures/cell.ts';
import { type DataCoverage, KPIS } from '#domain/place/figures/kpis.ts';
import {
  type Bucket,
  coverageOfDays,
  type Reporting,
  type Summary,
  sum,
  summaryOfStore,
  withBuyers,
} from '#domain/place/figures/roll-up.ts';
import { countingSensorsOf } from '#domain/place/visits/sensor.ts';

export interface ReadFiguresPorts {
  readonly chain: Pick<ChainStore, 'targets'>;
  readonly cells: Pick<CellStore, 'range'>;
  readonly sums: Pick<SummaryStore, 'range'>;
  readonly sensors: Pick<SensorStore, 'list'>;
  readonly nowMs: () => number;
}

interface Point {
  readonly bucket: Bucket;
  readonly summary: Summary;
}

/**
 * Returns the figures of a scope and period.
 *
 * @param stores the stores within the scope
 */
export async function readFigures(
  ports: ReadFiguresPorts,
  query: FiguresQuery,
  stores: readonly Store[],
  currency: string,
): Promise<FiguresResponse> {
  const days = query.grain === 'day' ? undefined : await points(ports, { ...query, grain: 'day' }, stores);
  const series = await points(ports, query, stores);
  const ofDays = days ?? series;
  const summaryOfDay = new Map(ofDays.map(({ bucket, summary }) => [bucket.day, summary]));
  const total = sum(ofDays.map(({ summary }) => summary));
  const silentDay = { expected: stores.reduce((count, store) => count + store.tills.length, 0), reported: 0 };
  const reporting = reportingUntil(todayOf(stores, ports.nowMs()), query, ofDays, silentDay, stores);
  const timeZone = commonTimeZone(stores);
  return {
    scope: formatScope(query.scope),
    from: query.from,
    to: query.to,
    grain: query.grain,
    currency,
    total: {
      asOf: instant(total.asOfMs, timeZone),
      completeness: {
        ...(await completenessOf(ports, query, stores, reporting, total.counts)),
        ...sensorsIn(total),
      },
      excluded: excludedOf(total.counts),
      figures: figuresOf(KPIS, total, coverageOfDays(total)),
    },
    series: inOrder(series).map(({ bucket, summary }) => {
      const day = summaryOfDay.get(bucket.day);
      return {
        start: bucket.startMs === undefined ? bucket.day : (instant(bucket.startMs, timeZone) ?? ''),
        businessDay: bucket.day,
        asOf: instant(summary.asOfMs, timeZone),
        completeness: {
          ...(day === undefined ? silentDay : reportingWithin(day, silentDay)),
          stores: storesIn(day === undefined ? [] : [day], stores.length),
          ...sensorsIn(day),
        },
        excluded: excludedOf(summary.counts),
        figures:
          days === undefined
            ? figuresOf(KPIS, summary, coverageOfDays(summary))
            : figuresOfPart(day, summary),
      };
    }),
    kpis: dictionaryOf(KPIS),
  };
}

/**
 * Returns the figures of an hour or a minute. Coverage is recorded by day: an hour without visitors is 0, and an hour of a
 * day without reporting sensors is unknown. Where only some stores of a scope have sensors, an hour does not say which of
 * them sold what.
 */
function figuresOfPart(day: Summary | undefined, part: Summary): Record<string, Figure> {
  const isCovered =
    day?.seen !== undefined &&
    day.seen.reported === day.seen.expected &&
    (day.buyers === undefined || day.buyers.covered === day.seen.expected);
  const ofDay = coverageOfDays(day ?? { counts: {} });
  const coverage: DataCoverage = { ...ofDay, buyers: isCovered || (ofDay.buyers !== true && ofDay.buyers) };
  return figuresOf(KPIS, isCovered ? { ...part, counts: withBuyers(part.counts) } : part, coverage);
}

/** Returns what sensors reported in a day or a sum of days, and what of it is not counted. */
function sensorsIn(day: Summary | undefined): Partial<Completeness> {
  const { counts = {}, seen, buyers } = day ?? {};
  const numberOf = (count: bigint | undefined): number | undefined =>
    count === undefined || count === 0n ? undefined : Number(count);
  return {
    ...(seen === undefined || seen.reported === 0 ? {} : { seen }),
    ...defined({
      buyers,
      conflictingCounts: numberOf(counts.conflictingCounts),
      unmoving: numberOf(counts.stillVisits),
    }),
  };
}

/** Returns of how many stores and days figures are made, of those they should be made of. */
const storesIn = (days: readonly Summary[], expected: number): Completeness['stores'] => ({
  expected,
  summed: days.reduce((total, { seen }) => total + (seen?.expected ?? 0), 0),
});

/** Returns how many tills reported on a day. Tills of stores that its sum does not hold yet were to report, too. */
function reportingWithin({ reporting, tills }: Summary, silentDay: Reporting): Reporting {
  const { expected, reported } = reporting ?? { expected: 0, reported: 0 };
  // Rows of earlier releases do not hold the tills of their stores: they are taken as whole.
  return { expected: expected + Math.max(0, silentDay.expected - (tills ?? silentDay.expected)), reported };
}

async function points(
  ports: ReadFiguresPorts,
  { scope, grain, from, to }: FiguresQuery,
  stores: readonly Store[],
): Promise<Point[]> {
  if (scope.kind !== 'store') return ports.sums.range(scope, grain, from, to);
  const store = stores[0];
  if (store === undefined) return [];
  const [cells, targets] = await Promise.all([
    ports.cells.range(scope.id, grain, from, to),
    grain === 'day' ? ports.chain.targets(scope.id, from, to) : [],
  ]);
  const targetOn = new Map(targets.map((target) => [target.day, target.netSales]));
  const found = cells.map(
    ({ key, ...cell }): Point => ({
      bucket: { day: key.day, grain, ...(key.startMs === undefined ? {} : { startMs: key.startMs }) },
      summary: summaryOfStore(store, { key, ...cell }, grain, targetOn.get(key.day)),
    }),
  );
  // A day with a target and without sales still counts against the target.
  const sold = new Set(found.map(({ bucket }) => bucket.day));
  const unsold = targets.filter((target) => !sold.has(target.day));
  const empty = unsold.map(
    ({ day, netSales }): Point => ({
      bucket: { day, grain },
      summary: summaryOfStore(store, undefined, grain, netSales),
    }),
  );
  return [...found, ...empty].sort((a, b) =>
    a.bucket.day < b.bucket.day ? -1 : a.bucket.day > b.bucket.day ? 1 : 0,
  );
}

/** Returns the newest business day that has begun in any of the stores; future days are not incomplete. */
function todayOf(stores: readonly Store[], nowMs: number): BusinessDay | undefined {
  const days = stores.map((store) => dayAt(nowMs, store));
  return days.sort().at(-1);
}

/** Returns how many tills reported on the days of a query up to today; on a day without a cell none did. */
function reportingUntil(
  today: BusinessDay | undefined,
  { from, to }: FiguresQuery,
  ofDays: readonly Point[],
  silentDay: Reporting,
  stores: readonly Store[],
): Reporting & Pick<Completeness, 'stores'> {
  const last = today !== undefined && today < to ? today : to;
  const past = ofDays.filter(({ bucket }) => bucket.day <= last);
  const ofPast = past.map(({ summary }) => reportingWithin(summary, silentDay));
  const days = Math.max(0, countDays(from, last));
  const silentDays = Math.max(0, days - past.length);
  return {
    expected: ofPast.reduce((total, one) => total + one.expected, silentDay.expected * silentDays),
    reported: ofPast.reduce((total, one) => total + one.reported, 0),
    stores: storesIn(
      past.map(({ summary }) => summary),
      stores.length * days,
    ),
  };
}

/** Sorts points by time. An hour that the day cut divides is two points, one of each business day. */
const inOrder = (series: readonly Point[]): Point[] =>
  [...series].sort((a, b) => (a.bucket.startMs ?? 0) - (b.bucket.startMs ?? 0));

async function completenessOf(
  ports: ReadFiguresPorts,
  { scope, from, to }: FiguresQuery,
  stores: readonly Store[],
  reporting: Reporting & Pick<Completeness, 'stores'>,
  counts: Counts,
): Promise<Completeness> {
  const store = stores[0];
  if (scope.kind !== 'store' || store === undefined) return reporting;
  const [cells, registered] = await Promise.all([
    ports.cells.range(scope.id, 'day', from, to),
    ports.sensors.list(scope.id),
  ]);
  const tills = new Set(cells.flatMap((cell) => [...(cell.reporters ?? [])]));
  const sensors = new Set(cells.flatMap((cell) => [...(cell.sensors ?? [])]));
  // A day without a cell is no missing sum of a store: nothing was counted on it.
  const summed = reporting.stores.expected;
  const counting = countingSensorsOf(registered)
    .map(({ sensorId }) => sensorId)
    .filter((sensorId) => sensors.has(sensorId));
  const silentSensors = registered
    .map(({ sensorId }) => sensorId)
    .filter((sensorId) => !sensors.has(sensorId));
  return {
    ...reporting,
    stores: { expected: summed, summed },
    ...(counting.length > 1 ? { countingSensors: counting } : {}),
    ...defined({ disagreement: sensorsDisagree(counts) }),
    silent: store.tills.filter((till) => !tills.has(till)),
    ...(sensors.size + registered.length === 0 ? {} : { sensors: [...sensors].sort(), silentSensors }),
  };
}

/** Returns the time zone of the stores; UTC where they differ. */
function commonTimeZone(stores: readonly Store[]): string {
  const zones = new Set(stores.map((store) => store.timeZone));
  return zones.size === 1 ? (stores[0]?.timeZone ?? 'UTC') : 'UTC';
}

const instant = (instantMs: number, timeZone: string): string | null =>
  instantMs === 0
    ? null
    : formatLocalTime({ instantMs, offsetMinutes: offsetMinutesAt(instantMs, timeZone) });
