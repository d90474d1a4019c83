/**
 * CORS, which an HTTP API handles itself once it is configured: preflights never reach a function, and the
 * gateway replaces a function's own CORS headers.
 */
import type { CorsDescription } from '../../template/description.ts';
import type { GatewayRequest } from './request.ts';
import type { GatewayResponse } from './response.ts';

/** Returns the response to a preflight, or undefined where the request is none. */
export function preflightResponse(
  cors: CorsDescription,
  request: GatewayRequest,
): GatewayResponse | undefined {
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

/** Returns the response with the headers that let a page of an allowed origin read it. */
export function withCors(
  cors: CorsDescription,
  request: GatewayRequest,
  response: GatewayResponse,
): GatewayResponse {
  const kept = Object.entries(response.headers).filter(([name]) => !name.startsWith('access-control-'));
  const expose = cors.exposeHeaders.length > 0 && {
    'access-control-expose-headers': cors.exposeHeaders.join(','),
  };
  const allowOrigin = allowedOrigin(cors, request);
  return {
    ...response,
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

/** Returns whether an origin matches `*`, an origin, or a scheme with any host: `https://*`. */
function originMatches(allowed: string, origin: string): boolean {
  if (allowed === '*') return true;
  return allowed.endsWith('*') ? origin.startsWith(allowed.slice(0, -1)) : allowed === origin;
}
