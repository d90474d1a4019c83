/**
 * A request line and its headers as an HTTP API reads them. The path is decoded and the query string is not: those
 * are the contents of `rawPath` and `rawQueryString` on AWS, despite the names.
 */
import type { IncomingMessage } from 'node:http';

export interface GatewayRequest {
  readonly method: string;
  /** Decoded; as received where it cannot be decoded. */
  readonly path: string;
  readonly isMalformed: boolean;
  readonly rawQueryString: string;
  /** Values of a repeated parameter, joined by commas; undefined without any parameter. */
  readonly query: Readonly<Record<string, string>> | undefined;
  /** Lower-case names, repeated values joined by commas, without the cookies. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[] | undefined;
  readonly protocol: string;
  readonly sourceIp: string;
}

/** Returns the request of an incoming message. */
export function readRequest(message: IncomingMessage): GatewayRequest {
  const target = message.url ?? '/';
  const mark = target.indexOf('?');
  const rawPath = mark === -1 ? target : target.slice(0, mark);
  const path = decodePath(rawPath);
  const rawQueryString = mark === -1 ? '' : target.slice(mark + 1);
  return {
    method: message.method ?? 'GET',
    path: path ?? rawPath,
    isMalformed: path === undefined,
    rawQueryString,
    query: joinRepeated([...new URLSearchParams(rawQueryString)]),
    headers: joinRepeated(headerPairs(message)) ?? {},
    cookies: message.headers.cookie?.split(/; */),
    protocol: `HTTP/${message.httpVersion}`,
    sourceIp: message.socket.remoteAddress ?? '',
  };
}

function decodePath(path: string): string | undefined {
  if (!path.startsWith('/')) return undefined;
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function headerPairs({ rawHeaders }: IncomingMessage): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (name !== 'cookie') pairs.push([name, rawHeaders[index + 1] ?? '']);
  }
  return pairs;
}

function joinRepeated(pairs: readonly (readonly [string, string])[]): Record<string, string> | undefined {
  if (pairs.length === 0) return undefined;
  const joined = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(joined);
}
