/**
 * The one address of the local cloud. It listens before anything behind it is ready, because the issuer and the
 * template both have to be told the address; until then it asks callers to come again.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handle = (message: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface HttpEntrypoint {
  readonly url: string;
  /** Opens: from now on requests go to the handler. */
  open(handle: Handle): void;
  /** Lets the requests under way finish, for a while, and frees the port. */
  close(): Promise<void>;
}

/** Nothing beyond this machine reaches the local cloud: its sign-in asks for no password. */
const HOST = '127.0.0.1';
const PORT_DEFAULT = 4280;
/** How many ports above the usual one are tried before giving up. */
const PORTS_TRIED_MAX = 20;
/** Slow headers hold a socket each; a till sends its own in one packet. */
const HEADERS_MS_MAX = 10_000;
const REQUEST_MS_MAX = 60_000;
const CLOSE_MS_MAX = 2_000;

/** Listens on exactly `port`; without one, on the usual port or the next that is free. */
export async function openHttpEntrypoint(port: number | undefined): Promise<HttpEntrypoint> {
  let handle: Handle = async (_, response) => {
    response.writeHead(503, { 'retry-after': '1' }).end('The local cloud is starting.\n');
  };
  const server = createServer(
    { headersTimeout: HEADERS_MS_MAX, requestTimeout: REQUEST_MS_MAX },
    (message, response) => {
      handle(message, response).catch((error: unknown) => fail(response, error));
    },
  );
  await (port === undefined ? listenFrom(server, PORT_DEFAULT) : listen(server, port));
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    open(next) {
      handle = next;
    },
    async close() {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), CLOSE_MS_MAX);
      await closed;
      clearTimeout(cut);
    },
  };
}

async function listenFrom(server: Server, first: number): Promise<void> {
  for (let port = first; port < first + PORTS_TRIED_MAX; port++) {
    try {
      return await listen(server, port);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error(`no port from ${first} to ${first + PORTS_TRIED_MAX - 1} is free; choose one with --port`);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** A defect of the local cloud itself; the client gets what a gateway would give, and the terminal the rest. */
function fail(response: ServerResponse, error: unknown): void {
  console.error(error);
  if (response.headersSent) response.destroy();
  else
    response
      .writeHead(500, { 'content-type': 'application/json' })
      .end('{"message":"Internal Server Error"}');
}
