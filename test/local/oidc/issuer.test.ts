/** The whole sign-in as a browser does it, cookies and redirects and all, and the tokens that come of it. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Issuer, openIssuer } from '#local/servers/oidc/issuer.ts';

const PEOPLE = [
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
  issuer = await openIssuer({ origin: origin(), clientId: CLIENT_ID, people: PEOPLE });
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** A browser as far as a sign-in needs one: it keeps cookies and can be told where to stop. */
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

async function signIn(person: string, visit = browser()) {
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
    return { page, location: new URL(first.headers.get('location') ?? 'nowhere:'), visit, verifier };
  const back = await visit(action, { method: 'POST', body: new URLSearchParams({ person }) });
  const location = new URL(back.headers.get('location') ?? 'nowhere:');
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
  it('publishes where everything is, below its own path', async () => {
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

  it('asks who one is, and takes no markup for a name', async () => {
    const { page } = await signIn('boss');
    expect(page).toContain('陈静');
    expect(page).toContain('老板，全部门店');
    expect(page).toContain('Owner, every store');
    expect(page).not.toContain('<b>李');
  });

  it('leads back to the app with a code for tokens as Cognito makes them', async () => {
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

  it('gives nothing for a code without its verifier', async () => {
    const { location } = await signIn('boss');
    expect((await redeemCode(location, 'x'.repeat(43))).body.error).toBe('invalid_grant');
  });

  it('renews a token', async () => {
    const { location, verifier } = await signIn('lead');
    const { body } = await redeemCode(location, verifier);
    const renewed = await redeem({ grant_type: 'refresh_token', refresh_token: body.refresh_token });
    expect(decodeJwt(renewed.body.access_token)).toMatchObject({
      sub: 'lead',
      'cognito:groups': ['role:store-manager', 'scope:store:sz01'],
    });
  });

  it('knows one again until one signs out', async () => {
    const { location, verifier, visit } = await signIn('boss');
    const { body } = await redeemCode(location, verifier);
    const again = await signIn('nobody asked', visit);
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

  it('sends nobody to a stranger', async () => {
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

describe('the shortcut for scripts', () => {
  const tokenFor = (person: string) => fetch(`${origin()}/oidc/token-for?person=${person}`);

  it('gives the token the sign-in would have led to', async () => {
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

  it('says who there is when nobody has the id', async () => {
    const response = await tokenFor('nobody');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ people: ['boss', 'lead'] });
  });

  it('is closed to a page that reached this machine under another name', async () => {
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
  it('outlives the issuer where data is kept, so tokens do, too', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'aisle-oidc-'));
    const open = () => openIssuer({ origin: origin(), clientId: CLIENT_ID, people: PEOPLE, dataDir });
    const keep = issuer;
    issuer = await open();
    const { access_token } = await (await fetch(`${origin()}/oidc/token-for?person=boss`)).json();
    issuer = await open();
    const keys = createRemoteJWKSet(new URL(`${origin()}/oidc/jwks`));
    await expect(jwtVerify(access_token, keys)).resolves.toBeDefined();
    issuer = keep;
    rmSync(dataDir, { recursive: true });
  });
});
