/**
 * A question for figures → cells or sums → figures with all that a reader needs to trust them.
 *
 * A store is read from its own cells, which are exact the moment a batch is counted; what lies above is read from the sums.
 */
import type { CellStore } from '#adapters/dynamodb/cell-store.ts';
import type { ChainStore } from '#adapters/dynamodb/chain-store.ts';
import type { SummaryStore } from '#adapters/dynamodb/summary-store.ts';
import type { Completeness, Figure, FiguresAnswer, FiguresQuery } from '#contracts/figures.ts';
import {
  type BusinessDay,
  businessDayOf,
  countDays,
  formatLocalTime,
  offsetMinutesAt,
} from '#domain/chain/business-day.ts';
import { formatAmount, formatQuotient } from '#domain/chain/money.ts';
import { formatScope } from '#domain/chain/scope.ts';
import type { Store } from '#domain/chain/store.ts';
import { evaluate, KPIS, type Kpi } from '#domain/place/kpis.ts';
import { type Bucket, type Reporting, type Summary, sum, summaryOfStore } from '#domain/place/roll-up.ts';

export interface ReadFiguresPorts {
  readonly chain: Pick<ChainStore, 'targets'>;
  readonly cells: Pick<CellStore, 'range'>;
  readonly sums: Pick<SummaryStore, 'range'>;
  readonly nowMs: () => number;
}

/** Decimals of a quotient: a ticket to the ten-thousandth, as prices are; rates to a millionth. */
const DECIMALS = { 'money per transaction': 4, 'units per transaction': 4, ratio: 6 } as const;

interface Point {
  readonly bucket: Bucket;
  readonly summary: Summary;
}

