/** A row of any table, as an erasure reads it. */
import type { AnyRow } from './trace-finder.ts';

export type TableRow = ItemKey & AnyRow;

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}
