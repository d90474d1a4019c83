/**
 * Parses numbers and times as tills write them into the contract's formats. A value that cannot be parsed is an error of its
 * row; it is never guessed, because a wrong price is worse than a missing one.
 */
import { DAY_MS } from '#domain/chain/duration.ts';

/** An error in one row or receipt of an import; its message goes into the rejects file. */
export class RowError extends Error {}

export interface NumberFormat {
  readonly decimal?: '.' | ',' | undefined;
  readonly thousands?: string | undefined;
}

const PLAIN = /^-?\d{1,12}(?:\.\d{1,4})?$/;
/** Currency signs and the spaces around them (\s includes no-break spaces). */
const CURRENCY = /\s*\p{Sc}\s*/gu;
const INNER_SPACE = /\s/gu;
const BRACKETED = /^\((.*)\)$/;
const TRAILING_MINUS = /^([^-]+)-$/;

/** `2.02611E+17`: what a spreadsheet makes of a long number, of which it keeps fifteen digits at most and shows six. */
const SHORTENED = /^[+-]?\d(?:[.,]\d+)?E\+?\d+$/i;
/** `13800138005.0`: a number that went through a column of decimals. */
const DECIMAL_ID = /^\d{6,}[.,]0+$/;

/**
 * Throws a RowError where a spreadsheet has shortened the number of an id or a time. Its digits are lost: four receipts
 * would become one.
 */
export function rejectShortened(cell: string): void {
  if (SHORTENED.test(cell)) {
    throw new RowError(
      `"${cell}" was shortened by a spreadsheet and its digits are lost; format the column as text before the file is opened, and export again`,
    );
  }
}

/**
 * Returns the id in a cell: a receipt, a product, a member, a store.
 *
 * @throws RowError where a spreadsheet has shortened it, or made a decimal number of it
 */
export function readId(cell: string): string {
  rejectShortened(cell);
  if (DECIMAL_ID.test(cell)) {
    throw new RowError(
      `"${cell}" is a decimal number and no id; format the column as text, and export again`,
    );
  }
  return cell;
}

/** Returns the phone number in a cell, without the `.0` of a spreadsheet's number. Throws a RowError where it was shortened. */
export function readPhone(cell: string): string {
  rejectShortened(cell);
  return DECIMAL_ID.test(cell) ? cell.replace(/[.,]0+$/, '') : cell;
}

/**
 * Parses an amount: `$1,234.50 ` → `1234.5`; `(5.00)` and `5.00-` → `-5`. Returns a plain decimal text. Thousands stand in
 * groups of three; a separator that the format does not declare is an error, since `1.234` is a thousand or one.
 *
 * @throws RowError where the cell is not a number in that format
 */
