/** The two authorizers: the requests that they allow, and the context that the function receives. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clock } from '#local/servers/wire/clock.ts';
import type { JwtAuthorizerDescription, LambdaAuthorizerDescription } from '#local/template/description.ts';
import { type Gateway, type Handler, openGateway } from './gateway.ts';

describe('the JWT authorizer', () => {
  const keys = generateKeyPair('RS256');
  const otherKeys = generateKeyPair('RS256');
  const issuerServer = createServer(async (message, response) => {
    const answer = message.url?.startsWith('/.well-known')
      ? { jwks_uri: `${issuer()}/jwks` }
      : { keys: [{ ...(await exportJWK((await keys).publicKey)), kid: 'k1', alg: 'RS256' }] };
    response.end(JSON.stringify(answer));
  });
  const issuer = () => `http://127.0.0.1:${(issuerServer.address() as AddressInfo).port}`;
  let gateway: Gateway;

  beforeAll(async () => {
    await new Promise<void>((resolve) => issuerServer.listen(0, '127.0.0.1', resolve));
    const authorizer: JwtAuthorizerDescription = {
      kind: 'jwt',
      authorizerId: 'people',
      identitySources: ['$request.header.Authorization'],
      issuer: issuer(),
      audience: ['aisle-web'],
    };
    gateway = await openGateway({
      routes: [
        { routeKey: 'GET /x', authorizer },
        { routeKey: 'GET /scoped', authorizer, scopes: ['figures/read'] },
      ],
      functions: { main: (event) => event.requestContext.authorizer },
    });
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    issuerServer.closeAllConnections();
    await new Promise((resolve) => issuerServer.close(resolve));
  });

  const now = () => Math.floor(Date.now() / 1000);
  const validClaims = (): JWTPayload => ({
    iss: issuer(),
    client_id: 'aisle-web',
    sub: 'boss',
    exp: now() + 60,
  });
  const sign = async (claims: JWTPayload, by = keys) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign((await by).privateKey);
  const get = async (token: string | undefined, path = '/x') =>
    fetch(gateway.url + path, token === undefined ? {} : { headers: { authorization: token } });

  it('passes claims on as text, lists in brackets', async () => {
    const exp = now() + 60;
    const token = await sign({ ...validClaims(), exp, 'cognito:groups': ['role:boss', 'scope:chain'] });
    const response = await get(`Bearer ${token}`);
    expect(await response.json()).toEqual({
      jwt: {
        claims: {
          iss: issuer(),
          client_id: 'aisle-web',
          sub: 'boss',
          exp: String(exp),
          'cognito:groups': '[role:boss scope:chain]',
        },
        scopes: null,
      },
    });
  });

  it('checks the audience rather than the client id where there is one', async () => {
    expect((await get(await sign({ ...validClaims(), aud: 'aisle-web', client_id: 'x' }))).status).toBe(200);
    expect((await get(await sign({ ...validClaims(), aud: 'other' }))).status).toBe(401);
  });

  it('denies a request without a token with 401 and a challenge', async () => {
    const response = await get(undefined);
    expect([response.status, await response.text()]).toEqual([401, '{"message":"Unauthorized"}']);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each<[string, () => Promise<string>]>([
    ['is malformed', async () => 'nonsense'],
    ['is signed with another key', () => sign(validClaims(), otherKeys)],
    ['has expired', () => sign({ ...validClaims(), exp: now() - 1 })],
    ['has no expiry', () => sign({ iss: issuer(), client_id: 'aisle-web' })],
    ['is not valid yet', () => sign({ ...validClaims(), nbf: now() + 60 })],
    ['is of another issuer', () => sign({ ...validClaims(), iss: 'https://elsewhere.example' })],
    ['is for another client', () => sign({ ...validClaims(), client_id: 'other' })],
    [
      'claims to be unsigned',
      async () => `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify(validClaims()))}.`,
    ],
  ])('denies a token that %s', async (_, make) => {
    const response = await get(`Bearer ${await make()}`);
    expect([response.status, await response.text()]).toEqual([401, '{"message":"Unauthorized"}']);
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('denies a token without the route’s scope', async () => {
    const response = await get(await sign({ ...validClaims(), scope: 'openid' }), '/scoped');
    expect([response.status, await response.text()]).toEqual([403, '{"message":"Forbidden"}']);
    const allowed = await get(await sign({ ...validClaims(), scope: 'openid figures/read' }), '/scoped');
    expect(await allowed.json()).toMatchObject({ jwt: { scopes: ['figures/read'] } });
  });

  it('never logs the token', async () => {
    const token = await sign(validClaims());
    await get(`Bearer ${token}`);
    expect(JSON.stringify(gateway.lines)).not.toContain(token.slice(-20));
  });
});

describe('the Lambda authorizer', () => {
  const authorizer: LambdaAuthorizerDescription = {
    kind: 'lambda',
    authorizerId: 'devices',
    identitySources: ['$request.header.Authorization'],
    functionName: 'authorize',
    ttlMs: 30_000,
  };

  async function guarded(authorize: Handler, clock?: Clock) {
    const calls: unknown[] = [];
    const gateway = await openGateway({
      routes: [
        { routeKey: 'POST /x/{till}', authorizer },
        { routeKey: 'GET /y', authorizer },
      ],
      functions: {
        main: (event) => event.requestContext.authorizer,
        authorize: (event) => {
          calls.push(event);
          return authorize(event);
        },
      },
      options: clock ? { clock } : {},
    });
    const post = (key?: string) =>
      fetch(`${gateway.url}/x/t1?a=1`, {
        method: 'POST',
        body: 'b',
        headers: key ? { authorization: key } : {},
      });
    return { gateway, calls, post };
  }

  it('is invoked in payload format 2.0, and its context reaches the function', async () => {
    const { gateway, calls, post } = await guarded(() => ({
      isAuthorized: true,
      context: { deviceId: 'd1' },
    }));
    await using _ = gateway;
    expect(await (await post('key one')).json()).toEqual({ lambda: { deviceId: 'd1' } });
    expect(calls).toMatchObject([
      {
        version: '2.0',
        type: 'REQUEST',
        routeArn: 'arn:aws:execute-api:us-east-1:000000000000:api1/$default/POST/x/t1',
        identitySource: ['key one'],
        routeKey: 'POST /x/{till}',
        pathParameters: { till: 't1' },
        queryStringParameters: { a: '1' },
        requestContext: { http: { method: 'POST' } },
      },
    ]);
    expect(calls[0]).not.toHaveProperty('body');
  });

  it('is not invoked without the identity source, and the response is a 401', async () => {
    const { gateway, calls, post } = await guarded(() => ({ isAuthorized: true }));
    await using _ = gateway;
    const response = await post();
    expect([response.status, await response.text()]).toEqual([401, '{"message":"Unauthorized"}']);
    expect(calls).toEqual([]);
  });

  it('denies a request with 403', async () => {
    const { gateway, post } = await guarded(() => ({ isAuthorized: false }));
    await using _ = gateway;
    const response = await post('k');
    expect([response.status, await response.text()]).toEqual([403, '{"message":"Forbidden"}']);
  });

  it.each<[string, Handler]>([
    ['throws', () => Promise.reject(new Error('no table'))],
    ['returns neither decision', () => ({ principalId: 'x' })],
  ])('is a 500 when it %s, and is invoked again', async (_name, authorize) => {
    const { gateway, calls, post } = await guarded(authorize);
    await using _ = gateway;
    const response = await post('k');
    expect([response.status, await response.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
    await post('k');
    expect(calls).toHaveLength(2);
  });

  it('has its decision cached for its time to live, per identity, on every route', async () => {
    let now = 0;
    const clock: Clock = { nowMs: () => now, at: () => () => {} };
    const { gateway, calls, post } = await guarded(() => ({ isAuthorized: true, context: {} }), clock);
    await using _ = gateway;
    await post('k');
    await fetch(`${gateway.url}/y`, { headers: { authorization: 'k' } });
    now += 29_999;
    await post('k');
    expect(calls).toHaveLength(1);
    await post('another');
    expect(calls).toHaveLength(2);
    now += 1;
    await post('k');
    expect(calls).toHaveLength(3);
  });

  it('has a denial cached, too', async () => {
    const { gateway, calls, post } = await guarded(() => ({ isAuthorized: false }));
    await using _ = gateway;
    await post('k');
    await post('k');
    expect(calls).toHaveLength(1);
  });
});
