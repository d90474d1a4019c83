/**
 * Rows that belong together, put together. Most tills write a receipt's rows one after the other, but not all
 * always do; and a receipt sent in two parts would be refused, for one name may be counted but once.
 *
 * So a first pass over the file looks for receipts whose rows do not stand together; a second yields
 * each receipt as its rows end, and those few, which have to be held in memory, at the end.
 */
import { UserError } from '../command.ts';
import type { Row } from './csv-stream.ts';
import type { Recipe } from './receipt-mapper.ts';
import type { Cells } from './source-readers.ts';
import { RowFault } from './values.ts';

/** A row that becomes part of no receipt. */
export interface Passed {
  readonly row: Row;
  /** By a rule of the mapping, or because it cannot be read. */
  readonly kind: 'skipped' | 'faulty';
  readonly reason: string;
}

/**
 * A receipt's rows, and those that were passed over since the one before. They travel together, so that
 * whoever stops after a group and goes on later counts every row once.
 */
export interface Group {
  /** Empty where there is nothing but rows that were passed over. */
  readonly rows: readonly Row[];
  readonly passed: readonly Passed[];
  readonly lastRow: number;
  /** Its rows did not stand together. */
  readonly isHeld: boolean;
}

/** A file in which most receipts are scattered is sorted by something else, and has to be sorted first. */
export const HELD_ROWS_MAX = 2_000_000;

/** What a row is to the recipe. */
type Sorted =
  | { readonly kind: 'part'; readonly key: string | undefined }
  | { readonly kind: 'skipped' | 'faulty'; readonly reason: string };

function sortRow(recipe: Recipe, cells: Cells): Sorted {
  if (cells.length !== recipe.width) {
    return { kind: 'faulty', reason: `has ${cells.length} fields and not ${recipe.width}` };
  }
  try {
    const reason = recipe.skipReason(cells);
    return reason === undefined ? { kind: 'part', key: recipe.keyOf?.(cells) } : { kind: 'skipped', reason };
  } catch (error) {
    if (error instanceof RowFault) return { kind: 'faulty', reason: error.message };
    throw error;
  }
}

/** The keys whose rows do not stand together; and now and then one whose rows do, which costs a little memory. */
export async function findScattered(rows: AsyncIterable<Row>, recipe: Recipe): Promise<Set<string>> {
  const scattered = new Set<string>();
  const seen = keyFilter();
  let last: string | undefined;
  for await (const { cells } of rows) {
    const sorted = sortRow(recipe, cells);
    if (sorted.kind !== 'part' || sorted.key === undefined || sorted.key === last) continue;
    last = sorted.key;
    if (seen(sorted.key)) scattered.add(sorted.key);
  }
  return scattered;
}

/**
 * The file's receipts, in the order in which they end, the held ones last and in the order in which they begin.
 *
 * @param afterRow rows up to this one are known and yielded no more, but for the receipts that were held
 */
export async function* groups(
  rows: AsyncIterable<Row>,
  recipe: Recipe,
  scattered: ReadonlySet<string>,
  afterRow: number,
): AsyncGenerator<Group> {
  const held = new Map<string, Row[]>();
  let heldRows = 0;
  let open: { key: string; rows: Row[]; passed: Passed[]; lastRow: number } | undefined;
  for await (const row of rows) {
    const sorted = sortRow(recipe, row.cells);
    const key = sorted.kind === 'part' ? sorted.key : undefined;
    if (key !== undefined && scattered.has(key)) {
      const known = held.get(key);
      if (known === undefined) held.set(key, [row]);
      else known.push(row);
      if (++heldRows > HELD_ROWS_MAX) {
        throw new UserError('most receipts of this file are scattered over it; sort it by receipt first');
      }
    } else if (row.number <= afterRow) {
    } else if (sorted.kind !== 'part') {
      const passed: Passed = { row, kind: sorted.kind, reason: sorted.reason };
      if (open === undefined) {
        yield { rows: [], passed: [passed], lastRow: row.number, isHeld: false };
      } else {
        open.passed.push(passed);
        open.lastRow = row.number;
      }
    } else if (key === undefined) {
      yield { rows: [row], passed: [], lastRow: row.number, isHeld: false };
    } else if (open?.key === key) {
      open.rows.push(row);
      open.lastRow = row.number;
    } else {
      if (open !== undefined) yield { ...open, isHeld: false };
      open = { key, rows: [row], passed: [], lastRow: row.number };
    }
  }
  if (open !== undefined) yield { ...open, isHeld: false };
  for (const parts of held.values()) yield { rows: parts, passed: [], lastRow: 0, isHeld: true };
}

/** 16 MB, whatever the file's size: among a million keys some two hundred are taken for seen that are not. */
const FILTER_BITS = 2 ** 27;

/** A Bloom filter with two hashes: remembers keys, and says whether one may have been there before. */
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
