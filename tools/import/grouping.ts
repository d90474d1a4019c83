/**
 * Groups rows into receipts. Most tills write a receipt's rows next to each other, but some do not, and a receipt sent in
 * two parts would be refused, because a receipt number counts once.
 *
 * A first pass over the file therefore finds the receipts whose rows are scattered, and those that miss a row because it cannot
 * be read. A second pass yields every other
 * receipt as soon as its rows end, and the scattered ones, which are held in memory, at the end.
 */
import { UserError } from '../command.ts';
import type { Row } from './csv-stream.ts';
import type { ReceiptMapper } from './receipt-mapper.ts';
import type { Cells } from './source-readers.ts';
import { RowError } from './values.ts';

/** A row that is not part of a receipt. */
export interface ExcludedRow {
  readonly row: Row;
  /** Skipped by a rule of the mapping, or invalid because it cannot be read. */
  readonly kind: 'skipped' | 'invalid';
  readonly reason: string;
}

/**
 * A receipt's rows, and the excluded rows since the receipt before. One group carries both, so that an import that stops
 * after a group and resumes later counts every row once.
 */
export interface Group {
  /** Empty for a group of excluded rows only. */
  readonly rows: readonly Row[];
  readonly excluded: readonly ExcludedRow[];
  readonly lastRow: number;
  /** Whether the rows were scattered and therefore held in memory. */
  readonly isHeld: boolean;
  /** The reason for which the receipt is not posted: a row that may be a part of it cannot be read. */
  readonly refusal?: string;
}

/** Bounds memory. A file with more scattered rows is sorted by another column, and must be sorted by receipt first. */
export const HELD_ROWS_MAX = 2_000_000;

type RowClass =
  | { readonly kind: 'part'; readonly key: string | undefined }
  | { readonly kind: 'skipped' | 'invalid'; readonly reason: string };

function classifyRow(mapper: ReceiptMapper, cells: Cells): RowClass {
  if (cells.length !== mapper.width) {
    return { kind: 'invalid', reason: `has ${cells.length} fields instead of ${mapper.width}` };
  }
  try {
    const reason = mapper.skipReason(cells);
    return reason === undefined ? { kind: 'part', key: mapper.keyOf?.(cells) } : { kind: 'skipped', reason };
  } catch (error) {
    if (error instanceof RowError) return { kind: 'invalid', reason: error.message };
    throw error;
  }
}

/** What a first pass over the file finds. */
export interface Survey {
  readonly rows: number;
  /**
   * Keys of the receipts whose rows are scattered. A Bloom filter decides, so a few keys may be false positives, which costs a
   * little memory and nothing else.
   */
  readonly scattered: ReadonlySet<string>;
  /**
   * Receipts to which a row may have belonged that cannot be read, by their key or their number, with the line of the row. A
   * receipt that is posted without one of its rows would be counted too low for ever.
   */
  readonly incomplete: ReadonlyMap<string, number>;
}

export const EMPTY_SURVEY: Survey = { rows: 0, scattered: new Set(), incomplete: new Map() };

/** Reads the file once, without building receipts. */
export async function surveyRows(rows: AsyncIterable<Row>, mapper: ReceiptMapper): Promise<Survey> {
  const scattered = new Set<string>();
  const incomplete = new Map<string, number>();
  const seen = keyFilter();
  let count = 0;
  let last: { readonly key: string; readonly number: string | undefined } | undefined;
  /** Unreadable rows since the last readable one. */
  let unreadable: Row[] = [];
  const addIncomplete = (next: typeof last): void => {
    for (const row of unreadable) {
      for (const name of receiptsOf(mapper, row.cells, last, next)) incomplete.set(name, row.line);
    }
    unreadable = [];
  };
  for await (const row of rows) {
    count++;
    const classified = classifyRow(mapper, row.cells);
    if (classified.kind === 'invalid') unreadable.push(row);
    if (classified.kind !== 'part' || classified.key === undefined) continue;
    const next = { key: classified.key, number: mapper.numberOf(row.cells) };
    addIncomplete(next);
    if (next.key === last?.key) continue;
    last = next;
    if (seen(next.key)) scattered.add(next.key);
  }
  addIncomplete(undefined);
  return { rows: count, scattered, incomplete };
}

/**
 * Returns the names of the receipts to which an unreadable row may have belonged. A row of the right width names its receipt by
 * its number. A row without a number, or with too many or too few fields, of which any column may be wrong, may be a part of the
 * receipts before and after it.
 */
