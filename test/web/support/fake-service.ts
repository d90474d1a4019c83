/**
 * A fake service for the page on one port: the built files with their deployed content security policy, an issuer that signs
 * in without a password, and an API with responses set by the test.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { FiguresResponse, RankingResponse, StoresResponse } from '#contracts/http/figures.ts';
import { figuresAnswer, rankingAnswer, storesAnswer } from './fixtures.ts';

/** The policy of the site's construct; a violation is blocked by the browser and reported to the test's console. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

export interface FakeService {
  readonly url: string;
  /** The API's responses; a test may change them while the page is open. */
  answers: { figures: FiguresResponse; ranking: RankingResponse; stores: StoresResponse };
  /** While set, every API response has this status. */
  failing: number | undefined;
  /** The API requests: path with query, and the authorization header. */
  readonly requests: Array<{ readonly path: string; readonly authorization: string | undefined }>;
  close(): Promise<void>;
}

const part = (claims: object): string => Buffer.from(JSON.stringify(claims)).toString('base64url');

/** Starts the service on a free port, serving the built app from a folder. */
export async function startFakeService(dir: string): Promise<FakeService> {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = `${url}/oidc`;

  const service: FakeService = {
    url,
    answers: { figures: figuresAnswer(), ranking: rankingAnswer(), stores: storesAnswer() },
    failing: undefined,
    requests: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    const json = (status: number, body: unknown, headers = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));

    if (pathname === '/config.json') return void json(200, { issuer, clientId: 'web', apiUrl: url });
    if (pathname === '/oidc/.well-known/openid-configuration') {
      return void json(200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        end_session_endpoint: `${issuer}/end`,
      });
    }
    if (pathname === '/oidc/authorize') {
      const back = new URL(searchParams.get('redirect_uri') ?? url);
      back.searchParams.set('code', 'once');
      back.searchParams.set('state', searchParams.get('state') ?? '');
      return void response.writeHead(302, { location: back.href }).end();
    }
    if (pathname === '/oidc/end') return void response.writeHead(302, { location: `${url}/` }).end();
    if (pathname === '/oidc/token') {
      const nowS = Math.floor(Date.now() / 1000);
      const claims = { iss: issuer, aud: 'web', sub: 'li', name: 'Li Na', iat: nowS, exp: nowS + 1800 };
      return void json(200, {
        access_token: 'a-token',
        id_token: `${part({ alg: 'none' })}.${part(claims)}.`,
        token_type: 'Bearer',
        expires_in: 1800,
        scope: 'openid profile',
      });
    }
    if (pathname.startsWith('/v1/')) {
      service.requests.push({ path: request.url ?? '', authorization: request.headers.authorization });
      if (service.failing !== undefined)
        return void json(service.failing, {
          type: 'about:blank',
          title: 'Internal server error',
          status: service.failing,
        });
      if (pathname === '/v1/stores') return void json(200, service.answers.stores);
      if (pathname === '/v1/products/top') return void json(200, service.answers.ranking);
      return void json(200, { ...service.answers.figures, scope: searchParams.get('scope') });
    }
    const file = pathname === '/' ? 'index.html' : pathname.slice(1);
    const bytes = await readFile(join(dir, file)).catch(() => undefined);
    if (bytes === undefined) return void response.writeHead(404).end();
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': CONTENT_POLICY,
    });
    response.end(bytes);
  }

  return service;
}
