/** The response for a function's return value, for its failure and for its timeout. */
import { describe, expect, it } from 'vitest';
import { type Handler, openGateway } from './gateway.ts';

async function returned(main: Handler, timeoutMs = 30_000) {
  await using gateway = await openGateway({
    routes: [{ routeKey: 'GET /x', timeoutMs }],
    functions: { main },
  });
  const response = await fetch(`${gateway.url}/x`);
  return {
    status: response.status,
    headers: response.headers,
    text: await response.text(),
    lines: gateway.lines,
  };
}

describe('a response', () => {
  it('has the status, headers, cookies and body that the function returned', async () => {
    const { status, headers, text } = await returned(() => ({
      statusCode: 201,
      headers: { 'Content-Type': 'text/csv', 'X-Count': 3 },
      cookies: ['a=1; Path=/', 'b=2'],
      body: '店,额',
    }));
    expect(status).toBe(201);
    expect(headers.get('content-type')).toBe('text/csv');
    expect(headers.get('x-count')).toBe('3');
    expect(headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2']);
    expect(text).toBe('店,额');
  });

  it('has a request id', async () => {
    expect((await returned(() => 1)).headers.get('apigw-requestid')).toMatch(/^\w{15}=$/);
  });

  it('is decoded from base64 where the function marks it', async () => {
    const { text } = await returned(() => ({ statusCode: 200, body: 'aGk=', isBase64Encoded: true }));
    expect(text).toBe('hi');
  });

  it('is a 200 with the returned value as JSON where that has no status', async () => {
    const { status, headers, text } = await returned(() => ({ stores: 3 }));
    expect([status, headers.get('content-type'), text]).toEqual([200, 'application/json', '{"stores":3}']);
  });

  it('is the bare string where the function returned a string', async () => {
    expect((await returned(() => 'hello')).text).toBe('hello');
  });

  it('has no body for a 204', async () => {
    const { status, text } = await returned(() => ({ statusCode: 204 }));
    expect([status, text]).toEqual([204, '']);
  });

  it.each<[string, unknown]>([
    ['a body that is no string', { statusCode: 200, body: { a: 1 } }],
    ['a status that is no number', { statusCode: 'fine' }],
    ['a status outside HTTP', { statusCode: 42 }],
    ['headers that are a list', { statusCode: 200, headers: [['a', 'b']] }],
  ])('is a 500 for %s', async (_, value) => {
    const { status, text } = await returned(() => value);
    expect([status, text]).toEqual([500, '{"message":"Internal Server Error"}']);
  });

  it('is a 500 without the cause when the function throws, and the log has the cause', async () => {
    const { status, text, lines } = await returned(() => {
      throw new Error('table gone');
    });
    expect([status, text]).toEqual([500, '{"message":"Internal Server Error"}']);
    expect(lines[0]).toMatchObject({ status: '500', error: expect.stringContaining('table gone') });
  });

  it('is a 503 when the function takes longer than the integration’s timeout', async () => {
    const { status, text } = await returned(() => new Promise(() => {}), 20);
    expect([status, text]).toEqual([503, '{"message":"Service Unavailable"}']);
  });

  it('is a 404 where no route matches', async () => {
    await using gateway = await openGateway({ routes: [{ routeKey: 'GET /x' }] });
    const response = await fetch(`${gateway.url}/y`, { method: 'POST', body: 'x' });
    expect([response.status, await response.text()]).toEqual([404, '{"message":"Not Found"}']);
  });
});
