/** The event that a function receives: payload format 2.0, over a real socket. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, openGateway } from './gateway.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test may read any part of the echoed event.
type Echo = any;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway({ routes: [{ routeKey: 'ANY /{path+}' }] });
});
afterAll(() => gateway[Symbol.asyncDispose]());

const echo = async (path: string, init?: RequestInit): Promise<Echo> =>
  (await fetch(gateway.url + path, init)).json();

describe('the event of a request', () => {
  it('has the request, its time, its client and its route', async () => {
    const event = await echo('/v1/stores?day=1', { headers: { 'User-Agent': 'till/1.0' } });
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'ANY /{path+}',
      rawPath: '/v1/stores',
      rawQueryString: 'day=1',
      pathParameters: { path: 'v1/stores' },
      isBase64Encoded: false,
      requestContext: {
        apiId: 'api1',
        stage: '$default',
        routeKey: 'ANY /{path+}',
        requestId: expect.stringMatching(/^[\w]{15}=$/),
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
        http: {
          method: 'GET',
          path: '/v1/stores',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'till/1.0',
        },
      },
    });
    expect(event).not.toHaveProperty('body');
  });

  it('joins the values of a repeated query parameter by commas, decoded', async () => {
    const event = await echo('/x?a=1&a=2&name=%E6%B7%B1%E5%9C%B3');
    expect(event.queryStringParameters).toEqual({ a: '1,2', name: '深圳' });
    expect(event.rawQueryString).toBe('a=1&a=2&name=%E6%B7%B1%E5%9C%B3');
  });

  it('has no query parameters when none were sent', async () => {
    expect(await echo('/x')).not.toHaveProperty('queryStringParameters');
  });

  it('has a decoded path', async () => {
    expect((await echo('/caf%C3%A9%20one')).rawPath).toBe('/café one');
  });

  it('has lower-case header names, joined values, and cookies in a list of their own', async () => {
    const event = await new Promise<Echo>((resolve) => {
      const headers = ['X-Shelf', 'a', 'x-shelf', 'b', 'Cookie', 'one=1; two=2', 'Host', 'aisle.test'];
      const outgoing = request(`${gateway.url}/x`, { headers }, async (response) => {
        resolve(JSON.parse(Buffer.concat(await response.toArray()).toString()));
      });
      outgoing.end();
    });
    expect(event.headers).toEqual({
      'x-shelf': 'a,b',
      host: 'aisle.test',
      connection: 'keep-alive',
      'x-forwarded-proto': 'http',
    });
    expect(event.cookies).toEqual(['one=1', 'two=2']);
    expect(event.requestContext).toMatchObject({ domainName: 'aisle.test', domainPrefix: 'aisle' });
  });

  it.each(['application/json', 'application/problem+json; charset=utf-8', 'text/csv', 'application/xml'])(
    'carries a %s body as text',
    async (contentType) => {
      const event = await echo('/x', {
        method: 'POST',
        body: '{"店":1}',
        headers: { 'content-type': contentType },
      });
      expect(event).toMatchObject({ body: '{"店":1}', isBase64Encoded: false });
    },
  );

  it.each(['image/jpeg', 'application/octet-stream', 'application/x-www-form-urlencoded'])(
    'carries a %s body as base64',
    async (contentType) => {
      const body = Buffer.from([0xff, 0xd8, 0x00]);
      const event = await echo('/x', { method: 'POST', body, headers: { 'content-type': contentType } });
      expect(event).toMatchObject({ body: body.toString('base64'), isBase64Encoded: true });
    },
  );

  it('carries bytes that are not UTF-8 in a text body as U+FFFD', async () => {
    const body = Buffer.concat([Buffer.from('a'), Buffer.from([0xff]), Buffer.from('b')]);
    const event = await echo('/x', { method: 'POST', body, headers: { 'content-type': 'text/plain' } });
    expect(event.body).toBe('a\uFFFDb');
  });

  it('does not exist for a path that cannot be decoded', async () => {
    const response = await fetch(`${gateway.url}/%E0%A4%A`);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ message: 'Bad Request' });
  });
});
