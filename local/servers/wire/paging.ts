/**
 * Pages of a listing. The token of the next page carries the key of the last row and the listing's name, so a
 * token of another listing is rejected.
 */
import * as v from 'valibot';
import { readToken, writeToken } from './opaque-token.ts';

export interface PageRequest {
  readonly MaxResults: number | undefined;
  readonly NextToken: string | undefined;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Undefined on the last page. */
  readonly nextToken: string | undefined;
}

export interface Listing<Row> {
  readonly name: string;
  /** The page size where the request gives none or 0. */
  readonly rowsPerPage: number;
  /** Returns up to so many rows after the one with this key, or from the first one. */
  readonly read: (after: string | undefined, countMax: number) => readonly Row[];
  /** Returns the row's key, unique and in the order of `read`. */
  readonly keyOf: (row: Row) => string;
  /** Returns the service's error for a token that is not of this listing. */
  readonly invalidToken: () => Error;
}

/** Returns one page. It reads one row more than the page holds, which shows whether another page follows. */
export function readPage<Row>({ MaxResults, NextToken }: PageRequest, listing: Listing<Row>): Page<Row> {
  const countMax = MaxResults || listing.rowsPerPage;
  const rows = listing.read(NextToken === undefined ? undefined : keyIn(NextToken, listing), countMax + 1);
  const page = rows.slice(0, countMax);
  const last = page.at(-1);
  const hasMore = rows.length > countMax && last !== undefined;
  return { rows: page, nextToken: hasMore ? writeToken([listing.name, listing.keyOf(last)]) : undefined };
}

function keyIn<Row>(token: string, { name, invalidToken }: Listing<Row>): string {
  const [, key] = readToken(v.tuple([v.literal(name), v.string()]), token) ?? [];
  if (key === undefined) throw invalidToken();
  return key;
}
