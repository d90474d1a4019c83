/** The files of an import, opened and bound to the mapping: the CSV and its joined tables. */
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UserError } from '../command.ts';
import { type CsvStream, openCsv } from './csv-stream.ts';
import { filledRows } from './fill-down.ts';
import { EMPTY_SURVEY, type Group, groups, type Survey, surveyRows } from './grouping.ts';
import type { Mapping } from './mapping.ts';
import { createReceiptMapper, type ReceiptMapper } from './receipt-mapper.ts';
import { type Cells, type JoinedTable, type Read, sourceReader } from './source-readers.ts';

export interface SourceFiles {
  readonly mapper: ReceiptMapper;
  readonly header: readonly string[];
  /** Paths of the CSV and the joined tables. */
  readonly paths: readonly string[];
  /** First pass: counts the rows, and finds scattered and incomplete receipts. */
  survey(): Promise<Survey>;
  /** Second pass: yields the receipts; see `groups` in grouping.ts. */
  groups(survey: Survey, afterRow: number): AsyncGenerator<Group>;
  /** Returns the progress of the current pass, 0 … 1. */
  fraction(): number;
}

/**
 * Opens the CSV and loads the joined tables into memory.
 *
 * @throws UserError where a file is missing, a column of the mapping does not exist, or a join key is not unique
 */
export async function openSourceFiles(csvPath: string, mapping: Mapping): Promise<SourceFiles> {
  const sizeBytes = sizeOf(csvPath);
  const open = () => openCsv(csvPath, mapping.csv, sizeBytes);
  let csv = await open();
  const { header } = csv;
  if (header.length === 0) throw new UserError(`${csvPath} is empty`);
  const joins = new Map<string, JoinedTable>();
  const paths = [csvPath];
  for (const [name, join] of Object.entries(mapping.joins)) {
    const path = resolve(dirname(csvPath), join.file);
    const by = sourceReader(join.by, { header, joins: new Map() });
    joins.set(name, await loadJoinedTable(path, join, by));
    paths.push(path);
  }
  const mapper = createReceiptMapper(mapping, { header, joins });
  let isUnread = true;

  /** Returns the CSV from its first row: the stream that was opened for its header, and a new stream for each later pass. */
  async function rewind(): Promise<CsvStream> {
    if (!isUnread) csv = await open();
    isUnread = false;
    return csv;
  }

  const filled = (rows: CsvStream['rows']) => filledRows(rows, mapping, header);
  return {
    mapper,
    header,
    paths,
    fraction: () => csv.fraction(),
    async survey() {
      if (mapper.keyOf === undefined) return EMPTY_SURVEY;
      return await surveyRows(filled((await rewind()).rows), mapper);
    },
    async *groups(survey, afterRow) {
      yield* groups(filled((await rewind()).rows), mapper, survey, afterRow);
    },
  };
}

async function loadJoinedTable(path: string, join: Mapping['joins'][string], by: Read): Promise<JoinedTable> {
  const { header, rows } = await openCsv(path, join.csv, sizeOf(path));
  const keyIndex = header.indexOf(join.key);
  if (keyIndex < 0) throw new UserError(`${path} has no column "${join.key}"`);
  const byKey = new Map<string, Cells>();
  for await (const { cells, line } of rows) {
    const key = (cells[keyIndex] ?? '').trim();
    if (byKey.has(key)) throw new UserError(`${path}: line ${line} repeats the key "${key}"`);
    byKey.set(key, cells);
  }
  return { header, rows: byKey, by };
}

function sizeOf(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new UserError(`file not found: ${path}`);
  if (!stats.isFile()) throw new UserError(`${path} is not a file`);
  return stats.size;
}
