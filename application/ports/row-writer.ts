/** Port: single rows of any table, for erasures. */
import type { ErasureAction, TableName } from '#domain/people/erasure/row-policy.ts';
import type { ItemKey, TableRow } from '#domain/people/erasure/table-row.ts';
import type { RowVerdict } from './table-scan.ts';

export interface RowWriter {
  /** Reads a row, consistent with the last write. */
  read(table: TableName, key: ItemKey): Promise<TableRow | undefined>;
  /** Applies an action to a row. `removed` also if the row changed meanwhile: the scan runs again and finds it. */
  apply(table: TableName, row: TableRow, action: ErasureAction): Promise<RowVerdict>;
}
