/**
 * A full scan of a table that searches every attribute of every row: the one search that cannot miss a place, because it
 * does not depend on what the table is for.
 *
 * It reads strongly consistently, in DynamoDB's segments, several at once. A gigabyte costs 250,000 read units, about 3 cents.
 */

import { gunzipSync } from 'node:zlib';
import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { RowFinder, TableParts, TableSearch } from '#application/ports/table-scan.ts';
import type { ItemKey, TableRow } from '#domain/people/erasure/table-row.ts';
import type { AnyRow } from '#domain/people/erasure/trace-finder.ts';

/** Scans segments of a table concurrently. */
export async function searchTable(
  client: DynamoDBDocumentClient,
  TableName: string,
  { first, count, of }: TableParts,
  finder: RowFinder,
): Promise<TableSearch> {
  const searches = await Promise.all(
    Array.from({ length: Math.min(count, of - first) }, (_, at) =>
      searchPart(client, { TableName, Segment: first + at, TotalSegments: of }, finder),
    ),
  );
  const sum = (field: 'rowsLookedAt' | 'removed' | 'left'): number =>
    searches.reduce((total, search) => total + search[field], 0);
  return {
    rowsLookedAt: sum('rowsLookedAt'),
    removed: sum('removed'),
    left: sum('left'),
    kinds: [...new Set(searches.flatMap(({ kinds }) => kinds))].sort(),
  };
}

interface Part {
  readonly TableName: string;
  readonly Segment: number;
  readonly TotalSegments: number;
}

async function searchPart(
  client: DynamoDBDocumentClient,
  part: Part,
  { tracesIn, found }: RowFinder,
): Promise<TableSearch> {
  let rowsLookedAt = 0;
  const counts = { removed: 0, left: 0, others: 0 };
  const kinds = new Set<string>();
  let before: TableRow | undefined;
  for await (const { Items = [] } of paginateScan({ client }, { ...part, ConsistentRead: true })) {
    for (const item of Items) {
      const row = item as TableRow;
      rowsLookedAt++;
      const traces = tracesIn(withSeam(unpacked(row), before));
      before = row;
      if (traces.size === 0) continue;
      const verdict = await found(row, traces);
      counts[verdict]++;
      if (verdict === 'left') kinds.add(kindOf(row));
    }
  }
  return { rowsLookedAt, removed: counts.removed, left: counts.left, kinds: [...kinds] };
}

/** Returns a row with its packed attributes unpacked. */
const unpacked = (row: TableRow): TableRow => ({
  ...row,
  ...Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => {
      const bytes = value instanceof Uint8Array ? unzipped(value) : undefined;
      return bytes === undefined ? [] : [[name, bytes] as const];
    }),
  ),
});

/** The first bytes of every gzip file. */
const GZIP_MARK = [0x1f, 0x8b] as const;

function unzipped(bytes: Uint8Array): Uint8Array | undefined {
  if (GZIP_MARK.some((byte, at) => bytes[at] !== byte)) return undefined;
  try {
    return gunzipSync(bytes);
  } catch {
    // Other bytes that only begin like gzip are searched as they are.
    return undefined;
  }
}

/** Longer than any identifier that is searched for. */
const SEAM_BYTES = 300;

/** Values larger than a row are stored in parts, and an identifier may lie across the boundary of two. */
function withSeam(row: TableRow, before: TableRow | undefined): AnyRow {
  const [head, tail] = [row['bytes'], before?.['bytes']];
  if (before?.pk !== row.pk || !(head instanceof Uint8Array) || !(tail instanceof Uint8Array)) return row;
  const seam = new Uint8Array([...tail.subarray(-SEAM_BYTES), ...head.subarray(0, SEAM_BYTES)]);
  return { ...row, seam };
}

/** Returns the kind of a row, from the words at the beginning of its keys; never a part of their values. */
function kindOf({ pk, sk }: ItemKey): string {
  const of = /^[A-Z_]+(?=#|$)/.exec(pk)?.[0] ?? '?';
  const within = /^[A-Z_]+(?=#)/.exec(sk)?.[0];
  return within === undefined ? of : `${of}/${within}`;
}
