/** Port: full scans of a table, for erasures. */
import type { TraceKind } from '#domain/people/erasure/personal-identifiers.ts';
import type { TableRow } from '#domain/people/erasure/table-row.ts';
import type { FindTraces } from '#domain/people/erasure/trace-finder.ts';

/** `removed`: deleted, or no longer contains the person's identifiers. `others`: belongs to another person. */
export type RowVerdict = 'removed' | 'left' | 'others';

export interface RowFinder {
  readonly tracesIn: FindTraces;
  /** Called for each row that contains identifiers, with their kinds. */
  readonly found: (row: TableRow, traces: ReadonlySet<TraceKind>) => Promise<RowVerdict>;
}

/** Consecutive segments of a parallel scan. */
export interface TableParts {
  readonly first: number;
  readonly count: number;
  /** Total number of segments. */
  readonly of: number;
}

export interface TableSearch {
  readonly rowsLookedAt: number;
  readonly removed: number;
  readonly left: number;
  /** Kinds of the rows that were left, sorted: `PERSON/LINK`. */
  readonly kinds: readonly string[];
}
