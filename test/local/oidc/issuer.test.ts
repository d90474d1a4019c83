/** The sign-in as a browser performs it, with cookies and redirects, and the tokens it results in. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Issuer, openIssuer } from '#local/servers/oidc/issuer.ts';

const STAFF = [
  { id: 'boss', name: '陈静', groups: ['role:boss', 'scope:chain'] },
  { id: 'lead', name: '<b>李', groups: ['role:store-manager', 'scope:store:sz01'] },
];
const CLIENT_ID = 'aisle-web';

let issuer: Issuer;
const server = createServer((message, response) => void issuer.handle(message, response));
const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const home = () => `${origin()}/`;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = await openIssuer({ origin: origin(), clientId: CLIENT_ID, staff: STAFF });
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Returns a client that stores cookies and follows redirects up to the app's own page. */
function browser() {
  const jar = new Map<string, string>();
  return async function visit(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(new URL(url, origin()), {
      ...init,
      redirect: 'manual',
      headers: { cookie },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    const location = response.headers.get('location');
    if (!location || new URL(location, origin()).pathname === '/') return response;
    return visit(location);
  };
}

async function signIn(member: string, visit = browser()) {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: CLIENT_ID,
    redirect_uri: home(),
    response_type: 'code',
    scope: 'openid profile',
    state: 's1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const first = await visit(`/oidc/auth?${query}`);
  const page = await first.text();
  const action = /action="([^"]+)"/.exec(page)?.[1];
  if (!action)
    return { page, location: new URL(first.headers.get('location') ?? 'missing:'), visit, verifier };
  const back = await visit(action, { method: 'POST', body: new URLSearchParams({ person: member }) });
  const location = new URL(back.headers.get('location') ?? 'missing:');
  return { page, location, visit, verifier };
}

const redeem = async (form: Record<string, string>) => {
  const response = await fetch(`${origin()}/oidc/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: CLIENT_ID, ...form }),
  });
  return { status: response.status, body: await response.json() };
};

const redeemCode = (location: URL, code_verifier: string) =>
  redeem({
    grant_type: 'authorization_code',
    code: location.searchParams.get('code') ?? '',
    redirect_uri: home(),
    code_verifier,
  });

describe('the local issuer', () => {
  it('publishes its endpoints, all below its own path', async () => {
    const discovery = await (await fetch(`${origin()}/oidc/.well-known/openid-configuration`)).json();
    expect(discovery).toMatchObject({
      issuer: `${origin()}/oidc`,
      authorization_endpoint: `${origin()}/oidc/auth`,
      token_endpoint: `${origin()}/oidc/token`,
      jwks_uri: `${origin()}/oidc/jwks`,
      end_session_endpoint: `${origin()}/oidc/session/end`,
      code_challenge_methods_supported: ['S256'],
    });
  });

  it('lists the staff on the sign-in page, with names escaped', async () => {
    const { page } = await signIn('boss');
    expect(page).toContain('陈静');
    expect(page).toContain('老板，全部门店');
    expect(page).toContain('Owner, every store');
    expect(page).not.toContain('<b>李');
  });

  it('redirects to the app with a code for tokens with Cognito’s claims', async () => {
    const { location, verifier } = await signIn('boss');
    expect(location.origin).toBe(origin());
    expect(location.searchParams.get('state')).toBe('s1');
    const { status, body } = await redeemCode(location, verifier);
    expect(status).toBe(200);

    const keys = createRemoteJWKSet(new URL(`${origin()}/oidc/jwks`));
    const access = await jwtVerify(body.access_token, keys, { issuer: `${origin()}/oidc` });
    expect(access.protectedHeader.alg).toBe('RS256');
    expect(access.payload).toMatchObject({
      sub: 'boss',
      client_id: CLIENT_ID,
      token_use: 'access',
      'cognito:groups': ['role:boss', 'scope:chain'],
    });
    const id = await jwtVerify(body.id_token, keys, { audience: CLIENT_ID });
    expect(id.payload).toMatchObject({ sub: 'boss', name: '陈静' });
  });

  it('rejects a code with a wrong verifier', async () => {
    const { location } = await signIn('boss');
    expect((await redeemCode(location, 'x'.repeat(43))).body.error).toBe('invalid_grant');
  });

  it('issues a new access token for a refresh token', async () => {
    const { location, verifier } = await signIn('lead');
    const { body } = await redeemCode(location, verifier);
    const renewed = await redeem({ grant_type: 'refresh_token', refresh_token: body.refresh_token });
    expect(decodeJwt(renewed.body.access_token)).toMatchObject({
      sub: 'lead',
      'cognito:groups': ['role:store-manager', 'scope:store:sz01'],
    });
  });

  it('keeps the session until the sign-out', async () => {
    const { location, verifier, visit } = await signIn('boss');
    const { body } = await redeemCode(location, verifier);
    const again = await signIn('lead', visit);
    expect(again.location.searchParams.has('code')).toBe(true);
    const query = new URLSearchParams({ id_token_hint: body.id_token, post_logout_redirect_uri: home() });
    const page = await (await visit(`/oidc/session/end?${query}`)).text();
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const out = await visit('/oidc/session/end/confirm', {
      method: 'POST',
      body: new URLSearchParams({ xsrf, logout: 'yes' }),
    });
    expect(out.headers.get('location')).toBe(home());
    expect((await signIn('boss', visit)).page).toContain('陈静');
  });

  it('rejects a redirect to another origin', async () => {
    const query = new URLSearchParams({
      client_id: CLIENT_ID,
      redirect_uri: 'https://evil.example/',
      response_type: 'code',
      scope: 'openid',
    });
    const response = await browser()(`/oidc/auth?${query}`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('没有完成');
  });
});

describe('the token endpoint for scripts', () => {
  const tokenFor = (member: string) => fetch(`${origin()}/oidc/token-for?person=${member}`);

  it('returns a token with the claims that the sign-in leads to', async () => {
    const body = await (await tokenFor('lead')).json();
    const keys = createRemoteJWKSet(new URL(`${origin()}/oidc/jwks`));
    const { payload } = await jwtVerify(body.access_token, keys, { issuer: `${origin()}/oidc` });
    expect(payload).toMatchObject({
      sub: 'lead',
      client_id: CLIENT_ID,
      token_use: 'access',
      'cognito:groups': ['role:store-manager', 'scope:store:sz01'],
    });
    expect(payload).not.toHaveProperty('aud');
    expect(body.expires_in).toBe(1800);
  });

  it('returns 404 and the valid ids for an unknown id', async () => {
    const response = await tokenFor('missing');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ people: ['boss', 'lead'] });
  });

  it('rejects a request whose host is not this machine', async () => {
    const status = await new Promise((resolve) => {
      const headers = { host: 'rebound.example' };
      request(`${origin()}/oidc/token-for?person=boss`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(403);
  });
});

describe('the signing key', () => {
  it('is the same after a restart on the same data folder, so tokens stay valid', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'aisle-oidc-'));
    const open = () => openIssuer({ origin: origin(), clientId: CLIENT_ID, staff: STAFF, dataDir });
    const previous = issuer;
    issuer = await open();
    const { access_token } = await (await fetch(`${origin()}/oidc/token-for?person=boss`)).json();
    issuer = await open();
    const keys = createRemoteJWKSet(new URL(`${origin()}/oidc/jwks`));
    await expect(jwtVerify(access_token, keys)).resolves.toBeDefined();
    issuer = previous;
    rmSync(dataDir, { recursive: true });
  });
});
