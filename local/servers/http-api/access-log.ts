/**
 * The access log: one line per request, in the format that the template gives the stage. The variables of a
 * format are listed here, and no header is among them: a bearer token must not be logged.
 */
import { type AuthorizerContext, commonLogTime } from './event.ts';
import type { GatewayRequest } from './request.ts';
import type { GatewayResponse } from './response.ts';

/** A request after its response has been sent. */
export interface Access {
  readonly requestId: string;
  readonly atMs: number;
  readonly request: GatewayRequest;
  readonly routeKey: string | undefined;
  readonly authorizer: AuthorizerContext | undefined;
  readonly response: GatewayResponse;
  readonly responseMs: number;
  readonly integrationMs: number | undefined;
  /** The function's failure, if there was one. */
  readonly integrationError: string | undefined;
}

/** Written by API Gateway for a variable without a value. */
const NO_VALUE = '-';

/** The format where the template gives none. */
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

/** Returns the line of a request; values are escaped so that a JSON format stays JSON. */
export function accessLine(access: Access, format: string = FORMAT_DEFAULT): string {
  return format.replaceAll(/\$context\.([A-Za-z0-9_.:-]+)/g, (_, name: string) =>
    JSON.stringify(variable(access, name) ?? NO_VALUE).slice(1, -1),
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
  status: ({ response }) => response.status,
  responseLength: ({ response }) => response.body.length,
  responseLatency: ({ responseMs }) => responseMs,
  integrationLatency: ({ integrationMs }) => integrationMs,
  'integration.latency': ({ integrationMs }) => integrationMs,
  integrationErrorMessage: ({ integrationError }) => integrationError,
  'integration.error': ({ integrationError }) => integrationError,
  'identity.sourceIp': ({ request }) => request.sourceIp,
  'identity.userAgent': ({ request }) => request.headers['user-agent'],
  'error.message': ({ response }) => response.reason,
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
