/** Small tables that people keep in a spreadsheet (stores, targets): read whole, checked row by row, all faults told at once. */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { UserError } from '../command.ts';

const FAULTS_TOLD_MAX = 20;

export type Row = Readonly<Record<string, string>>;

/** Reads a CSV with a header and turns each row into a thing; throws what is wrong with which lines. */
export function readTable<Thing>(
  path: string,
  columns: { readonly required: readonly string[]; readonly optional: readonly string[] },
  read: (row: Row) => Thing,
): Thing[] {
  const { header, rows } = load(path);
  const missing = columns.required.filter((name) => !header.includes(name));
  const unknown = header.filter(
    (name) => !columns.required.includes(name) && !columns.optional.includes(name),
  );
  if (missing.length > 0) throw new UserError(`${path} has no column ${missing.join(', ')}`);
  if (unknown.length > 0)
    throw new UserError(`${path} has columns that mean nothing here: ${unknown.join(', ')}`);
  const faults: string[] = [];
  const things = rows.flatMap(({ row, line }) => {
    try {
      return [read(row)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      faults.push(`line ${line}: ${error.message}`);
      return [];
    }
  });
  if (faults.length === 0) return things;
  const more = faults.length > FAULTS_TOLD_MAX ? `\n  and ${faults.length - FAULTS_TOLD_MAX} more` : '';
  throw new UserError(`${path} was not imported:\n  ${faults.slice(0, FAULTS_TOLD_MAX).join('\n  ')}${more}`);
}

function load(path: string): { header: string[]; rows: { row: Row; line: number }[] } {
  try {
    const parsed = parse(readFileSync(path), {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      info: true,
    }) as unknown as {
      record: string[];
      info: { lines: number };
    }[];
    const header = parsed[0]?.record ?? [];
    const rows = parsed.slice(1).map(({ record, info }) => ({
      row: Object.fromEntries(header.map((name, index) => [name, record[index] ?? ''])),
      line: info.lines,
    }));
    return { header, rows };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(code === 'ENOENT' ? `there is no file ${path}` : `cannot read ${path}: ${message}`);
  }
}
