/**
 * When a schedule is due, from EventBridge's own two notations, in UTC.
 *
 *   rate(5 minutes)                                   from the moment the schedule is made
 *   cron(minutes hours day-of-month month day-of-week year)
 *
 * Of cron's fields numbers, lists, ranges, * and ? are read; a notation this does not know is refused
 * when the cloud starts, and not passed over in silence at two in the morning.
 */

/** Answers the next time it is due after the given one, or nothing when it never is again. */
export type Recurrence = (afterMs: number) => number | undefined;

export function parseExpression(expression: string): Recurrence {
  const [, kind, body = ''] = /^(rate|cron)\(([^()]*)\)$/.exec(expression) ?? [];
  if (kind === 'rate') return parseRate(body, expression);
  if (kind === 'cron') return parseCron(body, expression);
  return refuse(expression, 'expected rate(…) or cron(…)');
}

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

function parseRate(body: string, expression: string): Recurrence {
  const [, value, unit = '', plural] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(body) ?? [];
  // EventBridge is strict about its grammar: one hour, two hours.
  if (value === undefined || (value === '1') !== (plural === '')) return refuse(expression, 'no such rate');
  const periodMs = Number(value) * (UNIT_MS[unit] ?? Number.NaN);
  return (afterMs) => afterMs + periodMs;
}

/** Any value, or one of these. */
type Field = 'any' | ReadonlySet<number>;

/** How far ahead a date is looked for: 29 February can be eight years away. */
const SEARCH_DAYS_MAX = 366 * 9;

function parseCron(body: string, expression: string): Recurrence {
  const fields = body.trim().split(/\s+/);
  if (fields.length !== 6) return refuse(expression, 'cron has six fields');
  const [minuteText = '', hourText = '', dayText = '', monthText = '', weekdayText = '', yearText = ''] =
    fields;
  if ((dayText === '?') === (weekdayText === '?')) {
    return refuse(expression, 'either the day of the month or the day of the week is ?, and not both');
  }
  const read = (text: string, min: number, max: number) => parseField(text, min, max, expression);
  const minutes = valuesOf(read(minuteText, 0, 59), 60);
  const hours = valuesOf(read(hourText, 0, 23), 24);
  const day = dayText === '?' ? 'any' : read(dayText, 1, 31);
  const month = read(monthText, 1, 12);
  const weekday = weekdayText === '?' ? 'any' : read(weekdayText, 1, 7);
  const year = read(yearText, 1970, 2199);

  const isDue = (date: Date) =>
    has(year, date.getUTCFullYear()) &&
    has(month, date.getUTCMonth() + 1) &&
    has(day, date.getUTCDate()) &&
    // Sunday is 1.
    has(weekday, date.getUTCDay() + 1);

  return (afterMs) => {
    const midnight = new Date(afterMs);
    midnight.setUTCHours(0, 0, 0, 0);
    for (let days = 0; days < SEARCH_DAYS_MAX; days++) {
      if (isDue(midnight)) {
        for (const hour of hours) {
          for (const minute of minutes) {
            const atMs = midnight.getTime() + (hour * 60 + minute) * 60_000;
            if (atMs > afterMs) return atMs;
          }
        }
      }
      midnight.setUTCDate(midnight.getUTCDate() + 1);
    }
    return undefined;
  };
}

function parseField(text: string, min: number, max: number, expression: string): Field {
  if (text === '*') return 'any';
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    const [first, last] = [Number(from), Number(to)];
    if (from === undefined || first < min || last > max || first > last)
      refuse(expression, `what is ${part}?`);
    for (let value = first; value <= last; value++) values.add(value);
  }
  return values;
}

function has(field: Field, value: number): boolean {
  return field === 'any' || field.has(value);
}

function valuesOf(field: Field, count: number): readonly number[] {
  if (field === 'any') return Array.from({ length: count }, (_, value) => value);
  return [...field].sort((a, b) => a - b);
}

function refuse(expression: string, why: string): never {
  throw new Error(`schedule expression ${expression} is not valid: ${why}`);
}
