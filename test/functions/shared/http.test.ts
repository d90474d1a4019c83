import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import { FiguresQuery, RankingQuery } from '#contracts/http/figures.ts';
import { problem } from '#contracts/http/problems.ts';
import {
  HttpProblem,
  httpHandler,
  jsonBody,
  parsedQuery,
  validatedResponse,
} from '#functions/shared/http.ts';
import { httpEvent, LAMBDA_CONTEXT, type Request } from '../../support/http-event.ts';

const BYTES_MAX = 100;
const read = (request: Request): unknown => jsonBody(httpEvent(request), BYTES_MAX);
const refusalOf = (act: () => unknown) => {
  try {
    return { value: act() };
  } catch (error) {
    if (error instanceof HttpProblem) return { status: error.problem.status, type: error.problem.type };
    throw error;
  }
};
const refused = (status: number, name: string) => ({ status, type: `urn:aisle:problem:${name}` });
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('a JSON body', () => {
  it('is read as text or in base64', () => {
    expect(read({ body: '{"a":"深圳"}' })).toEqual({ a: '深圳' });
    expect(read({ body: Buffer.from('{"a":"深圳"}') })).toEqual({ a: '深圳' });
  });

  it.each([
    'application/json',
    'Application/JSON; charset=utf-8',
    'application/problem+json',
    'application/json ;a=b',
  ])('is accepted as %s', (contentType) => {
    expect(read({ body: '1', contentType })).toBe(1);
  });

  it.each([
    '',
    'text/plain',
    'application/jsonp',
    'text/json',
    'application/xml',
    'application/x-www-form-urlencoded',
  ])('is rejected as %j', (contentType) => {
    expect(refusalOf(() => read({ body: '1', contentType }))).toEqual(refused(415, 'not-json'));
  });

  it('is limited in bytes and not in characters, as text or in base64', () => {
    const text = (characters: number) => `"${'深'.repeat(characters)}"`;
    for (const form of [(one: string) => one, (one: string) => Buffer.from(one)]) {
      expect(read({ body: form(text(32)) })).toBe('深'.repeat(32));
      expect(refusalOf(() => read({ body: form(text(33)) }))).toEqual(refused(413, 'too-large'));
      expect(refusalOf(() => read({ body: form('1'.repeat(1_000_000)) }))).toEqual(refused(413, 'too-large'));
    }
  });

  it('is rejected where it is not UTF-8', () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc3, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0xff, 0xfe, 0x31, 0x00],
    ]) {
      expect(refusalOf(() => read({ body: Uint8Array.from(bytes) }))).toEqual(refused(400, 'not-utf8'));
    }
    expect(refusalOf(() => read({ body: '"\ufffd"' }))).toEqual(refused(400, 'not-utf8'));
  });

  it('is rejected with a key that occurs twice with two values', () => {
    for (const body of [
      '{"a":1,"a":2}',
      '{"a":1,"\\u0061":2}',
      '{"x":{"a":[1],"a":[2]}}',
      '{"__proto__":1,"__proto__":2}',
    ]) {
      expect(
        refusalOf(() => read({ body })),
        body,
      ).toEqual(refused(400, 'not-json'));
    }
    expect(read({ body: '{"a":[1],"a":[1]}' })).toEqual({ a: [1] });
  });

  it('is nested 32 levels at most; brackets in strings do not count', () => {
    expect(refusalOf(() => read({ body: nested(32) }))).toHaveProperty('value');
    expect(refusalOf(() => read({ body: nested(33) }))).toEqual(refused(400, 'too-deep'));
    expect(refusalOf(() => jsonBody(httpEvent({ body: nested(400_000) }), 1_000_000))).toEqual(
      refused(400, 'too-deep'),
    );
    const text = `[\\"${'['.repeat(60)}`;
    expect(read({ body: `"${text}"` })).toBe(`["${'['.repeat(60)}`);
  });

  it.each([
    '',
    ' ',
    '{',
    '{"a":1,}',
    '[1,]',
    '01',
    '1.',
    'NaN',
    "{'a':1}",
    '{"a":1} x',
    '"\u0000"',
    '"\\x"',
    '\ufeff1',
    'undefined',
  ])('is rejected as invalid JSON: %j', (body) => {
    expect(refusalOf(() => read({ body }))).toEqual(refused(400, 'not-json'));
  });

  it('reads a number exactly, and as NaN where a double cannot hold it', () => {
    for (const [text, value] of [
      ['2.550', 2.55],
      ['1e3', 1000],
      ['-0', -0],
      ['123456789012345', 123456789012345],
    ] as const) {
      expect(read({ body: text })).toBe(value);
    }
    for (const text of [
      '0.99999999999999999',
      '9007199254740993',
      '1e400',
      '2.5500000000000000001',
      '1e-400',
    ]) {
      expect(read({ body: text }), text).toBeNaN();
    }
  });

  it('is refused in clear words where it is compressed or begins with a byte order mark (V12)', () => {
    expect(() => read({ body: '\uFEFF{"a":1}' })).toThrow(/byte order mark/);
    const event = httpEvent({ body: '{"a":1}' });
    const compressed = { ...event, headers: { ...event.headers, 'content-encoding': 'gzip' } };
    expect(refusalOf(() => jsonBody(compressed, BYTES_MAX))).toEqual(refused(415, 'encoding-not-supported'));
    const plain = { ...event, headers: { ...event.headers, 'content-encoding': 'identity' } };
    expect(jsonBody(plain, BYTES_MAX)).toEqual({ a: 1 });
  });

  it('reads measurements as doubles, with as many digits as a phone prints (P11)', () => {
    const measured = (body: string) => jsonBody(httpEvent({ body }), BYTES_MAX, 'double');
    expect(measured('37.785834000000001')).toBe(37.785834);
    expect(measured('-122.40641700000000455')).toBe(-122.406417);
    expect(measured('0.10000000000000001')).toBe(0.1);
    expect(measured('1e400')).toBeNaN();
    fc.assert(
      fc.property(fc.double({ min: -180, max: 180, noNaN: true }), (degrees) => {
        // 17 digits name one double; the sign of zero is not printed.
        expect(measured(degrees.toPrecision(17))).toBe(degrees + 0);
      }),
    );
  });

  it('does not treat inherited keys as fields', () => {
    const body = read({ body: '{"__proto__":{"till":"T1"},"constructor":1}' }) as { till?: string };
    expect(body.till).toBeUndefined();
    expect(Object.keys(body)).toEqual(['__proto__', 'constructor']);
  });
});