export function readAmount(cell: string, format: NumberFormat): string {
  const { decimal = '.' } = format;
  if (decimal === '.' && PLAIN.test(cell)) return cell;
  const text = cell
    .replace(CURRENCY, '')
    .trim()
    .replace(BRACKETED, '-$1')
    .replace(TRAILING_MINUS, '-$1')
    .replace(/^\+/, '')
    .replace(INNER_SPACE, ' ');
  const parts = numberPattern(format).exec(text)?.groups;
  if (parts === undefined) throw new RowError(notANumber(cell, format));
  const whole = (parts['whole'] ?? '').replace(/[^\d]/g, '') || '0';
  const fraction = (parts['fraction'] ?? parts['tail'] ?? '').replace(/0+$/, '');
  return `${parts['sign'] ?? ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

const patterns = new Map<string, RegExp>();

/** Returns the pattern of a number in a format. Spaces between groups of three need no declaration: they mean nothing else. */
function numberPattern({ decimal = '.', thousands }: NumberFormat): RegExp {
  const key = `${decimal}${thousands ?? ''}`;
  const cached = patterns.get(key);
  if (cached !== undefined) return cached;
  const quoted = (text: string): string => text.replace(/[.]/g, '\\$&');
  const separators = [...new Set([' ', thousands ?? ' '])].filter((one) => one !== decimal);
  const grouped = separators.map((one) => `\\d{1,3}(?:${quoted(one)}\\d{3})+`);
  const whole = [...grouped, '\\d+'].join('|');
  const point = quoted(decimal);
  const pattern = new RegExp(
    `^(?<sign>-?)(?:(?<whole>${whole})(?:${point}(?<fraction>\\d+))?|${point}(?<tail>\\d+))$`,
    'u',
  );
  patterns.set(key, pattern);
  return pattern;
}

function notANumber(cell: string, { decimal = '.', thousands }: NumberFormat): string {
  if (SHORTENED.test(cell))
    return `"${cell}" was shortened by a spreadsheet; give the column a number format`;
  const undeclared = [...new Set(cell.match(/[.,']/g) ?? [])].find(
    (one) => one !== decimal && one !== thousands,
  );
  if (undeclared !== undefined) {
    return `"${cell}" is not a number: "${undeclared}" is not declared; set numbers.decimal and numbers.thousands in the mapping`;
  }
  const inGroups = thousands !== undefined && cell.includes(thousands);
  return `"${cell}" is not a number${inGroups ? `: "${thousands}" separates groups of three digits` : ''}`;
}

/**
 * Parses a quantity: `6`, `6.0`, `-12`, `0.333`.
 *
 * @throws RowError where the cell is not a number in that format
 */
export function readQuantity(cell: string, format: NumberFormat): number {
  const quantity = Number(readAmount(cell, format));
  if (Math.abs(quantity) > Number.MAX_SAFE_INTEGER)
    throw new RowError(`"${cell}" is too large for a quantity`);
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
  ['m', 'minute', '\\d{1,2}'],
  ['s', 'second', '\\d{1,2}'],
  ['S', 'fraction', '\\d{1,9}'],
  ['A', 'half', '[AaPp]\\.?[Mm]\\.?'],
  ['Z', 'offset', 'Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?'],
];

export const TIME_FORMAT_HELP =
  'YYYY YY MM M DD D HH H hh h mm m ss s S (fraction) A (AM/PM) Z (offset), or "rfc3339", "unix", "unix-ms", "excel"';

/** Two-digit years below this belong to the 21st century. */
const SHORT_YEAR_PIVOT = 70;

const NAMED_FORMATS = ['rfc3339', 'unix', 'unix-ms', 'excel'];

/**
 * Returns a parser of times in a format, or in the first of several that matches. It returns the store's local time as
 * `YYYY-MM-DDTHH:mm:ss`, or RFC 3339 with an offset where the cell has one, and throws a RowError for a cell in another format.
 *
 * @param timeOfDay `HH:mm:ss`, for a format without a time of day
 */
export function timeReader(formats: string | readonly string[], timeOfDay: string): (cell: string) => string {
  const all = typeof formats === 'string' ? [formats] : formats;
  const readers = all.map((format) => formatReader(format, timeOfDay));
  return (cell) => {
    rejectShortened(cell);
    for (const read of readers) {
      const time = read(cell);
      if (time !== undefined) return time;
    }
    throw new RowError(
      all.length === 1 && NAMED_FORMATS.includes(all[0] ?? '')
        ? `"${cell}" is not a time (${all[0]})`
        : `"${cell}" is not a time in the format ${all.join(' or ')}`,
    );
  };
}

/** Days of a spreadsheet are counted from this one; the 29th of February 1900, which did not exist, is counted too. */
const EXCEL_EPOCH_MS = Date.UTC(1899, 11, 30);
const EXCEL_SERIAL = /^\d{5}(?:[.,]\d+)?$/;
const SECOND_MS = 1_000;

function formatReader(format: string, timeOfDay: string): (cell: string) => string | undefined {
  if (format === 'rfc3339') return (cell) => (cell === '' ? undefined : cell);
  if (format === 'excel') {
    return (cell) => {
      if (!EXCEL_SERIAL.test(cell)) return undefined;
      const exactMs = Number(cell.replace(',', '.')) * DAY_MS;
      const wall = new Date(EXCEL_EPOCH_MS + Math.round(exactMs / SECOND_MS) * SECOND_MS).toISOString();
      return Number.isInteger(Number(cell)) ? `${wall.slice(0, 10)}T${timeOfDay}` : wall.slice(0, 19);
    };
  }
  if (format === 'unix' || format === 'unix-ms') {
    const unitMs = format === 'unix' ? SECOND_MS : 1;
    return (cell) => {
      const instant = new Date(Number(cell) * unitMs);
      return cell === '' || Number.isNaN(instant.getTime()) ? undefined : instant.toISOString();
    };
  }
  const pattern = new RegExp(`^${patternOf(format)}$`, 'u');
  return (cell) => {
    const parts = pattern.exec(cell)?.groups;
    return parts === undefined ? undefined : timeOf(parts, timeOfDay);
  };
}

function timeOf(parts: Readonly<Record<string, string>>, timeOfDay: string): string {
  const short = Number(parts['shortYear']);
  const year = parts['year'] ?? String(short + (short < SHORT_YEAR_PIVOT ? 2000 : 1900));
  const day = `${year}-${two(parts['month'])}-${two(parts['day'])}`;
  if (parts['hour'] === undefined) return `${day}T${timeOfDay}`;
  const clock = `${hourOf(parts['hour'], parts['half'])}:${two(parts['minute'])}:${two(parts['second'])}`;
  const fraction = parts['fraction'] === undefined ? '' : `.${parts['fraction']}`;
  return `${day}T${clock}${fraction}${offsetOf(parts['offset'])}`;
}

/** Returns an offset as RFC 3339 has it: `-0700` → `-07:00`. */
function offsetOf(offset: string | undefined): string {
  if (offset === undefined) return '';
  if (!/^[+-]/.test(offset)) return 'Z';
  return `${offset.slice(0, 3)}:${offset.slice(3).replace(':', '') || '00'}`;
}

/** Returns whether a text is a time format: one of the named ones, or tokens that include year, month and day once each. */
export function isTimeFormat(format: string): boolean {
  if (NAMED_FORMATS.includes(format)) return true;
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
