/**
 * A table read from end to end, each attribute of each row looked at: the one search that leaves nothing out, because it knows
 * nothing of what the table is for.
 *
 * It reads as of the last write, in parts that DynamoDB cuts by itself, some of them at once. A gigabyte costs 250,000 read
 * units, about 3 cents.
 */

import { gunzipSync } from 'node:zlib';
import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { RowFinder, TableParts, TableSearch } from '#application/ports/table-scan.ts';
import type { AnyRow } from '#domain/people/erasure/personal-identifiers.ts';
import type { ItemKey, TableRow } from '#domain/people/erasure/table-row.ts';

/** Searches parts of a table, all of them at once. */
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

/** A row whose packed attributes are read as what was packed. */
const unpacked = (row: TableRow): TableRow => ({
  ...row,
  ...Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => {
      const bytes = value instanceof Uint8Array ? unzipped(value) : undefined;
      return bytes === undefined ? [] : [[name, bytes] as const];
    }),
  ),
});

/** The first bytes of whatever gzip has packed. */
const GZIP_MARK = [0x1f, 0x8b] as const;

function unzipped(bytes: Uint8Array): Uint8Array | undefined {
  if (GZIP_MARK.some((byte, at) => bytes[at] !== byte)) return undefined;
  try {
    return gunzipSync(bytes);
  } catch {
    // Bytes of somebody else's that only begin so are looked at as they are.
    return undefined;
  }
}

/** Longer than anything that is searched for. */
const SEAM_BYTES = 300;

/** What is larger than a row is cut into several, and what is searched for may lie on the cut. */
function withSeam(row: TableRow, before: TableRow | undefined): AnyRow {
  const [head, tail] = [row['bytes'], before?.['bytes']];
  if (before?.pk !== row.pk || !(head instanceof Uint8Array) || !(tail instanceof Uint8Array)) return row;
  const seam = new Uint8Array([...tail.subarray(-SEAM_BYTES), ...head.subarray(0, SEAM_BYTES)]);
  return { ...row, seam };
}

/** What a row is, by the words that its keys begin with; never anything of what it is about. */
function kindOf({ pk, sk }: ItemKey): string {
  const of = /^[A-Z_]+(?=#|$)/.exec(pk)?.[0] ?? '?';
  const within = /^[A-Z_]+(?=#)/.exec(sk)?.[0];
  return within === undefined ? of : `${of}/${within}`;
}
