/**
 * The API as the app sees it: every answer is parsed with the contract it was written with, and whatever goes
 * wrong is a value, because on a shop floor a lost line is an everyday thing and no exception.
 */
import * as v from 'valibot';
import { FiguresAnswer, RankingAnswer, StoresAnswer } from '#contracts/figures.ts';
import { Problem } from '#contracts/problems.ts';

/** A request that hangs longer than this is as good as lost; the next one may find the line again. */
const ANSWER_MS_MAX = 10_000;

export type Asked<Body> =
  | { readonly kind: 'answered'; readonly body: Body; readonly serverNowMs?: number }
  /** No token, or one that the service does not take (any more). */
  | { readonly kind: 'signed out' }
  /** The same question would be refused again. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** Worth asking again. */
  | { readonly kind: 'failed'; readonly detail: string; readonly retryAfterMs?: number }
  /** Nobody wants to know any more. */
  | { readonly kind: 'dropped' };

export interface Api {
  stores(signal: AbortSignal): Promise<Asked<StoresAnswer>>;
  /** The hours of one business day and their sum. */
  figures(scope: string, day: string, signal: AbortSignal): Promise<Asked<FiguresAnswer>>;
  topProducts(scope: string, day: string, limit: number, signal: AbortSignal): Promise<Asked<RankingAnswer>>;
}

export interface ApiParts {
  readonly apiUrl: string;
  readonly fetch: typeof fetch;
  /** The access token, renewed where it has to be; undefined where nobody is signed in. */
  readonly token: () => Promise<string | undefined>;
}

export function apiOver({ apiUrl, fetch, token }: ApiParts): Api {
  const base = apiUrl.replace(/\/+$/, '');

  async function ask<Schema extends v.GenericSchema>(
    schema: Schema,
    path: string,
    query: Record<string, string>,
    dropped: AbortSignal,
  ): Promise<Asked<v.InferOutput<Schema>>> {
    const search = new URLSearchParams(query).toString();
    const url = `${base}${path}${search === '' ? '' : `?${search}`}`;
    try {
      const accessToken = await token();
      if (accessToken === undefined) return { kind: 'signed out' };
      const response = await fetch(url, {
        headers: { authorization: `Bearer ${accessToken}` },
        cache: 'no-store',
        signal: AbortSignal.any([dropped, AbortSignal.timeout(ANSWER_MS_MAX)]),
      });
      if (!response.ok) return await failureOf(response);
      const parsed = v.safeParse(schema, await response.json());
      if (!parsed.success) {
        return { kind: 'failed', detail: `${path}: ${v.summarize(parsed.issues).slice(0, 300)}` };
      }
      const serverNowMs = Date.parse(response.headers.get('date') ?? '');
      return {
        kind: 'answered',
        body: parsed.output,
        ...(Number.isNaN(serverNowMs) ? {} : { serverNowMs }),
      };
    } catch (error) {
      if (dropped.aborted) return { kind: 'dropped' };
      return { kind: 'failed', detail: error instanceof Error ? error.message : String(error) };
    }
  }

  return {
    stores: (signal) => ask(StoresAnswer, '/v1/stores', {}, signal),
    figures: (scope, day, signal) =>
      ask(FiguresAnswer, '/v1/figures', { scope, from: day, to: day, grain: 'hour' }, signal),
    topProducts: (scope, day, limit, signal) =>
      ask(RankingAnswer, '/v1/products/top', { scope, from: day, to: day, limit: String(limit) }, signal),
  };
}

async function failureOf(response: Response): Promise<Asked<never>> {
  if (response.status === 401) return { kind: 'signed out' };
  const problem = v.safeParse(Problem, await response.json().catch(() => undefined));
  const detail = problem.success
    ? (problem.output.detail ?? problem.output.title)
    : `${response.status} ${response.statusText}`.trim();
  const mayPass = response.status >= 500 || response.status === 429 || response.status === 408;
  if (!mayPass) return { kind: 'refused', detail };
  const retryAfterS = Number(response.headers.get('retry-after') ?? Number.NaN);
  return {
    kind: 'failed',
    detail,
    ...(Number.isFinite(retryAfterS) ? { retryAfterMs: retryAfterS * 1000 } : {}),
  };
}
