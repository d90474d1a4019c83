/**
 * The local issuer: an OpenID provider under one path of the local cloud's origin, a page to choose who to be,
 * and a shortcut to a token for scripts. It stands in for Cognito, and the web app cannot tell.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { choosePage } from './pages.ts';
import type { Person } from './people.ts';
import { createProvider } from './provider.ts';
import { signingKey } from './signing-key.ts';
import { tokenFor } from './token.ts';

export interface IssuerOptions {
  /** Scheme, host and port the issuer and the web app share. */
  readonly origin: string;
  readonly clientId: string;
  readonly people: readonly Person[];
  /** Where the signing key is kept; made anew when not given. */
  readonly dataDir?: string | undefined;
}

export interface Issuer {
  readonly issuer: string;
  /** Whether the path is the issuer's to answer. */
  owns(path: string): boolean;
  handle(message: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Everything of the issuer's is below it. */
export const ISSUER_PATH = '/oidc';

const CHOOSE_PATH = `${ISSUER_PATH}/choose/`;
/** A person's id and nothing else. */
const FORM_BYTES_MAX = 1024;

export async function openIssuer({ origin, clientId, people, dataDir }: IssuerOptions): Promise<Issuer> {
  const issuer = origin + ISSUER_PATH;
  const key = await signingKey(dataDir);
  const provider = createProvider({
    issuer,
    clientId,
    key,
    people,
    home: `${origin}/`,
    choosePath: (uid) => CHOOSE_PATH + uid,
  });
  const protocol = provider.callback();

  async function choose(message: IncomingMessage, response: ServerResponse): Promise<void> {
    if (message.method === 'POST') {
      const chosen = new URLSearchParams(await readForm(message)).get('person');
      if (people.some(({ id }) => id === chosen)) {
        return provider.interactionFinished(message, response, { login: { accountId: chosen } });
      }
    }
    const { uid } = await provider.interactionDetails(message, response);
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
      .end(choosePage(CHOOSE_PATH + uid, people));
  }

  async function shortcut(message: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (!isLoopback(message)) return json(response, 403, { error: 'this shortcut is for this machine only' });
    const person = people.find(({ id }) => id === url.searchParams.get('person'));
    if (person) return json(response, 200, await tokenFor(person, issuer, clientId, key));
    json(response, 404, { error: 'nobody has this id', people: people.map(({ id }) => id) });
  }

  return {
    issuer,
    owns: (path) => path === ISSUER_PATH || path.startsWith(`${ISSUER_PATH}/`),
    async handle(message, response) {
      const url = new URL(message.url ?? '/', origin);
      if (url.pathname.startsWith(CHOOSE_PATH))
        return choose(message, response).catch(() => startAgain(response));
      if (url.pathname === `${ISSUER_PATH}/token-for`) return shortcut(message, response, url);
      // The provider knows its own paths without the one it is mounted under.
      Object.assign(message, { originalUrl: message.url });
      message.url = (url.pathname.slice(ISSUER_PATH.length) || '/') + url.search;
      return protocol(message, response);
    },
  };
}

/** A choice that is not open any more (a reload, a restart) begins again at the app. */
function startAgain(response: ServerResponse): void {
  response.writeHead(303, { location: '/' }).end();
}

/**
 * The socket and the name the client used must both be this machine: a page elsewhere whose name was made to
 * point here would otherwise be handed a boss's token.
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
