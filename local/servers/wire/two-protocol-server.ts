/**
 * HTTP/1.1 and HTTP/2 without TLS, on one port of the loopback interface.
 *
 * The AWS SDK's Kinesis client speaks HTTP/2 with prior knowledge, the CLI and most other clients speak
 * HTTP/1.1, and all of them are given one endpoint. An HTTP/2 client opens with a fixed preface, so the
 * first bytes say which server a connection belongs to.
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

export interface Request {
  readonly method: string;
  /** As it came: a path, or a whole URL from a client that takes the server for its proxy. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly hungUp: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Server {
  readonly url: string;
  readonly port: number;
  /** Cuts every connection and frees the port. */
  close(): Promise<void>;
}

/** `PRI * HTTP/2.0`: no HTTP/1.1 method begins with these three letters, and POST differs at the second. */
const HTTP2_PREFACE = Buffer.from('PRI');

/** The protocol's 64 KiB would make a client stop and wait dozens of times in one PutRecords. */
const HTTP2_WINDOW_BYTES = 16 * 1024 * 1024;

/** Longer than a client's usual pause: one cut in the moment it is used again looks to it like a failure. */
const HTTP1_IDLE_MS_MAX = 120_000;

/** Above every request the services accept (10 MiB of records in base64), so that they refuse it, not us. */
const BODY_BYTES_MAX = 32 * 1024 * 1024;

export async function serve(port: number, answer: (request: Request) => Promise<Answer>): Promise<Server> {
  const respond = (
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ) => {
    respondTo(request, response, answer).catch(() => request.socket?.destroy());
  };
  const http1 = createHttp1Server({ keepAliveTimeout: HTTP1_IDLE_MS_MAX }, respond);
  const http2 = createHttp2Server({ settings: { initialWindowSize: HTTP2_WINDOW_BYTES } }, respond);
  http2.on('session', (session) => session.setLocalWindowSize(HTTP2_WINDOW_BYTES));
  // A connection cut in the middle is the client's affair; unheard, the error would end the process.
  http2.on('sessionError', () => {});

  const sockets = new Set<Socket>();
  const front = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    sniff(socket, (isHttp2) => (isHttp2 ? http2 : http1).emit('connection', socket));
  });
  await new Promise<void>((listening, failed) => {
    front.once('error', failed);
    front.listen(port, '127.0.0.1', listening);
  });
  // A server listening on TCP has an AddressInfo, never a pipe's name.
  const bound = (front.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    close: () =>
      new Promise((closed) => {
        front.close(() => closed());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Looks at a connection's first bytes, puts them back, and says whose they are. */
function sniff(socket: Socket, decide: (isHttp2: boolean) => void): void {
  const look = () => {
    // Not a byte more than is needed: what is put back must be what the chosen server reads first.
    const head: Buffer | null =
      socket.read(HTTP2_PREFACE.length) ?? (socket.readableEnded ? socket.read() : null);
    if (head === null) return;
    socket.off('readable', look);
    socket.unshift(head);
    decide(head.equals(HTTP2_PREFACE));
  };
  socket.on('readable', look);
}

async function respondTo(
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
  answer: (request: Request) => Promise<Answer>,
): Promise<void> {
  const hangUp = new AbortController();
  response.on('close', () => hangUp.abort());
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Both kinds of request are byte streams with no encoding set, so their chunks are buffers.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Error(`request body over ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  const { status, headers, body } = await answer({
    method: request.method ?? '',
    target: request.url ?? '',
    headers: request.headers,
    body: Buffer.concat(chunks, bytes),
    hungUp: hangUp.signal,
  });
  if (hangUp.signal.aborted) return;
  const bodyBytes = Buffer.from(body, 'utf8');
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('content-length', bodyBytes.length);
  response.end(bodyBytes);
}
