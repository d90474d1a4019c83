/** Port: full scans of a table, for erasures. */
import type { TraceKind } from '#domain/people/erasure/erasure.ts';
import type { FindTraces } from '#domain/people/erasure/personal-identifiers.ts';
import type { TableRow } from '#domain/people/erasure/table-row.ts';

/** `removed`: it is gone, or says nothing of the person any more. `others`: it is about somebody else. */
export type RowVerdict = 'removed' | 'left' | 'others';

export interface RowFinder {
  readonly tracesIn: FindTraces;
  /** Told of each row in which there is a trace, and what kinds of traces. */
  readonly found: (row: TableRow, traces: ReadonlySet<TraceKind>) => Promise<RowVerdict>;
}

/** Some of the parts that a table is cut into. */
export interface TableParts {
  readonly first: number;
  readonly count: number;
  /** All there are. */
  readonly of: number;
}

export interface TableSearch {
  readonly rowsLookedAt: number;
  readonly removed: number;
  readonly left: number;
  /** Of the rows that were left, sorted: `PERSON/LINK`. */
  readonly kinds: readonly string[];
}
