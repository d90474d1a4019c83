/** Checks ids in tables that went through a spreadsheet. */
import { UserError } from '../command.ts';
import { RowError, readId } from '../import/values.ts';

/** Returns an id of a table. Throws a UserError where a spreadsheet has shortened it, or made a decimal number of it. */
export function readTableId(cell: string): string {
  try {
    return readId(cell);
  } catch (error) {
    if (error instanceof RowError) throw new UserError(error.message);
    throw error;
  }
}
