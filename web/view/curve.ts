/**
 * The day's curve: net sales hour by hour, or added up from the first. Hours without a receipt between two with
 * one are hours in which nothing was sold, and are drawn as such; hours to come are not drawn at all.
 */
import type { FiguresAnswer } from '#contracts/figures.ts';
import { addDecimals, forGeometry, formatMoney } from './decimal.ts';

const HOUR_MS = 3_600_000;

/** A business day has at most 25 hours, once a year; anything longer is a clock gone wrong. */
const HOURS_MAX = 26;

export interface CurvePoint {
  readonly startMs: number;
  /** 10:00, on the stores' wall clock. */
  readonly hour: string;
  /** Net sales of the hour, exact, and added up since the first. */
  readonly amount: string;
  readonly running: string;
}

export function curvePoints(answer: FiguresAnswer | undefined, timeZone: string): CurvePoint[] {
  const sold = new Map<number, string>();
  for (const { start, figures } of answer?.series ?? []) {
    const startMs = Date.parse(start);
    const value = figures['netSales']?.value;
    if (!Number.isNaN(startMs) && value) sold.set(startMs, addDecimals(sold.get(startMs) ?? '0', value));
  }
  const starts = [...sold.keys()].sort((a, b) => a - b);
  const [first, last] = [starts[0], starts.at(-1)];
  if (first === undefined || last === undefined) return [];
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  const hours = (last - first) / HOUR_MS < HOURS_MAX ? withGaps(starts, first, last) : starts;
  let running = '0';
  return hours.map((startMs) => {
    const amount = sold.get(startMs) ?? '0';
    running = addDecimals(running, amount);
    return { startMs, hour: clock.format(startMs), amount, running };
  });
}

/** Every hour from the first to the last; stores whose zones differ by half an hour keep their own marks. */
function withGaps(starts: readonly number[], first: number, last: number): number[] {
  const all = new Set(starts);
  for (let startMs = first; startMs < last; startMs += HOUR_MS) all.add(startMs);
  return [...all].sort((a, b) => a - b);
}

/** What a reader who cannot see the curve is told of it. */
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

/** The curve as the rows of a table. */
export const curveRows = (points: readonly CurvePoint[], currency: string): CurveRow[] =>
  points.map(({ hour, amount, running }) => ({
    hour,
    amount: formatMoney(amount, currency),
    running: formatMoney(running, currency),
  }));