/** `stores` are those within the scope. */
export async function readFigures(
  ports: ReadFiguresPorts,
  query: FiguresQuery,
  stores: readonly Store[],
  currency: string,
): Promise<FiguresAnswer> {
  const days = query.grain === 'day' ? undefined : await points(ports, { ...query, grain: 'day' }, stores);
  const series = await points(ports, query, stores);
  const ofDays = days ?? series;
  const reportingOn = new Map(ofDays.map(({ bucket, summary }) => [bucket.day, summary.reporting]));
  const total = sum(ofDays.map(({ summary }) => summary));
  const silentDay = { expected: stores.reduce((count, store) => count + store.tills.length, 0), reported: 0 };
  const reporting = reportingUntil(todayOf(stores, ports.nowMs()), query, ofDays, silentDay);
  const timeZone = commonTimeZone(stores);
  return {
    scope: formatScope(query.scope),
    from: query.from,
    to: query.to,
    grain: query.grain,
    currency,
    total: {
      asOf: instant(total.asOfMs, timeZone),
      completeness: await completenessOf(ports, query, stores, reporting),
      figures: figuresOf(total),
    },
    series: merged(series).map(({ bucket, summary }) => ({
      start: bucket.startMs === undefined ? bucket.day : (instant(bucket.startMs, timeZone) ?? ''),
      businessDay: bucket.day,
      asOf: instant(summary.asOfMs, timeZone),
      completeness: reportingOn.get(bucket.day) ?? silentDay,
      figures: figuresOf(summary),
    })),
    kpis: Object.fromEntries(
      KPIS.map((kpi) => [
        kpi.id,
        { en: kpi.en, zh: kpi.zh, unit: kpi.unit, formulaVersion: kpi.version, formula: formulaOf(kpi) },
      ]),
    ),
  };
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
  // A day with a target on which nothing was sold still counts against the target.
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

/** The newest business day that has begun in any of the stores: of a day to come nothing is missing yet. */
function todayOf(stores: readonly Store[], nowMs: number): BusinessDay | undefined {
  const days = stores.map(({ timeZone, dayCutMinutes }) =>
    businessDayOf({ instantMs: nowMs, offsetMinutes: offsetMinutesAt(nowMs, timeZone) }, dayCutMinutes),
  );
  return days.sort().at(-1);
}

/** How much has reported on the days of a question that have come; a day without a cell was silent altogether. */
function reportingUntil(
  today: BusinessDay | undefined,
  { from, to }: FiguresQuery,
  ofDays: readonly Point[],
  silentDay: Reporting,
): Reporting {
  const last = today !== undefined && today < to ? today : to;
  const lived = ofDays.filter(({ bucket }) => bucket.day <= last);
  const seen = sum(lived.map(({ summary }) => summary)).reporting ?? { expected: 0, reported: 0 };
  const quietDays = Math.max(0, countDays(from, last) - lived.length);
  return { expected: seen.expected + silentDay.expected * quietDays, reported: seen.reported };
}

/** An hour that belongs to two business days (the cut falls within it) is two points; they keep apart by their day. */
const merged = (series: readonly Point[]): Point[] =>
  [...series].sort((a, b) => (a.bucket.startMs ?? 0) - (b.bucket.startMs ?? 0));

async function completenessOf(
  ports: ReadFiguresPorts,
  { scope, from, to }: FiguresQuery,
  stores: readonly Store[],
  reporting: Reporting,
): Promise<Completeness> {
  const store = stores[0];
  if (scope.kind !== 'store' || store === undefined) return reporting;
  const cells = await ports.cells.range(scope.id, 'day', from, to);
  const seen = new Set(cells.flatMap((cell) => [...(cell.reporters ?? [])]));
  return { ...reporting, silent: store.tills.filter((till) => !seen.has(till)) };
}

/** Stores in one zone are shown in it; where zones differ there is only UTC. */
function commonTimeZone(stores: readonly Store[]): string {
  const zones = new Set(stores.map((store) => store.timeZone));
  return zones.size === 1 ? (stores[0]?.timeZone ?? 'UTC') : 'UTC';
}

const instant = (instantMs: number, timeZone: string): string | null =>
  instantMs === 0
    ? null
    : formatLocalTime({ instantMs, offsetMinutes: offsetMinutesAt(instantMs, timeZone) });

export function figuresOf({ counts, target }: Summary): Record<string, Figure> {
  return Object.fromEntries(KPIS.map((kpi) => [kpi.id, figureOf(kpi, evaluate(kpi, counts, target))]));
}

function figureOf(kpi: Kpi, { numerator, denominator, isKnown }: ReturnType<typeof evaluate>): Figure {
  const isMoney = kpi.unit === 'money' || kpi.unit === 'money per transaction' || kpi.unit === 'ratio';
  const write = (value: bigint): string => (isMoney ? formatAmount(value) : value.toString());
  if (kpi.unit === 'count' || kpi.unit === 'money') {
    return {
      value: write(numerator),
      numerator: write(numerator),
      denominator: null,
      formulaVersion: kpi.version,
    };
  }
  const isMoneyPerCount = kpi.unit === 'money per transaction';
  return {
    value: isKnown && denominator !== undefined ? quotientOf(kpi.unit, numerator, denominator) : null,
    numerator: write(numerator),
    denominator:
      denominator === undefined ? null : isMoneyPerCount ? denominator.toString() : write(denominator),
    formulaVersion: kpi.version,
  };
}

function quotientOf(unit: keyof typeof DECIMALS, numerator: bigint, denominator: bigint): string {
  // Money over a count is a number of ten-thousandths, which is four decimals more.
  const scaled = unit === 'money per transaction' ? denominator * 10_000n : denominator;
  return formatQuotient(numerator, scaled, DECIMALS[unit]);
}

function formulaOf({ numerator, denominator }: Kpi): string {
  const side = (terms: Kpi['numerator']): string =>
    terms.map(([sign, term], index) => `${sign < 0 ? '− ' : index > 0 ? '+ ' : ''}${term}`).join(' ');
  return denominator === undefined ? side(numerator) : `(${side(numerator)}) ÷ (${side(denominator)})`;
}
