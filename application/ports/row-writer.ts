/** Port: single rows of any table, for erasures. */
import type { ErasureAction, TableName } from '#domain/people/erasure/row-policy.ts';
import type { ItemKey, TableRow } from '#domain/people/erasure/table-row.ts';
import type { RowVerdict } from './table-scan.ts';

export interface RowWriter {
  /** As of the last write. */
  read(table: TableName, key: ItemKey): Promise<TableRow | undefined>;
  /** `removed` also where somebody has changed the row meanwhile: whoever searches looks again. */
  apply(table: TableName, row: TableRow, remedy: ErasureAction): Promise<RowVerdict>;
}
