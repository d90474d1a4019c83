/** The event of a function behind an HTTP API: payload format 2.0. */
import type { HttpApiDescription } from '../../template/description.ts';
import { ACCOUNT_ID } from '../../template/names.ts';
import type { GatewayRequest } from './request.ts';
import type { EventBody } from './request-body.ts';
import type { RouteMatch } from './routes.ts';

export interface RequestContext {
  readonly request: GatewayRequest;
  readonly match: RouteMatch;
  readonly requestId: string;
  readonly atMs: number;
}

/** An authorizer's result, as the function receives it. */
export type AuthorizerContext =
  | { readonly jwt: { readonly claims: Record<string, string>; readonly scopes: readonly string[] | null } }
  | { readonly lambda: unknown };

/** Returns the event of the route's function. */
export function proxyEvent(
  api: HttpApiDescription,
  context: RequestContext,
  authorizer: AuthorizerContext | undefined,
  body: EventBody,
): Record<string, unknown> {
  return {
    version: '2.0',
    ...requestPart(context),
    requestContext: { ...requestContextOf(api, context), ...(authorizer && { authorizer }) },
    ...body,
  };
}

/** Returns the event of a Lambda authorizer: the same request, without its body. */
export function authorizerEvent(
  api: HttpApiDescription,
  context: RequestContext,
  routeArn: string,
  identitySource: readonly string[],
): Record<string, unknown> {
  return {
    version: '2.0',
    type: 'REQUEST',
    routeArn,
    identitySource,
    ...requestPart(context),
    requestContext: requestContextOf(api, context),
  };
}

function requestPart({ request, match }: RequestContext) {
  return {
    routeKey: match.route.routeKey,
    rawPath: request.path,
    rawQueryString: request.rawQueryString,
    ...(request.cookies && { cookies: request.cookies }),
    // The protocol by which the client reached the gateway; on the loopback interface that is plain HTTP.
    headers: { ...request.headers, 'x-forwarded-proto': 'http' },
    ...(request.query && { queryStringParameters: request.query }),
    ...(match.pathParameters && { pathParameters: match.pathParameters }),
  };
}

function requestContextOf(api: HttpApiDescription, { request, match, requestId, atMs }: RequestContext) {
  const domainName = request.headers['host'] ?? '';
  return {
    accountId: ACCOUNT_ID,
    apiId: api.apiId,
    domainName,
    domainPrefix: domainName.split('.')[0],
    http: {
      method: request.method,
      path: request.path,
      protocol: request.protocol,
      sourceIp: request.sourceIp,
      userAgent: request.headers['user-agent'] ?? '',
    },
    requestId,
    routeKey: match.route.routeKey,
    stage: api.stage,
    time: commonLogTime(atMs),
    timeEpoch: atMs,
  };
}

/** Returns a time as `12/Mar/2020:19:03:58 +0000`. */
export function commonLogTime(atMs: number): string {
  const [, day, month, year, time] = new Date(atMs).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
