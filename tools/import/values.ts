/**
 * Parses numbers and times as tills write them into the contract's formats. A value that cannot be parsed is an error of its
 * row; it is never guessed, because a wrong price is worse than a missing one.
 */

/** An error in one row or receipt of an import; its message goes into the rejects file. */
export class RowError extends Error {}

export interface NumberFormat {
  readonly decimal?: '.' | ',' | undefined;
  readonly thousands?: string | undefined;
}

const PLAIN = /^-?\d{1,12}(?:\.\d{1,4})?$/;
/** Currency signs, and the spaces that spreadsheets put around them (\s includes no-break spaces). */
const CURRENCY_OR_SPACE = /[\p{Sc}\s]/gu;
const BRACKETED = /^\((.*)\)$/;
const TRAILING_MINUS = /^([^-]+)-$/;
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/**
 * Parses an amount: `$1,234.50 ` → `1234.5`; `(5.00)` and `5.00-` → `-5`. Returns a plain decimal text.
 *
 * @throws RowError where the cell is not a number in that format
 */
export function readAmount(cell: string, { decimal = '.', thousands }: NumberFormat): string {
  if (decimal === '.' && PLAIN.test(cell)) return cell;
  let text = cell.replace(CURRENCY_OR_SPACE, '');
  if (thousands !== undefined) text = text.replaceAll(thousands, '');
  if (decimal === ',') text = text.replace(',', '.');
  text = text
    .replace(BRACKETED, '-$1')
    .replace(TRAILING_MINUS, '-$1')
    .replace(/^\+/, '')
    .replace(/^(-?)\./, '$10.');
  if (!NUMBER.test(text)) throw new RowError(`"${cell}" is not a number`);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/**
 * Parses a quantity in pieces: `6`, `6.0`, `-12`.
 *
 * @throws RowError where the cell is not a safe integer
 */
export function readQuantity(cell: string, format: NumberFormat): number {
  const quantity = Number(readAmount(cell, format));
  if (!Number.isSafeInteger(quantity)) throw new RowError(`"${cell}" is not a whole number of pieces`);
  return quantity;
}

/** The tokens of a time format, longest first, and the regular expression of each. */
const TOKENS: ReadonlyArray<readonly [token: string, name: string, pattern: string]> = [
  ['YYYY', 'year', '\\d{4}'],
  ['YY', 'shortYear', '\\d{2}'],
  ['MM', 'month', '\\d{2}'],
  ['DD', 'day', '\\d{2}'],
  ['HH', 'hour', '\\d{2}'],
  ['hh', 'hour', '\\d{2}'],
  ['mm', 'minute', '\\d{2}'],
  ['ss', 'second', '\\d{2}'],
  ['M', 'month', '\\d{1,2}'],
  ['D', 'day', '\\d{1,2}'],
  ['H', 'hour', '\\d{1,2}'],
  ['h', 'hour', '\\d{1,2}'],
  ['A', 'half', '[AaPp]\\.?[Mm]\\.?'],
];

export const TIME_FORMAT_HELP = 'YYYY YY MM M DD D HH H hh h mm ss A, or "rfc3339", "unix", "unix-ms"';

/** Two-digit years below this belong to the 21st century. */
const SHORT_YEAR_PIVOT = 70;

/**
 * Returns a parser of times in a format. It returns the store's local time as `YYYY-MM-DDTHH:mm:ss`, or RFC 3339 with an
 * offset for the formats rfc3339, unix and unix-ms, and throws a RowError for a cell in another format.
 *
 * @param timeOfDay `HH:mm:ss`, for a format without a time of day
 */
export function timeReader(format: string, timeOfDay: string): (cell: string) => string {
  if (format === 'rfc3339') return (cell) => cell;
  if (format === 'unix' || format === 'unix-ms') {
    const unitMs = format === 'unix' ? 1_000 : 1;
    return (cell) => {
      const instant = new Date(Number(cell) * unitMs);
      if (cell === '' || Number.isNaN(instant.getTime()))
        throw new RowError(`"${cell}" is not a time (${format})`);
      return instant.toISOString();
    };
  }
  const pattern = new RegExp(`^${patternOf(format)}$`, 'u');
  return (cell) => {
    const parts = pattern.exec(cell)?.groups;
    if (parts === undefined) throw new RowError(`"${cell}" is not a time in the format ${format}`);
    const short = Number(parts['shortYear']);
    const year = parts['year'] ?? String(short + (short < SHORT_YEAR_PIVOT ? 2000 : 1900));
    const day = `${year}-${two(parts['month'])}-${two(parts['day'])}`;
    if (parts['hour'] === undefined) return `${day}T${timeOfDay}`;
    return `${day}T${hourOf(parts['hour'], parts['half'])}:${two(parts['minute'])}:${two(parts['second'])}`;
  };
}

/** Returns whether a text is a time format: one of the named ones, or tokens that include year, month and day once each. */
export function isTimeFormat(format: string): boolean {
  if (['rfc3339', 'unix', 'unix-ms'].includes(format)) return true;
  try {
    const pattern = patternOf(format);
    new RegExp(pattern, 'u');
    return ['year|shortYear', 'month', 'day'].every((names) => new RegExp(`\\?<(?:${names})>`).test(pattern));
  } catch {
    return false;
  }
}

/** Characters with a meaning in a regular expression. */
const SYNTAX = /[\^$\\.*+?()[\]{}|/]/;

function patternOf(format: string): string {
  let pattern = '';
  for (let rest = format; rest !== ''; ) {
    const found = TOKENS.find(([token]) => rest.startsWith(token));
    pattern += found === undefined ? rest.slice(0, 1).replace(SYNTAX, '\\$&') : `(?<${found[1]}>${found[2]})`;
    rest = rest.slice(found?.[0].length ?? 1);
  }
  return pattern;
}

const two = (text: string | undefined): string => (text ?? '0').padStart(2, '0');

function hourOf(hour: string, half: string | undefined): string {
  if (half === undefined) return two(hour);
  const isAfternoon = /^p/i.test(half);
  return two(String((Number(hour) % 12) + (isAfternoon ? 12 : 0)));
}

/** Returns a text as the id of a place: `United Kingdom` → `united-kingdom`. */
export const slugOf = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
