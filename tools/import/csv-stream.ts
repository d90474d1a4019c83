/**
 * A CSV as it lies on disk, row by row: gzip by its suffix, any encoding the platform knows, RFC 4180. Only a
 * buffer's worth of it is ever in memory.
 */
import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { UserError } from '../command.ts';
import type { CsvFormat } from './mapping.ts';

export interface Row {
  /** From 1; the header does not count. */
  readonly number: number;
  /** The line of the file on which the row ends. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface Table {
  readonly header: readonly string[];
  readonly rows: AsyncIterable<Row>;
  /** How much of the file has been read, 0 … 1. */
  readonly fraction: () => number;
}

/** Opens a CSV; its header has been read when this resolves. */
export async function openTable(path: string, format: CsvFormat, sizeBytes: number): Promise<Table> {
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

  const records = told(parser as AsyncIterable<Told>, path);
  const iterator = records[Symbol.asyncIterator]();
  const header = format.header === true ? await firstOf(iterator) : format.header;
  return {
    header: header.map((name) => name.trim()),
    fraction: () => (sizeBytes === 0 ? 1 : Math.min(1, file.bytesRead / sizeBytes)),
    rows: numbered({ [Symbol.asyncIterator]: () => iterator }),
  };
}

async function firstOf(iterator: AsyncIterator<Told>): Promise<readonly string[]> {
  const first = await iterator.next();
  return first.done ? [] : first.value.record;
}

interface Told {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

async function* numbered(records: AsyncIterable<Told>): AsyncGenerator<Row> {
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

/** Troubles with the file, in the words of whoever has to mend it. */
async function* told(records: AsyncIterable<Told>, path: string): AsyncGenerator<Told> {
  try {
    yield* records;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UserError(`there is no file ${path}`);
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw new UserError(`${path} is not in the encoding that the mapping says; see csv.encoding in --help`);
    }
    if (error instanceof CsvError || code?.startsWith('Z_')) throw new UserError(`${path}: ${message}`);
    throw error;
  }
}

/** Writes cells as one line of a CSV. */
export const csvLine = (cells: readonly (string | number)[]): string =>
  `${cells.map((cell) => (/[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : cell)).join(',')}\n`;
