import { describe, expect, it } from 'vitest';
import { problem } from '#contracts/http/problems.ts';
import { createApi } from '#web/wire/api.ts';
import { DAY, figuresAnswer, rankingAnswer, storesAnswer } from '../support/fixtures.ts';

interface Sent {
  readonly url: string;
  readonly authorization: string | null;
}

function api(answer: () => Response | Promise<Response>, token: string | undefined = 'a-token') {
  const sent: Sent[] = [];
  const client = createApi({
    apiUrl: 'https://api.example.com/',
    token: async () => token,
    fetch: async (url, init) => {
      init?.signal?.throwIfAborted();
      sent.push({ url: String(url), authorization: new Headers(init?.headers).get('authorization') });
      return await answer();
    },
  });
  return { client, sent };
}

const json = (body: unknown, status = 200, headers = {}) => Response.json(body, { status, headers });
const signal = () => new AbortController().signal;

describe('a request to the API', () => {
  it('sends the token and queries the day by hour', async () => {
    const { client, sent } = api(() => json(figuresAnswer()));
    const result = await client.figures('store:sz01', DAY, signal());
    expect(result).toMatchObject({ kind: 'ok', body: { scope: 'store:sz01' } });
    expect(sent).toEqual([
      {
        url: `https://api.example.com/v1/figures?scope=store%3Asz01&from=${DAY}&to=${DAY}&grain=hour`,
        authorization: 'Bearer a-token',
      },
    ]);
  });

  it('is not sent without a token', async () => {
    const client = createApi({
      apiUrl: '',
      token: async () => undefined,
      fetch: () => expect.unreachable('no request may be sent'),
    });
    expect(await client.stores(signal())).toEqual({ kind: 'signed out' });
  });

  it('returns the time of the Date header', async () => {
    const { client } = api(() => json(storesAnswer(), 200, { date: 'Sun, 22 Nov 2026 07:05:00 GMT' }));
    expect(await client.stores(signal())).toMatchObject({ serverNowMs: Date.parse(`${DAY}T07:05:00Z`) });
  });
});

describe('an API response', () => {
  it('is a failure where it violates its contract', async () => {
    const { client } = api(() => json({ ...rankingAnswer(), products: [{ rank: 1 }] }));
    const result = await client.topProducts('chain', DAY, 10, signal());
    expect(result).toMatchObject({ kind: 'failed', detail: expect.stringContaining('/v1/products/top') });
  });

  it.each([
    [401, { kind: 'signed out' }],
    [403, { kind: 'rejected', detail: 'because' }],
    [404, { kind: 'rejected', detail: 'because' }],
    [429, { kind: 'failed', detail: 'because', retryAfterMs: 5_000 }],
    [500, { kind: 'failed', detail: 'because', retryAfterMs: 5_000 }],
    [503, { kind: 'failed', detail: 'because', retryAfterMs: 5_000 }],
  ])('becomes a result by its status (%i)', async (status, expected) => {
    const { client } = api(() => json(problem(status, 'some', 'because'), status, { 'retry-after': '5' }));
    expect(await client.stores(signal())).toEqual(expected);
  });

  it('is a failure with its status where it has no problem details', async () => {
    const { client } = api(() => new Response('<html>', { status: 502, statusText: 'Bad Gateway' }));
    expect(await client.stores(signal())).toEqual({ kind: 'failed', detail: '502 Bad Gateway' });
  });

  it('is a failure where the connection fails', async () => {
    const { client } = api(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(await client.stores(signal())).toEqual({ kind: 'failed', detail: 'Failed to fetch' });
  });

  it('is aborted where the caller has aborted the request', async () => {
    const { client } = api(() => json(storesAnswer()));
    expect(await client.stores(AbortSignal.abort())).toEqual({ kind: 'aborted' });
  });
});
