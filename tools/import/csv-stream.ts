/**
 * Streams a CSV file row by row: RFC 4180, gzip by the suffix `.gz`, any encoding the platform supports. Only one buffer of
 * it is in memory at a time. Small tables are read by `input/csv-table.ts` instead.
 */
import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { UserError } from '../command.ts';
import type { CsvFormat } from './mapping.ts';

export interface Row {
  /** From 1, not counting the header. */
  readonly number: number;
  /** Line of the file on which the row ends. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvStream {
  readonly header: readonly string[];
  readonly rows: AsyncIterable<Row>;
  /** Fraction of the file read so far, 0 … 1. */
  readonly fraction: () => number;
}

/**
 * Opens a CSV and reads its header.
 *
 * @param sizeBytes of the file on disk, for `fraction`
 * @throws UserError, here or while reading, where the file is missing, damaged or in another encoding
 */
export async function openCsv(path: string, format: CsvFormat, sizeBytes: number): Promise<CsvStream> {
  const file = createReadStream(path);
  const parser = parse({
    delimiter: format.delimiter,
    quote: format.quote ?? false,
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  const bytes: NodeJS.ReadableStream = path.endsWith('.gz') ? pipeline(file, createGunzip(), () => {}) : file;
  pipeline(Readable.from(decoded(bytes, format.encoding)), parser, () => {});

  const records = withUserErrors(parser as AsyncIterable<ParsedRecord>, path);
  const iterator = records[Symbol.asyncIterator]();
  const header = format.header === true ? await firstOf(iterator) : format.header;
  return {
    header: header.map((name) => name.trim()),
    fraction: () => (sizeBytes === 0 ? 1 : Math.min(1, file.bytesRead / sizeBytes)),
    rows: numbered({ [Symbol.asyncIterator]: () => iterator }),
  };
}

async function firstOf(iterator: AsyncIterator<ParsedRecord>): Promise<readonly string[]> {
  const first = await iterator.next();
  return first.done ? [] : first.value.record;
}

interface ParsedRecord {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

async function* numbered(records: AsyncIterable<ParsedRecord>): AsyncGenerator<Row> {
  let number = 0;
  for await (const { record, info } of records) {
    number++;
    yield { number, line: info.lines, cells: record };
  }
}

async function* decoded(bytes: NodeJS.ReadableStream, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const chunk of bytes) yield decoder.decode(chunk as Buffer, { stream: true });
  yield decoder.decode();
}

/** Yields the records; converts errors of reading, decoding and parsing to a UserError that names the file. */
async function* withUserErrors(
  records: AsyncIterable<ParsedRecord>,
  path: string,
): AsyncGenerator<ParsedRecord> {
  try {
    yield* records;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UserError(`file not found: ${path}`);
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw new UserError(`${path} is not in the encoding of the mapping; see csv.encoding in --help`);
    }
    if (error instanceof CsvError || code?.startsWith('Z_')) throw new UserError(`${path}: ${message}`);
    throw error;
  }
}

/** Returns cells as one line of a CSV, quoted where needed, with its line break. */
export const csvLine = (cells: readonly (string | number)[]): string =>
  `${cells.map((cell) => (/[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : cell)).join(',')}\n`;
