/** Where a listing goes on: after which row, and of which listing, so that a token of another is refused. */
import { invalidPageToken } from './refusals.ts';

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly nextToken: string | undefined;
}

interface Request {
  readonly MaxResults: number | undefined;
  readonly NextToken: string | undefined;
}

/** Reads one row more than the page holds, which is how it knows that there is another page. */
export function readPage<Row extends { readonly id: number }>(
  listing: string,
  { MaxResults, NextToken }: Request,
  rowsMax: number,
  read: (afterId: number, countMax: number) => readonly Row[],
): Page<Row> {
  const countMax = MaxResults || rowsMax;
  const rows = read(NextToken === undefined ? 0 : afterOf(listing, NextToken), countMax + 1);
  const page = rows.slice(0, countMax);
  const last = page.at(-1);
  const nextToken = rows.length > countMax && last !== undefined ? writeToken(listing, last.id) : undefined;
  return { rows: page, nextToken };
}

function writeToken(listing: string, afterId: number): string {
  return Buffer.from(`${listing}/${afterId}`).toString('base64url');
}

function afterOf(listing: string, token: string): number {
  const [name, after] = Buffer.from(token, 'base64url').toString('utf8').split('/');
  if (name !== listing || after === undefined || !/^\d{1,15}$/.test(after)) throw invalidPageToken();
  return Number(after);
}
