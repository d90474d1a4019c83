/**
 * The one address of the local cloud. It listens before the servers behind it are ready, because the issuer
 * and the template both need the address; until then it responds with 503 and Retry-After.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type HandleRequest = (message: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface HttpEntrypoint {
  readonly url: string;
  /** Sends requests to the handler from now on. */
  open(handle: HandleRequest): void;
  /** Finishes the requests under way, for a bounded time, and frees the port. */
  close(): Promise<void>;
}

/** Only this machine can reach the local cloud: its sign-in requires no password. */
const HOST = '127.0.0.1';
const PORT_DEFAULT = 4280;
/** Ports tried, from the default one on. */
const PORTS_TRIED_MAX = 20;
/** Each request with slow headers occupies a socket; a till sends its headers in one packet. */
const HEADERS_MS_MAX = 10_000;
const REQUEST_MS_MAX = 60_000;
const CLOSE_MS_MAX = 2_000;

/**
 * Listens on exactly `port`, or, where undefined, on the default port or the next free one; rejects where
 * none is free.
 */
export async function openHttpEntrypoint(port: number | undefined): Promise<HttpEntrypoint> {
  let handle: HandleRequest = async (_, response) => {
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

/**
 * A defect of the local cloud itself: the client receives a gateway's response, and the terminal the error.
 */
function fail(response: ServerResponse, error: unknown): void {
  console.error(error);
  if (response.headersSent) response.destroy();
  else
    response
      .writeHead(500, { 'content-type': 'application/json' })
      .end('{"message":"Internal Server Error"}');
}
