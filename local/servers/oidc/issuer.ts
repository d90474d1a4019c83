/**
 * The local issuer: an OpenID provider under one path of the local cloud's origin, a sign-in page without
 * passwords, and an endpoint that returns tokens to scripts. It replaces Cognito; the web app uses both in
 * the same way.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { issueAccessToken } from './access-token.ts';
import { signInPage } from './pages.ts';
import { createProvider } from './provider.ts';
import { signingKey } from './signing-key.ts';
import type { StaffMember } from './staff.ts';

export interface IssuerOptions {
  /** Scheme, host and port that the issuer and the web app share. */
  readonly origin: string;
  readonly clientId: string;
  readonly staff: readonly StaffMember[];
  /** The folder of the signing key; without one, each start creates a new key. */
  readonly dataDir?: string | undefined;
}

export interface Issuer {
  readonly issuer: string;
  /** Returns whether the issuer handles this path. */
  owns(path: string): boolean;
  handle(message: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** The path of all the issuer's endpoints and pages. */
export const ISSUER_PATH = '/oidc';

const SIGN_IN_PATH = `${ISSUER_PATH}/choose/`;
/** The form has one field, an id. */
const FORM_BYTES_MAX = 1024;

/** Returns the issuer, with its signing key loaded or created. */
export async function openIssuer({ origin, clientId, staff, dataDir }: IssuerOptions): Promise<Issuer> {
  const issuer = origin + ISSUER_PATH;
  const key = await signingKey(dataDir);
  const provider = createProvider({
    issuer,
    clientId,
    key,
    staff,
    home: `${origin}/`,
    signInPath: (uid) => SIGN_IN_PATH + uid,
  });
  const protocol = provider.callback();

  async function signIn(message: IncomingMessage, response: ServerResponse): Promise<void> {
    if (message.method === 'POST') {
      const chosen = new URLSearchParams(await readForm(message)).get('person');
      if (staff.some(({ id }) => id === chosen)) {
        return provider.interactionFinished(message, response, { login: { accountId: chosen } });
      }
    }
    const { uid } = await provider.interactionDetails(message, response);
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
      .end(signInPage(SIGN_IN_PATH + uid, staff));
  }

  async function token(message: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (!isLoopback(message))
      return json(response, 403, { error: 'tokens are issued to clients on this machine only' });
    const member = staff.find(({ id }) => id === url.searchParams.get('person'));
    if (member) return json(response, 200, await issueAccessToken(member, issuer, clientId, key));
    json(response, 404, { error: 'unknown id', people: staff.map(({ id }) => id) });
  }

  return {
    issuer,
    owns: (path) => path === ISSUER_PATH || path.startsWith(`${ISSUER_PATH}/`),
    async handle(message, response) {
      const url = new URL(message.url ?? '/', origin);
      if (url.pathname.startsWith(SIGN_IN_PATH))
        return signIn(message, response).catch(() => redirectToApp(response));
      if (url.pathname === `${ISSUER_PATH}/token-for`) return token(message, response, url);
      // The provider's routes are relative to the path it is mounted under.
      Object.assign(message, { originalUrl: message.url });
      message.url = (url.pathname.slice(ISSUER_PATH.length) || '/') + url.search;
      return protocol(message, response);
    },
  };
}

/**
 * Redirects to the app, which starts the sign-in again: after a reload or a restart the interaction is gone.
 */
function redirectToApp(response: ServerResponse): void {
  response.writeHead(303, { location: '/' }).end();
}

/**
 * Returns whether both the client's socket and the `Host` it named are this machine. A web page whose domain
 * resolves to this machine (DNS rebinding) would otherwise receive a token.
 */
function isLoopback({ socket, headers }: IncomingMessage): boolean {
  const address = socket.remoteAddress ?? '';
  const host = headers.host?.replace(/:\d+$/, '');
  return (
    ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(address) &&
    ['127.0.0.1', 'localhost'].includes(host ?? '')
  );
}

async function readForm(message: IncomingMessage): Promise<string> {
  let form = '';
  for await (const chunk of message) {
    form += String(chunk);
    if (form.length > FORM_BYTES_MAX) break;
  }
  return form;
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
