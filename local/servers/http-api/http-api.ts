/**
 * An API Gateway HTTP API, as its template describes it. A request passes the preflight, the route, the throttle,
 * the authorizer, the body, the function, and ends as a line of the access log. It is a request handler and not a
 * server, so that the sign-in pages and the web app can share its origin.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthorizerDescription, HttpApiDescription } from '../../template/description.ts';
import { type Clock, systemClock } from '../wire/clock.ts';
import { createTokenBucket, type TokenBucket } from '../wire/token-bucket.ts';
import { type Access, accessLine } from './access-log.ts';
import type { Authorize } from './authorizer.ts';
import { preflightResponse, withCors } from './cors.ts';
import { drainRequest } from './drain-request.ts';
import { proxyEvent, type RequestContext } from './event.ts';
import { type Invoke, integrate } from './integration.ts';
import { jwtAuthorizer } from './jwt-authorizer.ts';
import { lambdaAuthorizer } from './lambda-authorizer.ts';
import { type GatewayRequest, readRequest } from './request.ts';
import { BODY_BYTES_MAX, BODY_MS_MAX, encodeBody, readBody } from './request-body.ts';
import { errorResponse, type GatewayResponse } from './response.ts';
import { createRouter, type RouteMatch } from './routes.ts';

export interface HttpApiOptions {
  readonly invoke: Invoke;
  /** Called with one line per request, in the stage's format. */
  readonly onAccess?: (line: string) => void;
  readonly clock?: Clock;
  /** The time within which a body must arrive. */
  readonly bodyMsMax?: number;
}

export interface HttpApi {
  handle(message: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Returns whether the path belongs to the API rather than to the web app beside it. */
  owns(path: string): boolean;
}

/** A response and the steps that led to it, for the access log. */
type Outcome = Pick<Access, 'response'> &
  Partial<Pick<Access, 'routeKey' | 'authorizer' | 'integrationMs' | 'integrationError'>>;

/** The state of one API: its authorizers with their caches, and its buckets, one per route as on AWS. */
interface Gateway {
  readonly api: HttpApiDescription;
  readonly invoke: Invoke;
  readonly nowMs: () => number;
  readonly bodyMsMax: number;
  readonly match: (method: string, path: string) => RouteMatch | undefined;
  readonly authorizers: ReadonlyMap<string, Authorize>;
  readonly buckets: ReadonlyMap<string, TokenBucket>;
}

/** Returns the handler of an API. */
export function createHttpApi(api: HttpApiDescription, options: HttpApiOptions): HttpApi {
  const { invoke, onAccess = () => {}, clock = systemClock, bodyMsMax = BODY_MS_MAX } = options;
  const nowMs = () => clock.nowMs();
  const router = createRouter(api.routes);
  const { match } = router;
  const authorizers = new Map<string, Authorize>();
  const buckets = new Map<string, TokenBucket>();
  for (const { routeKey, authorizer, throttle } of api.routes) {
    buckets.set(routeKey, createTokenBucket(throttle ?? api.throttle, nowMs));
    if (authorizer && !authorizers.has(authorizer.authorizerId)) {
      authorizers.set(authorizer.authorizerId, createAuthorizer(api, authorizer, invoke, nowMs));
    }
  }
  const gateway: Gateway = { api, invoke, nowMs, bodyMsMax, match, authorizers, buckets };
  return {
    owns: router.owns,
    async handle(message, response) {
      const atMs = nowMs();
      const requestId = newRequestId();
      const request = readRequest(message);
      const outcome = await respond(gateway, message, request, requestId);
      send(message, response, requestId, outcome.response);
      const access: Access = {
        requestId,
        atMs,
        request,
        routeKey: undefined,
        authorizer: undefined,
        integrationMs: undefined,
        integrationError: undefined,
        responseMs: nowMs() - atMs,
        ...outcome,
      };
      onAccess(accessLine(access, api.accessLogFormat));
    },
  };
}

function createAuthorizer(
  api: HttpApiDescription,
  authorizer: AuthorizerDescription,
  invoke: Invoke,
  nowMs: () => number,
): Authorize {
  return authorizer.kind === 'jwt'
    ? jwtAuthorizer(authorizer, nowMs)
    : lambdaAuthorizer(api, authorizer, invoke, nowMs);
}

/** Returns the outcome of a request; CORS applies to errors as well. */
async function respond(
  gateway: Gateway,
  message: IncomingMessage,
  request: GatewayRequest,
  requestId: string,
): Promise<Outcome> {
  const { cors } = gateway.api;
  if (request.isMalformed) return { response: errorResponse(400, 'undecodable path') };
  if (!cors) return respondByRoute(gateway, message, request, requestId);
  const preflight = preflightResponse(cors, request);
  if (preflight) return { response: preflight };
  const outcome = await respondByRoute(gateway, message, request, requestId);
  return { ...outcome, response: withCors(cors, request, outcome.response) };
}

async function respondByRoute(
  { api, invoke, nowMs, bodyMsMax, ...gateway }: Gateway,
  message: IncomingMessage,
  request: GatewayRequest,
  requestId: string,
): Promise<Outcome> {
  const match = gateway.match(request.method, request.path);
  if (!match) return { response: errorResponse(404, 'no route') };

  const { routeKey, functionName, timeoutMs } = match.route;
  if (!gateway.buckets.get(routeKey)?.take()) {
    return { routeKey, response: errorResponse(429, 'throttled') };
  }

  const context: RequestContext = { request, match, requestId, atMs: nowMs() };
  const authorize = match.route.authorizer && gateway.authorizers.get(match.route.authorizer.authorizerId);
  const authorization = await authorize?.(context);
  if (authorization?.kind === 'denied') return { routeKey, response: authorization.response };
  const authorizer = authorization?.context;

  const body = await readBody(message, BODY_BYTES_MAX, bodyMsMax);
  if (body.kind === 'too-large')
    return { routeKey, authorizer, response: errorResponse(413, 'body over the cap') };
  if (body.kind !== 'read')
    return { routeKey, authorizer, response: errorResponse(408, `body not read: ${body.kind}`) };

  const event = proxyEvent(api, context, authorizer, encodeBody(body.bytes, request.headers['content-type']));
  const startedAtMs = nowMs();
  const { response, error } = await integrate(invoke, functionName, event, timeoutMs);
  return { routeKey, authorizer, response, integrationMs: nowMs() - startedAtMs, integrationError: error };
}

function send(
  message: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  { status, headers, cookies, body }: GatewayResponse,
): void {
  if (!message.complete) drainRequest(message);
  const hasNoBody = status === 204 || status === 304;
  response.writeHead(status, {
    ...headers,
    'apigw-requestid': requestId,
    ...(cookies.length > 0 && { 'set-cookie': [...cookies] }),
    ...(!hasNoBody && { 'content-length': body.length }),
  });
  response.end(hasNoBody ? undefined : body);
}

/** Returns an id in API Gateway's form: fifteen characters of base64 and an equals sign. */
function newRequestId(): string {
  return `${randomBytes(11).toString('base64url').replaceAll(/[-_]/g, 'A')}=`;
}
