/**
 * An HTTP server for HTTP/1.1 and HTTP/2 without TLS, on one port of the loopback interface.
 *
 * The AWS SDK's Kinesis client speaks HTTP/2 with prior knowledge, the CLI and most other clients speak
 * HTTP/1.1, and all of them are given one endpoint. An HTTP/2 client opens with a fixed preface, so the
 * first bytes of a connection decide which protocol serves it.
 */
import {
  createServer as createHttp1Server,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import {
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { LocalServer } from './closable.ts';

export interface HttpRequest {
  readonly method: string;
  /** As received: a path, or a whole URL from a client that takes the server for its proxy. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Closing it cuts every connection and frees the port. */
export interface Server extends LocalServer {
  readonly port: number;
}

/** `PRI * HTTP/2.0`: no HTTP/1.1 method begins with these three letters, and POST differs at the second. */
const HTTP2_PREFACE = Buffer.from('PRI');

/** The protocol's 64 KiB would make a client stop and wait dozens of times in one PutRecords. */
const HTTP2_WINDOW_BYTES = 16 * 1024 * 1024;

/** Longer than a client's usual pause: a connection cut just as it is reused looks to the client like a failure. */
const HTTP1_IDLE_MS_MAX = 120_000;

/** Above every request the services accept (10 MiB of records in base64), so that the service itself rejects it. */
const BODY_BYTES_MAX = 32 * 1024 * 1024;

type Handler = (request: HttpRequest) => Promise<HttpResponse>;
type AnyRequest = IncomingMessage | Http2ServerRequest;
type AnyResponse = ServerResponse | Http2ServerResponse;

/**
 * Starts a server whose requests `handle` answers.
 *
 * @param port 0 for any free one.
 * @throws the error of `listen`, such as EADDRINUSE.
 */
export async function serve(port: number, handle: Handler): Promise<Server> {
  const respond = (request: AnyRequest, response: AnyResponse) => {
    respondTo(request, response, handle).catch(() => request.socket?.destroy());
  };
  const http1 = createHttp1Server({ keepAliveTimeout: HTTP1_IDLE_MS_MAX }, respond);
  const http2 = createHttp2Server({ settings: { initialWindowSize: HTTP2_WINDOW_BYTES } }, respond);
  http2.on('session', (session) => session.setLocalWindowSize(HTTP2_WINDOW_BYTES));
  // A connection that a client cuts is no error of the server; without a listener it would end the process.
  http2.on('sessionError', () => {});

  const sockets = new Set<Socket>();
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    detectHttp2(socket, (isHttp2) => (isHttp2 ? http2 : http1).emit('connection', socket));
  });
  await new Promise<void>((listening, failed) => {
    listener.once('error', failed);
    listener.listen(port, '127.0.0.1', listening);
  });
  // A server listening on TCP has an AddressInfo, never a pipe's name.
  const bound = (listener.address() as AddressInfo).port;
  const close = () =>
    new Promise<void>((closed) => {
      listener.close(() => closed());
      for (const socket of sockets) socket.destroy();
    });
  return { url: `http://127.0.0.1:${bound}`, port: bound, close, [Symbol.asyncDispose]: close };
}

/** Reads a connection's first bytes, puts them back, and reports whether they open HTTP/2. */
function detectHttp2(socket: Socket, report: (isHttp2: boolean) => void): void {
  const onReadable = () => {
    // Exactly the preface's length: the bytes put back must be the first that the chosen server reads.
    const head: Buffer | null =
      socket.read(HTTP2_PREFACE.length) ?? (socket.readableEnded ? socket.read() : null);
    if (head === null) return;
    socket.off('readable', onReadable);
    socket.unshift(head);
    report(head.equals(HTTP2_PREFACE));
  };
  socket.on('readable', onReadable);
}

async function respondTo(request: AnyRequest, response: AnyResponse, handle: Handler): Promise<void> {
  const disconnected = new AbortController();
  response.on('close', () => disconnected.abort());
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Both kinds of request are byte streams with no encoding set, so their chunks are buffers.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Error(`request body over ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  const { status, headers, body } = await handle({
    method: request.method ?? '',
    target: request.url ?? '',
    headers: request.headers,
    body: Buffer.concat(chunks, bytes),
    signal: disconnected.signal,
  });
  if (disconnected.signal.aborted) return;
  const bodyBytes = Buffer.from(body, 'utf8');
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('content-length', bodyBytes.length);
  response.end(bodyBytes);
}
