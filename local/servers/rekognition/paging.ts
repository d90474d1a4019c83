/** Pages of Rekognition's listings, whose rows have numbers: its error for a token of another listing. */
import { type Page, type PageRequest, readPage as readAnyPage } from '../wire/paging.ts';
import { invalidPageToken } from './errors.ts';

/** Returns one page of a listing, in the order of the rows' ids. @throws InvalidPaginationTokenException */
export function readPage<Row extends { readonly id: number }>(
  name: string,
  request: PageRequest,
  rowsPerPage: number,
  read: (afterId: number, countMax: number) => readonly Row[],
): Page<Row> {
  return readAnyPage(request, {
    name,
    rowsPerPage,
    read: (after = '0', countMax) => read(Number(after), countMax),
    keyOf: ({ id }) => String(id),
    invalidToken: invalidPageToken,
  });
}
