/**
 * Responses of the gateway: from the value that a function returned, by the rules of payload format 2.0, and the
 * gateway's own errors.
 */
import * as v from 'valibot';

export interface GatewayResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
  /** The cause of a response that is the gateway's own; for the access log only. */
  readonly reason?: string;
}

const MESSAGES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

/** Returns an error of the gateway as API Gateway words it: a status and one message, without the reason. */
export function errorResponse(
  status: keyof typeof MESSAGES,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): GatewayResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    cookies: [],
    body: Buffer.from(JSON.stringify({ message: MESSAGES[status] })),
    reason,
  };
}

const Scalar = v.union([v.string(), v.number(), v.boolean()]);

const ProxyResponse = v.object({
  statusCode: v.pipe(
    v.union([v.number(), v.string()]),
    v.transform(Number),
    v.integer(),
    v.minValue(100),
    v.maxValue(599),
  ),
  headers: v.nullish(v.record(v.string(), v.pipe(Scalar, v.transform(String))), {}),
  cookies: v.nullish(v.array(v.string()), []),
  body: v.nullish(v.string(), ''),
  isBase64Encoded: v.nullish(v.boolean(), false),
});

/**
 * Returns the response for a function's return value. An object with a statusCode is the response, or a 500 where
 * it is malformed; any other value is the body of a 200.
 */
export function responseOf(payload: unknown): GatewayResponse {
  if (!hasStatusCode(payload)) return bareResponse(payload);
  const parsed = v.safeParse(ProxyResponse, payload);
  if (!parsed.success) return errorResponse(500, 'the function returned a malformed response');
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.output;
  return {
    status: statusCode,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...lowerCase(headers ?? {}) },
    cookies: cookies ?? [],
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
  };
}

function hasStatusCode(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && 'statusCode' in payload;
}

function bareResponse(payload: unknown): GatewayResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    cookies: [],
    body: Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload ?? null)),
  };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
