/** Figures as an ordinary client reads them, over HTTPS with a token; sums of points as whole ten-thousandths. */
import { setTimeout as pause } from 'node:timers/promises';
import type { FiguresResponse, RankingResponse, StoresResponse } from '#contracts/http/figures.ts';
import { parseAmount } from '#domain/chain/money.ts';
import type { CloudProcess } from '../support/cloud-process.ts';

export interface Reader {
  figures(scope: string, from: string, to: string, grain?: 'hour' | 'day'): Promise<FiguresResponse>;
  top(scope: string, from: string, to: string, by: string, limit: number): Promise<RankingResponse>;
  stores(): Promise<StoresResponse>;
}

const UNAUTHORIZED = 401;
/** A reader that times out beside a large import is asked again. */
const SERVER_ERROR = 500;
const ASKED_AGAIN_MAX = 5;
const ASKED_AGAIN_AFTER_MS = 5_000;

export async function readerOf(cloud: CloudProcess): Promise<Reader> {
  let token = await cloud.token('boss');
  const ask = (path: string, query: Record<string, string>): Promise<Response> =>
    fetch(`${cloud.url}${path}?${new URLSearchParams(query)}`, {
      headers: { authorization: `Bearer ${token}` },
    });
  const get = async <Answer>(path: string, query: Record<string, string>): Promise<Answer> => {
    let answer = await ask(path, query);
    // Counting a large import takes longer than a token lives.
    if (answer.status === UNAUTHORIZED) {
      token = await cloud.token('boss');
      answer = await ask(path, query);
    }
    for (let again = 0; answer.status >= SERVER_ERROR && again < ASKED_AGAIN_MAX; again++) {
      await pause(ASKED_AGAIN_AFTER_MS);
      answer = await ask(path, query);
    }
    if (!answer.ok) throw new Error(`GET ${path} ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Answer;
  };
  return {
    figures: (scope, from, to, grain = 'day') => get('/v1/figures', { scope, from, to, grain }),
    top: (scope, from, to, by, limit) =>
      get('/v1/products/top', { scope, from, to, by, limit: String(limit) }),
    stores: () => get('/v1/stores', {}),
  };
}

/** A decimal text in ten-thousandths, so that sums and comparisons are exact. */
export function exact(text: string | number | null | undefined): bigint {
  const amount = parseAmount(String(text));
  if (amount === undefined) throw new Error(`not an exact decimal: ${text}`);
  return amount;
}

type Figures = FiguresResponse['total']['figures'];

/** The value of a figure that is a sum. */
export const valueIn = (figures: Figures, kpi: string): bigint => exact(figures[kpi]?.value);

/** Sums a figure over the points of a series, by a name made of each point. */
export function sumBy(
  series: FiguresResponse['series'],
  nameOf: (point: FiguresResponse['series'][number]) => string,
  kpi: string,
): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const point of series) {
    sums.set(nameOf(point), (sums.get(nameOf(point)) ?? 0n) + valueIn(point.figures, kpi));
  }
  return sums;
}
