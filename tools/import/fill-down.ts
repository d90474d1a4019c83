/**
 * Rows of a receipt that leave out what its first row says. A shop system writes customer, time and store on the first row
 * of an order only; in a spreadsheet with merged cells even the number stands on the first row alone. The first is certain,
 * because the number is the same. The second is a guess, which the operator has to ask for.
 */
import type { Row } from './csv-stream.ts';
import type { Mapping } from './mapping.ts';
import { type Cells, columnIndexesOf } from './source-readers.ts';

/** Yields the rows with the blank cells of their receipt's columns filled. */
export async function* filledRows(
  rows: AsyncIterable<Row>,
  mapping: Mapping,
  header: readonly string[],
): AsyncGenerator<Row> {
  const numberIndexes = (mapping.receiptBy ?? []).flatMap((source) => columnIndexesOf(source, header));
  const headIndexes = headIndexesOf(mapping, header, numberIndexes);
  const isBlank = (cells: Cells, index: number): boolean => (cells[index] ?? '').trim() === '';
  const mayFill = (cells: Cells, above: Cells): boolean => {
    const isUnnumbered = numberIndexes.every((index) => isBlank(cells, index));
    return isUnnumbered
      ? mapping.fillDown
      : numberIndexes.length > 0 && numberIndexes.every((index) => cells[index] === above[index]);
  };
  let above: Cells | undefined;
  for await (const row of rows) {
    const { cells } = row;
    if (cells.length !== header.length) {
      yield row;
      continue;
    }
    const from = above !== undefined && mayFill(cells, above) ? above : undefined;
    const filled =
      from === undefined
        ? cells
        : cells.map((cell, index) =>
            headIndexes.has(index) && isBlank(cells, index) ? (from[index] ?? '') : cell,
          );
    above = filled;
    yield filled === cells ? row : { ...row, cells: filled };
  }
}

/** Fields that a receipt takes from its first row alone, and that another receipt's must never fill. */
const FIRST_ROW_ONLY = ['phone', 'memberNo', 'discount', 'payments'];

function headIndexesOf(
  mapping: Mapping,
  header: readonly string[],
  numberIndexes: readonly number[],
): Set<number> {
  const sources = Object.entries(mapping.receipt)
    .filter(([name]) => !FIRST_ROW_ONLY.includes(name))
    .flatMap(([, source]) =>
      source === undefined || (Array.isArray(source) && typeof source[0] === 'object') ? [] : [source],
    );
  const joinKeys = Object.values(mapping.joins).map(({ by }) => by);
  return new Set([
    ...numberIndexes,
    ...[...sources, ...joinKeys].flatMap((source) =>
      typeof source === 'string' || !Array.isArray(source) ? columnIndexesOf(source, header) : [],
    ),
  ]);
}
