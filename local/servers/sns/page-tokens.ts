/** Where a listing goes on: after which row. Pages have a fixed length, and callers cannot ask for another. */
import { text } from '../wire/shape.ts';
import { PAGE_MAX } from './limits.ts';
import { invalidParameter } from './refusals.ts';

export const nextToken = { NextToken: text() };

/** Reads one row more than the page holds, which is how it knows that there is another page. */
export function readPage<Row extends { readonly id: number }>(
  token: string | undefined,
  read: (afterId: number, countMax: number) => readonly Row[],
): { readonly rows: readonly Row[]; readonly nextToken: string | undefined } {
  const rows = read(token === undefined ? 0 : afterOf(token), PAGE_MAX + 1);
  const page = rows.slice(0, PAGE_MAX);
  const last = page.at(-1);
  const goesOn = rows.length > PAGE_MAX && last !== undefined;
  return {
    rows: page,
    nextToken: goesOn ? Buffer.from(`after ${last.id}`).toString('base64url') : undefined,
  };
}

function afterOf(token: string): number {
  const [, id] = /^after (\d{1,15})$/.exec(Buffer.from(token, 'base64url').toString('utf8')) ?? [];
  if (id === undefined) throw invalidParameter('NextToken');
  return Number(id);
}
