/** Pages of Location's listings: its page size and its error for a token of another listing. */
import { type Page, type PageRequest, readPage as readAnyPage } from '../wire/paging.ts';
import { invalidPageToken } from './errors.ts';
import { ROWS_PER_PAGE_MAX } from './limits.ts';

/**
 * Returns one page of a listing; `read` and `keyOf` are those of wire/paging.ts. @throws ValidationException
 */
export function readPage<Row>(
  name: string,
  request: PageRequest,
  read: (after: string | undefined, countMax: number) => readonly Row[],
  keyOf: (row: Row) => string,
): Page<Row> {
  return readAnyPage(request, {
    name,
    rowsPerPage: ROWS_PER_PAGE_MAX,
    read,
    keyOf,
    invalidToken: invalidPageToken,
  });
}
