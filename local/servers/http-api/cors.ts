/**
 * CORS, which an HTTP API answers by itself once it is configured: preflights never reach a function, and
 * what a function says about origins is replaced.
 */
import type { CorsDescription } from '../../template/description.ts';
import type { Answer } from './answer.ts';
import type { GatewayRequest } from './request.ts';

/** The answer to a preflight; undefined when the request is none. */
export function preflightAnswer(cors: CorsDescription, request: GatewayRequest): Answer | undefined {
  const isPreflight = request.method === 'OPTIONS' && 'access-control-request-method' in request.headers;
  if (!isPreflight || request.headers['origin'] === undefined) return undefined;
  const allowOrigin = allowedOrigin(cors, request);
  return {
    status: 204,
    headers: allowOrigin
      ? {
          ...allowOrigin,
          'access-control-allow-methods': cors.allowMethods.join(','),
          'access-control-allow-headers': cors.allowHeaders.join(','),
          ...(cors.maxAgeSeconds !== undefined && { 'access-control-max-age': String(cors.maxAgeSeconds) }),
        }
      : {},
    cookies: [],
    body: Buffer.alloc(0),
  };
}

/** The answer with the headers that let the page at the request's origin read it, if it may. */
export function withCors(cors: CorsDescription, request: GatewayRequest, answer: Answer): Answer {
  const kept = Object.entries(answer.headers).filter(([name]) => !name.startsWith('access-control-'));
  const expose = cors.exposeHeaders.length > 0 && {
    'access-control-expose-headers': cors.exposeHeaders.join(','),
  };
  const allowOrigin = allowedOrigin(cors, request);
  return {
    ...answer,
    headers: { ...Object.fromEntries(kept), ...(allowOrigin && { ...allowOrigin, ...expose }) },
  };
}

function allowedOrigin(
  cors: CorsDescription,
  { headers }: GatewayRequest,
): Record<string, string> | undefined {
  const origin = headers['origin'];
  if (origin === undefined) return undefined;
  const matched = cors.allowOrigins.find((allowed) => originMatches(allowed, origin));
  if (matched === undefined) return undefined;
  return {
    'access-control-allow-origin': matched === '*' ? '*' : origin,
    ...(cors.allowCredentials && { 'access-control-allow-credentials': 'true' }),
  };
}

/** `*`, an origin, or a scheme with every host under it: `https://*`. */
function originMatches(allowed: string, origin: string): boolean {
  if (allowed === '*') return true;
  return allowed.endsWith('*') ? origin.startsWith(allowed.slice(0, -1)) : allowed === origin;
}
