/** Where a listing goes on: after which row, and of which listing, so that a token of another is refused. */
import { ROWS_PER_PAGE_MAX } from './limits.ts';
import { invalidPageToken } from './refusals.ts';

interface Request {
  readonly MaxResults: number | undefined;
  readonly NextToken: string | undefined;
}

interface Page<Row> {
  readonly rows: readonly Row[];
  readonly nextToken: string | undefined;
}

/** Reads one row more than the page holds, which is how it knows that there is another page. */
export function readPage<Row>(
  listing: string,
  { MaxResults: countMax = ROWS_PER_PAGE_MAX, NextToken: token }: Request,
  read: (after: string | undefined, countMax: number) => readonly Row[],
  nameOf: (row: Row) => string,
): Page<Row> {
  const rows = read(token === undefined ? undefined : afterOf(listing, token), countMax + 1);
  const page = rows.slice(0, countMax);
  const last = page.at(-1);
  const isMore = rows.length > countMax && last !== undefined;
  return { rows: page, nextToken: isMore ? tokenOf(listing, nameOf(last)) : undefined };
}

function tokenOf(listing: string, after: string): string {
  return Buffer.from(JSON.stringify([listing, after])).toString('base64url');
}

function afterOf(listing: string, token: string): string {
  let written: unknown;
  try {
    written = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    throw invalidPageToken();
  }
  const [name, after] = Array.isArray(written) ? written : [];
  if (name !== listing || typeof after !== 'string') throw invalidPageToken();
  return after;
}
