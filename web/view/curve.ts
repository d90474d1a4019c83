/**
 * The day's curve: net sales by hour and as a running total. An hour without receipts between two with receipts is an hour
 * without sales and drawn as zero; future hours are not drawn.
 */
import type { FiguresResponse } from '#contracts/http/figures.ts';
import { HOUR_MS } from '#domain/chain/duration.ts';
import { addDecimals, forGeometry, formatMoney } from './decimal.ts';

/** A business day has at most 25 hours (at a daylight saving change); a longer range comes from a wrong clock. */
const HOURS_MAX = 26;

export interface CurvePoint {
  readonly startMs: number;
  /** Local time of the stores, such as 10:00. */
  readonly hour: string;
  /** Net sales of the hour, exact decimal. */
  readonly amount: string;
  /** Net sales up to the end of the hour, exact decimal. */
  readonly running: string;
}

/** Returns the points of the curve in chronological order, one per hour. */
export function curvePoints(response: FiguresResponse | undefined, timeZone: string): CurvePoint[] {
  const sales = new Map<number, string>();
  for (const { start, figures } of response?.series ?? []) {
    const startMs = Date.parse(start);
    const value = figures['netSales']?.value;
    if (!Number.isNaN(startMs) && value) sales.set(startMs, addDecimals(sales.get(startMs) ?? '0', value));
  }
  const starts = [...sales.keys()].sort((a, b) => a - b);
  const [first, last] = [starts[0], starts.at(-1)];
  if (first === undefined || last === undefined) return [];
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  const hours = (last - first) / HOUR_MS < HOURS_MAX ? withGaps(starts, first, last) : starts;
  let running = '0';
  return hours.map((startMs) => {
    const amount = sales.get(startMs) ?? '0';
    running = addDecimals(running, amount);
    return { startMs, hour: clock.format(startMs), amount, running };
  });
}

/** Adds the missing hours between the first and the last. Stores in half-hour time zones keep their own hours. */
function withGaps(starts: readonly number[], first: number, last: number): number[] {
  const all = new Set(starts);
  for (let startMs = first; startMs < last; startMs += HOUR_MS) all.add(startMs);
  return [...all].sort((a, b) => a - b);
}

/** Returns the hour with the highest net sales, for the text alternative of the curve; undefined without points. */
export function bestHour(points: readonly CurvePoint[]): CurvePoint | undefined {
  return points.reduce<CurvePoint | undefined>(
    (best, point) =>
      best === undefined || forGeometry(point.amount) > forGeometry(best.amount) ? point : best,
    undefined,
  );
}

export interface CurveRow {
  readonly hour: string;
  readonly amount: string;
  readonly running: string;
}

/** Returns the curve as formatted rows of a table. */
export const curveRows = (points: readonly CurvePoint[], currency: string): CurveRow[] =>
  points.map(({ hour, amount, running }) => ({
    hour,
    amount: formatMoney(amount, currency),
    running: formatMoney(running, currency),
  }));