describe('a query', () => {
  const schema = v.object({ scope: v.string('is missing'), to: v.picklist(['a'], 'must be a') });

  it('is rejected with all its errors, each with its name', () => {
    const act = () => parsedQuery(schema, httpEvent({ query: { to: 'b' } }));
    expect(act).toThrow(HttpProblem);
    try {
      act();
    } catch (error) {
      expect((error as HttpProblem).problem.errors?.map(({ pointer }) => pointer)).toEqual(['?scope', '?to']);
    }
    expect(refusalOf(() => parsedQuery(schema, httpEvent({})))).toEqual(refused(400, 'invalid-query'));
    expect(parsedQuery(schema, httpEvent({ query: { scope: 'x', to: 'a' } }))).toEqual({
      scope: 'x',
      to: 'a',
    });
  });
});

describe('the query of a reading request', () => {
  const reading = (query: Record<string, string>) => {
    const event = httpEvent({ query });
    return { ...event, requestContext: { ...event.requestContext, http: { method: 'GET' } } } as typeof event;
  };
  const errorsOf = (act: () => unknown) => {
    try {
      act();
      return [];
    } catch (error) {
      return (error as HttpProblem).problem.errors;
    }
  };

  it('names a missing parameter in plain words (R23)', () => {
    const { from: _, ...query } = { scope: 'store:sz01', from: '', to: '2026-11-22' };
    expect(errorsOf(() => parsedQuery(FiguresQuery, reading(query)))).toEqual([
      { pointer: '?from', detail: 'is missing' },
    ]);
  });

  it('is refused with a parameter that the request does not know (R23)', async () => {
    const query = { scope: 'chain', from: '2026-11-22', to: '2026-11-22', order: 'asc' };
    expect(errorsOf(() => parsedQuery(RankingQuery, reading(query)))).toEqual([
      {
        pointer: '?order',
        detail: 'is not a parameter of this request; it takes scope, from, to, by, limit',
      },
    ]);
    const answer = (more: object) =>
      httpHandler({ serviceName: 'test', handle: async () => ({ status: 200, body: 'x' }), ...more })(
        reading({ page: '2' }),
        LAMBDA_CONTEXT,
      );
    expect(await answer({})).toMatchObject({
      statusCode: 400,
      body: expect.stringContaining('it takes none'),
    });
    expect(await answer({ ignoresUnknownQuery: true })).toMatchObject({ statusCode: 200 });
  });
});

describe('a response', () => {
  const run = (handle: Parameters<typeof httpHandler>[0]['handle']) =>
    httpHandler({ serviceName: 'test', handle })(httpEvent({}), LAMBDA_CONTEXT);

  it('is JSON, or plain text', async () => {
    expect(await run(async () => validatedResponse(v.object({ a: v.number() }), { a: 1 }))).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: '{"a":1}',
    });
    expect(await run(async () => ({ status: 200, body: 'x' }))).toMatchObject({
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: 'x',
    });
  });

  it('holds problem details where the caller can correct the request', async () => {
    const answer = await run(async () => {
      throw new HttpProblem(problem(401, 'invalid-key', 'The key is unknown.'), {
        'www-authenticate': 'Bearer',
      });
    });
    expect(answer).toMatchObject({
      statusCode: 401,
      headers: { 'content-type': 'application/problem+json', 'www-authenticate': 'Bearer' },
    });
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ status: 401, detail: 'The key is unknown.' });
  });

  it('holds an id and no detail for any other error, a broken contract included', async () => {
    // The logger writes to the console only in its development mode.
    vi.stubEnv('POWERTOOLS_DEV', 'true');
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    for (const fail of [
      async () => {
        throw new Error('secret 4711');
      },
      async () => validatedResponse(v.object({ a: v.number() }), { a: '4711' as never }),
    ]) {
      const answer = await run(fail);
      expect(answer.statusCode).toBe(500);
      expect(answer.body).not.toContain('4711');
      const instance: unknown = JSON.parse(answer.body ?? '').instance;
      expect(instance).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
      expect(logged.mock.lastCall?.[0]).toContain(instance);
    }
    logged.mockRestore();
    vi.unstubAllEnvs();
  });
});
