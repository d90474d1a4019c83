/**
 * The access log: one line per request, in the format the template gives the stage. What a format may name is
 * listed here, and no header is on the list: a bearer token has no business in a log.
 */
import type { Answer } from './answer.ts';
import { type AuthorizerContext, commonLogTime } from './event.ts';
import type { GatewayRequest } from './request.ts';

/** What is known of a request when its answer has gone out. */
export interface Access {
  readonly requestId: string;
  readonly atMs: number;
  readonly request: GatewayRequest;
  readonly routeKey: string | undefined;
  readonly authorizer: AuthorizerContext | undefined;
  readonly answer: Answer;
  readonly responseMs: number;
  readonly integrationMs: number | undefined;
  /** What the function failed with, if it did. */
  readonly integrationError: string | undefined;
}

/** What API Gateway writes for a variable that has no value. */
const NOTHING = '-';

/** What is written when the template names no format. */
const FORMAT_DEFAULT = JSON.stringify({
  at: '$context.requestTime',
  requestId: '$context.requestId',
  method: '$context.httpMethod',
  path: '$context.path',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  functionMs: '$context.integrationLatency',
  responseBytes: '$context.responseLength',
  error: '$context.error.message',
});

/** One line, its variables filled in; values are escaped so that a JSON format stays JSON. */
export function accessLine(access: Access, format: string = FORMAT_DEFAULT): string {
  return format.replaceAll(/\$context\.([A-Za-z0-9_.:-]+)/g, (_, name: string) =>
    JSON.stringify(variable(access, name) ?? NOTHING).slice(1, -1),
  );
}

function variable(access: Access, name: string): string | undefined {
  if (name.startsWith('authorizer.'))
    return authorizerVariable(access.authorizer, name.slice('authorizer.'.length));
  return text(VARIABLES[name]?.(access));
}

const VARIABLES: Readonly<Record<string, (access: Access) => string | number | undefined>> = {
  requestId: ({ requestId }) => requestId,
  requestTime: ({ atMs }) => commonLogTime(atMs),
  requestTimeEpoch: ({ atMs }) => atMs,
  httpMethod: ({ request }) => request.method,
  path: ({ request }) => request.path,
  protocol: ({ request }) => request.protocol,
  routeKey: ({ routeKey }) => routeKey,
  status: ({ answer }) => answer.status,
  responseLength: ({ answer }) => answer.body.length,
  responseLatency: ({ responseMs }) => responseMs,
  integrationLatency: ({ integrationMs }) => integrationMs,
  'integration.latency': ({ integrationMs }) => integrationMs,
  integrationErrorMessage: ({ integrationError }) => integrationError,
  'integration.error': ({ integrationError }) => integrationError,
  'identity.sourceIp': ({ request }) => request.sourceIp,
  'identity.userAgent': ({ request }) => request.headers['user-agent'],
  'error.message': ({ answer }) => answer.reason,
};

function authorizerVariable(authorizer: AuthorizerContext | undefined, name: string): string | undefined {
  if (!authorizer) return undefined;
  if ('jwt' in authorizer) {
    return name.startsWith('claims.') ? authorizer.jwt.claims[name.slice('claims.'.length)] : undefined;
  }
  return text((authorizer.lambda as Record<string, unknown>)[name]);
}

function text(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