function receiptsOf(
  mapper: ReceiptMapper,
  cells: Cells,
  before: { readonly key: string; readonly number: string | undefined } | undefined,
  after: { readonly key: string; readonly number: string | undefined } | undefined,
): string[] {
  const number = mapper.numberOf(cells);
  const around = [before, after].filter((one) => one !== undefined);
  const same = around.filter((one) => number !== undefined && one.number === number);
  if (same.length > 0) return same.map(({ key }) => key);
  if (cells.length === mapper.width && number !== undefined) return [number];
  return [...around.map(({ key }) => key), ...(number === undefined ? [] : [number])];
}

interface OpenReceipt {
  readonly key: string;
  readonly rows: Row[];
  readonly excluded: ExcludedRow[];
  lastRow: number;
}

/**
 * Yields the file's receipts in the order in which their rows end, the held ones last, in the order in which they begin.
 *
 * @param afterRow rows up to this number are not yielded again, except those of held receipts
 * @throws UserError where more than HELD_ROWS_MAX rows are scattered
 */
export async function* groups(
  rows: AsyncIterable<Row>,
  mapper: ReceiptMapper,
  survey: Survey,
  afterRow: number,
): AsyncGenerator<Group> {
  const held = new Map<string, Row[]>();
  let heldRows = 0;
  let open: OpenReceipt | undefined;
  const refusal = (key: string, first: Row | undefined): Pick<Group, 'refusal'> => {
    const number = first && mapper.numberOf(first.cells);
    const line =
      survey.incomplete.get(key) ?? (number === undefined ? undefined : survey.incomplete.get(number));
    return line === undefined
      ? {}
      : { refusal: `line ${line} cannot be read and may belong to this receipt; correct it and import both` };
  };
  const closed = ({ key, ...receipt }: OpenReceipt): Group => ({
    ...receipt,
    isHeld: false,
    ...refusal(key, receipt.rows[0]),
  });
  for await (const row of rows) {
    const classified = classifyRow(mapper, row.cells);
    const key = classified.kind === 'part' ? classified.key : undefined;
    if (key !== undefined && survey.scattered.has(key)) {
      const rowsSoFar = held.get(key);
      if (rowsSoFar === undefined) held.set(key, [row]);
      else rowsSoFar.push(row);
      if (++heldRows > HELD_ROWS_MAX) {
        throw new UserError('the rows of most receipts are not adjacent; sort the file by receipt first');
      }
    } else if (row.number <= afterRow) {
    } else if (classified.kind !== 'part') {
      const excluded: ExcludedRow = { row, kind: classified.kind, reason: classified.reason };
      if (open === undefined) {
        yield { rows: [], excluded: [excluded], lastRow: row.number, isHeld: false };
      } else {
        open.excluded.push(excluded);
        open.lastRow = row.number;
      }
    } else if (key === undefined) {
      yield { rows: [row], excluded: [], lastRow: row.number, isHeld: false };
    } else if (open?.key === key) {
      open.rows.push(row);
      open.lastRow = row.number;
    } else {
      if (open !== undefined) yield closed(open);
      open = { key, rows: [row], excluded: [], lastRow: row.number };
    }
  }
  if (open !== undefined) yield closed(open);
  for (const [key, receipt] of held) {
    yield { rows: receipt, excluded: [], lastRow: 0, isHeld: true, ...refusal(key, receipt[0]) };
  }
}

/** 16 MB for any file size. Among a million keys, some two hundred are false positives. */
const FILTER_BITS = 2 ** 27;

/** Creates a Bloom filter with two hashes. The returned function adds a key and returns whether it may have been added before. */
function keyFilter(): (key: string) => boolean {
  const bits = new Uint32Array(FILTER_BITS / 32);
  const set = (hash: number): boolean => {
    const bit = hash & (FILTER_BITS - 1);
    const mask = 1 << (bit & 31);
    const was = ((bits[bit >>> 5] ?? 0) & mask) !== 0;
    bits[bit >>> 5] = (bits[bit >>> 5] ?? 0) | mask;
    return was;
  };
  return (key) => {
    let [a, b] = [0x811c9dc5, 0x9747b28c];
    for (let index = 0; index < key.length; index++) {
      const code = key.charCodeAt(index);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul((b << 5) ^ (b >>> 27) ^ code, 0x5bd1e995);
    }
    const [wasA, wasB] = [set(a ^ (a >>> 15)), set(b ^ (b >>> 13))];
    return wasA && wasB;
  };
}
