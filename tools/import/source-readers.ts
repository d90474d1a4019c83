/** Compiles a mapping's sources and conditions into functions of a row. Unknown column names are rejected here, before the first row. */
import { UserError } from '../command.ts';
import type { Condition, Source, SourceSpec } from './mapping.ts';
import { type NumberFormat, RowError, readAmount, slugOf } from './values.ts';

export type Cells = readonly string[];
export type Read = (cells: Cells) => string;
export type Test = (cells: Cells) => boolean;

/** A second table, in memory: prices, stores. */
export interface JoinedTable {
  readonly header: readonly string[];
  readonly rows: ReadonlyMap<string, Cells>;
  /** Reads the key to look up from a row of the CSV. */
  readonly by: Read;
}

export interface Columns {
  readonly header: readonly string[];
  readonly joins: ReadonlyMap<string, JoinedTable>;
}

/**
 * Returns a function that reads the source's value from a row, and throws a RowError where the value is not in the joined
 * table or in `values`.
 *
 * @throws UserError where the source names a column or a join that does not exist
 */
export function sourceReader(source: Source, columns: Columns): Read {
  const spec: SourceSpec = typeof source === 'string' ? { column: source } : source;
  const read = spec.constant === undefined ? columnsReader(spec, columns) : constantReader(spec.constant);
  const refined = refiner(spec);
  return refined === undefined ? read : (cells) => refined(read(cells));
}

const constantReader =
  (constant: string): Read =>
  () =>
    constant;

function columnsReader(spec: SourceSpec, { header, joins }: Columns): Read {
  const joined = spec.join === undefined ? undefined : joins.get(spec.join);
  if (spec.join !== undefined && joined === undefined)
    throw new UserError(`the mapping does not define the join "${spec.join}"`);
  const names = spec.columns ?? [spec.column ?? ''];
  const indexes = names.map((name) => indexOf(name, joined?.header ?? header, spec.join));
  const separator = spec.separator ?? ' ';
  const [only = 0] = indexes;
  const pick: Read =
    indexes.length === 1
      ? (cells) => (cells[only] ?? '').trim()
      : (cells) => indexes.map((index) => (cells[index] ?? '').trim()).join(separator);
  if (joined === undefined) return pick;
  return (cells) => {
    const key = joined.by(cells);
    const row = joined.rows.get(key);
    if (row !== undefined) return pick(row);
    if (spec.otherwise !== undefined) return spec.otherwise;
    throw new RowError(`"${key}" is not in the table ${spec.join}`);
  };
}

function indexOf(name: string, header: readonly string[], join: string | undefined): number {
  const index = header.indexOf(name);
  const table = join === undefined ? 'the CSV' : `the table ${join}`;
  if (index >= 0 && header.indexOf(name, index + 1) >= 0) {
    throw new UserError(
      `${table} has two columns "${name}", and they may differ; give them different names, in the file or in csv.header`,
    );
  }
  if (index >= 0) return index;
  throw new UserError(`${table} has no column "${name}"; it has ${header.join(', ')}`);
}

function refiner({ extract, slug, values, otherwise }: SourceSpec): ((text: string) => string) | undefined {
  if (extract === undefined && slug !== true && values === undefined && otherwise === undefined)
    return undefined;
  const pattern = extract === undefined ? undefined : new RegExp(extract, 'u');
  const translations = values === undefined ? undefined : new Map(Object.entries(values));
  return (raw) => {
    const found = pattern?.exec(raw);
    const text = pattern === undefined ? raw : (found?.[1] ?? found?.[0] ?? '').trim();
    const value = text === '' && otherwise !== undefined ? otherwise : text;
    if (translations !== undefined) {
      const translated = translations.get(value) ?? otherwise;
      if (translated === undefined) throw new RowError(`"${value}" is not among the values of the mapping`);
      return translated;
    }
    return slug === true ? slugOf(value) : value;
  };
}

/**
 * Returns a function that tests a row. Texts that are not numbers are neither below nor above any number.
 *
 * @throws UserError where the condition names a column or a join that does not exist
 */
export function conditionTest(condition: Condition, columns: Columns, numbers: NumberFormat): Test {
  if ('all' in condition) {
    const tests = condition.all.map((one) => conditionTest(one, columns, numbers));
    return (cells) => tests.every((test) => test(cells));
  }
  if ('any' in condition) {
    const tests = condition.any.map((one) => conditionTest(one, columns, numbers));
    return (cells) => tests.some((test) => test(cells));
  }
  if ('not' in condition) {
    const test = conditionTest(condition.not, columns, numbers);
    return (cells) => !test(cells);
  }
  const read = sourceReader(condition.of, columns);
  const { equals, below, above, empty } = condition;
  const pattern = condition.matches === undefined ? undefined : new RegExp(condition.matches, 'u');
  return (cells) => {
    const text = read(cells);
    if (pattern !== undefined && !pattern.test(text)) return false;
    if (equals !== undefined && text !== equals) return false;
    if (empty !== undefined && (text === '') !== empty) return false;
    if (below === undefined && above === undefined) return true;
    // NaN fails both comparisons; the invalid number is reported when the receipt's line is read.
    const number = numberOf(text, numbers);
    return (below === undefined || number < below) && (above === undefined || number > above);
  };
}

function numberOf(text: string, numbers: NumberFormat): number {
  try {
    return Number(readAmount(text, numbers));
  } catch {
    return Number.NaN;
  }
}

/** Returns the indexes of the columns that a source reads from a row of the CSV. */
export function columnIndexesOf(source: Source, header: readonly string[]): number[] {
  if (typeof source === 'string') return [header.indexOf(source)].filter((index) => index >= 0);
  if (source.join !== undefined) return [];
  const names = source.columns ?? (source.column === undefined ? [] : [source.column]);
  return names.map((name) => header.indexOf(name)).filter((index) => index >= 0);
}
