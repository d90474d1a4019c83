/** Reads small CSV tables that operators keep in a spreadsheet (stores, targets) as a whole, and reports all errors at once. */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { UserError } from '../command.ts';

const ERRORS_PRINTED_MAX = 20;

export type Row = Readonly<Record<string, string>>;

/**
 * Reads a CSV with a header and returns the parsed rows.
 *
 * @param parseRow returns the item of a row, or throws a UserError
 * @throws UserError that lists the wrong columns, or the errors of all rows with their lines
 */
export function readTable<Item>(
  path: string,
  columns: { readonly required: readonly string[]; readonly optional: readonly string[] },
  parseRow: (row: Row) => Item,
  encoding?: string,
): Item[] {
  const { items, errors } = readValidRows(path, columns, parseRow, encoding);
  if (errors.length === 0) return items;
  throw new UserError(`${path} was not imported:\n  ${firstErrors(errors)}`);
}

/**
 * Reads a CSV with a header like `readTable`, and returns the items of the valid rows beside the errors of the others.
 *
 * @throws UserError that lists the wrong columns
 */
export function readValidRows<Item>(
  path: string,
  columns: { readonly required: readonly string[]; readonly optional: readonly string[] },
  parseRow: (row: Row) => Item,
  encoding = 'utf-8',
): { readonly items: Item[]; readonly errors: string[] } {
  const { header, rows } = load(path, encoding);
  const missing = columns.required.filter((name) => !header.includes(name));
  const repeated = header.find((name, index) => header.indexOf(name) !== index);
  if (repeated !== undefined) throw new UserError(`${path} has two columns ${repeated}, and they may differ`);
  const unknown = header.filter(
    (name) => !columns.required.includes(name) && !columns.optional.includes(name),
  );
  if (missing.length > 0) throw new UserError(`${path} has no column ${missing.join(', ')}`);
  if (unknown.length > 0) throw new UserError(`${path} has unknown columns: ${unknown.join(', ')}`);
  const errors: string[] = [];
  const items = rows.flatMap(({ row, line }) => {
    try {
      return [parseRow(row)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      errors.push(`line ${line}: ${error.message}`);
      return [];
    }
  });
  return { items, errors };
}

/** Returns the first errors, one per line, and how many more there are. */
export function firstErrors(errors: readonly string[]): string {
  const more = errors.length - ERRORS_PRINTED_MAX;
  return [...errors.slice(0, ERRORS_PRINTED_MAX), ...(more > 0 ? [`and ${more} more`] : [])].join('\n  ');
}

function load(path: string, encoding: string): { header: string[]; rows: { row: Row; line: number }[] } {
  try {
    const parsed = parse(decoded(readFileSync(path), path, encoding), {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      info: true,
    }) as unknown as {
      record: string[];
      info: { lines: number };
    }[];
    const header = parsed[0]?.record;
    if (header === undefined) throw new UserError(`${path} is empty`);
    const rows = parsed.slice(1).map(({ record, info }) => ({
      row: Object.fromEntries(header.map((name, index) => [name, record[index] ?? ''])),
      line: info.lines,
    }));
    return { header, rows };
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(code === 'ENOENT' ? `file not found: ${path}` : `cannot read ${path}: ${message}`);
  }
}

/** Returns the text of a file. Throws a UserError where it is in another encoding, which would garble its names. */
function decoded(bytes: Uint8Array, path: string, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof RangeError)
      throw new UserError(`${encoding} is not a supported encoding, such as gbk`);
    throw new UserError(
      `${path} is not in ${encoding}; save it as "CSV UTF-8", or pass its encoding: --encoding gbk`,
    );
  }
}
