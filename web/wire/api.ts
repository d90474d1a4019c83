/**
 * The API client. Every response is validated against its contract, and errors are values, because a lost connection is
 * normal on a shop floor.
 */
import * as v from 'valibot';
import { FiguresResponse, RankingResponse, StoresResponse } from '#contracts/http/figures.ts';
import { Problem } from '#contracts/http/problems.ts';

const REQUEST_TIMEOUT_MS = 10_000;

export type ApiResult<Body> =
  | { readonly kind: 'ok'; readonly body: Body; readonly serverNowMs?: number }
  /** No token, or one that the service rejects. */
  | { readonly kind: 'signed out' }
  /** A retry would be rejected again. */
  | { readonly kind: 'rejected'; readonly detail: string }
  /** A retry may succeed. */
  | { readonly kind: 'failed'; readonly detail: string; readonly retryAfterMs?: number }
  /** Aborted by the caller. */
  | { readonly kind: 'aborted' };

export interface Api {
  stores(signal: AbortSignal): Promise<ApiResult<StoresResponse>>;
  /** Queries the figures of one business day: in total and by hour. */
  figures(scope: string, day: string, signal: AbortSignal): Promise<ApiResult<FiguresResponse>>;
  topProducts(
    scope: string,
    day: string,
    limit: number,
    signal: AbortSignal,
  ): Promise<ApiResult<RankingResponse>>;
}

export interface ApiOptions {
  readonly apiUrl: string;
  readonly fetch: typeof fetch;
  /** Returns the access token, renewed if needed; undefined where no user is signed in. */
  readonly token: () => Promise<string | undefined>;
}

/** Creates an API client. Its methods return a result for every outcome and never throw. */
export function createApi({ apiUrl, fetch, token }: ApiOptions): Api {
  const base = apiUrl.replace(/\/+$/, '');

  async function get<Schema extends v.GenericSchema>(
    schema: Schema,
    path: string,
    query: Record<string, string>,
    abort: AbortSignal,
  ): Promise<ApiResult<v.InferOutput<Schema>>> {
    const search = new URLSearchParams(query).toString();
    const url = `${base}${path}${search === '' ? '' : `?${search}`}`;
    try {
      const accessToken = await token();
      if (accessToken === undefined) return { kind: 'signed out' };
      const response = await fetch(url, {
        headers: { authorization: `Bearer ${accessToken}` },
        cache: 'no-store',
        signal: AbortSignal.any([abort, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
      });
      if (!response.ok) return await failureOf(response);
      const parsed = v.safeParse(schema, await response.json());
      if (!parsed.success) {
        return { kind: 'failed', detail: `${path}: ${v.summarize(parsed.issues).slice(0, 300)}` };
      }
      const serverNowMs = Date.parse(response.headers.get('date') ?? '');
      return {
        kind: 'ok',
        body: parsed.output,
        ...(Number.isNaN(serverNowMs) ? {} : { serverNowMs }),
      };
    } catch (error) {
      if (abort.aborted) return { kind: 'aborted' };
      return { kind: 'failed', detail: error instanceof Error ? error.message : String(error) };
    }
  }

  return {
    stores: (signal) => get(StoresResponse, '/v1/stores', {}, signal),
    figures: (scope, day, signal) =>
      get(FiguresResponse, '/v1/figures', { scope, from: day, to: day, grain: 'hour' }, signal),
    topProducts: (scope, day, limit, signal) =>
      get(RankingResponse, '/v1/products/top', { scope, from: day, to: day, limit: String(limit) }, signal),
  };
}

async function failureOf(response: Response): Promise<ApiResult<never>> {
  if (response.status === 401) return { kind: 'signed out' };
  const problem = v.safeParse(Problem, await response.json().catch(() => undefined));
  const detail = problem.success
    ? (problem.output.detail ?? problem.output.title)
    : `${response.status} ${response.statusText}`.trim();
  const isRetryable = response.status >= 500 || response.status === 429 || response.status === 408;
  if (!isRetryable) return { kind: 'rejected', detail };
  const retryAfterS = Number(response.headers.get('retry-after') ?? Number.NaN);
  return {
    kind: 'failed',
    detail,
    ...(Number.isFinite(retryAfterS) ? { retryAfterMs: retryAfterS * 1000 } : {}),
  };
}
