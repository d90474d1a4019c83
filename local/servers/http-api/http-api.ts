/**
 * An API Gateway HTTP API, as its template describes it: in order, the preflight, the route, the throttle, the
 * authorizer, the body, the function, the answer, the access line. It is a request handler and not a server, so
 * that the sign-in pages and the web app can share its origin.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthorizerDescription, HttpApiDescription } from '../../template/description.ts';
import { type Clock, systemClock } from '../wire/clock.ts';
import { type Access, accessLine } from './access-log.ts';
import { type Answer, gatewayAnswer } from './answer.ts';
import type { Authorization } from './authorization.ts';
import { BODY_BYTES_MAX, BODY_MS_MAX, encodeBody, readBody } from './body.ts';
import { preflightAnswer, withCors } from './cors.ts';
import { proxyEvent, type RequestFacts } from './event.ts';
import { integrate } from './integration.ts';
import type { Invoke } from './invoke.ts';
import { jwtAuthorizer } from './jwt-authorizer.ts';
import { lambdaAuthorizer } from './lambda-authorizer.ts';
import { linger } from './linger.ts';
import { type GatewayRequest, readRequest } from './request.ts';
import { createRouter } from './routes.ts';
import { type TokenBucket, tokenBucket } from './throttle.ts';

export interface HttpApiOptions {
  readonly invoke: Invoke;
  /** One line per request, in the stage's format. */
  readonly onAccess?: (line: string) => void;
  readonly clock?: Clock;
  /** How long a body may take to arrive. */
  readonly bodyMsMax?: number;
}

export interface HttpApi {
  handle(message: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Whether the path belongs to the API rather than to the web app beside it. */
  owns(path: string): boolean;
}

type Authorize = (facts: RequestFacts) => Promise<Authorization>;

/** How an answer came about, for the access line. */
type Outcome = Pick<Access, 'answer'> &
  Partial<Pick<Access, 'routeKey' | 'authorizer' | 'integrationMs' | 'integrationError'>>;

export function createHttpApi(api: HttpApiDescription, options: HttpApiOptions): HttpApi {
  const { invoke, onAccess = () => {}, clock = systemClock, bodyMsMax = BODY_MS_MAX } = options;
  const nowMs = () => clock.nowMs();
  const router = createRouter(api.routes);
  const authorizers = new Map<string, Authorize>();
  const buckets = new Map<string, TokenBucket>();
  for (const { routeKey, authorizer, throttle } of api.routes) {
    buckets.set(routeKey, tokenBucket(throttle ?? api.throttle, nowMs));
    if (authorizer && !authorizers.has(authorizer.authorizerId)) {
      authorizers.set(authorizer.authorizerId, openAuthorizer(authorizer));
    }
  }

  function openAuthorizer(authorizer: AuthorizerDescription): Authorize {
    return authorizer.kind === 'jwt'
      ? jwtAuthorizer(authorizer, nowMs)
      : lambdaAuthorizer(api, authorizer, invoke, nowMs);
  }

  async function decide(
    message: IncomingMessage,
    request: GatewayRequest,
    requestId: string,
  ): Promise<Outcome> {
    if (request.isMalformed) return { answer: gatewayAnswer(400, 'undecodable path') };
    if (!api.cors) return serve(message, request, requestId);
    const preflight = preflightAnswer(api.cors, request);
    if (preflight) return { answer: preflight };
    const outcome = await serve(message, request, requestId);
    return { ...outcome, answer: withCors(api.cors, request, outcome.answer) };
  }

  async function serve(
    message: IncomingMessage,
    request: GatewayRequest,
    requestId: string,
  ): Promise<Outcome> {
    const match = router.match(request.method, request.path);
    if (!match) return { answer: gatewayAnswer(404, 'no route') };

    const { routeKey, functionName, timeoutMs } = match.route;
    if (!buckets.get(routeKey)?.take()) return { routeKey, answer: gatewayAnswer(429, 'throttled') };

    const facts: RequestFacts = { request, match, requestId, atMs: nowMs() };
    const authorize = match.route.authorizer && authorizers.get(match.route.authorizer.authorizerId);
    const authorization = await authorize?.(facts);
    if (authorization?.kind === 'refused') return { routeKey, answer: authorization.answer };
    const authorizer = authorization?.context;

    const body = await readBody(message, BODY_BYTES_MAX, bodyMsMax);
    if (body.kind === 'too large')
      return { routeKey, authorizer, answer: gatewayAnswer(413, 'body over the cap') };
    if (body.kind !== 'read')
      return { routeKey, authorizer, answer: gatewayAnswer(408, `client ${body.kind}`) };

    const event = proxyEvent(api, facts, authorizer, encodeBody(body.bytes, request.headers['content-type']));
    const startedAtMs = nowMs();
    const { answer, error } = await integrate(invoke, functionName, event, timeoutMs);
    return { routeKey, authorizer, answer, integrationMs: nowMs() - startedAtMs, integrationError: error };
  }

  return {
    owns: router.owns,
    async handle(message, response) {
      const atMs = nowMs();
      const requestId = newRequestId();
      const request = readRequest(message);
      const outcome = await decide(message, request, requestId);
      send(message, response, requestId, outcome.answer);
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

function send(message: IncomingMessage, response: ServerResponse, requestId: string, answer: Answer): void {
  if (!message.complete) linger(message);
  const headers = { ...answer.headers, 'apigw-requestid': requestId };
  const bodiless = answer.status === 204 || answer.status === 304;
  response.writeHead(answer.status, {
    ...headers,
    ...(answer.cookies.length > 0 && { 'set-cookie': [...answer.cookies] }),
    ...(!bodiless && { 'content-length': answer.body.length }),
  });
  response.end(bodiless ? undefined : answer.body);
}

/** API Gateway's ids are fifteen characters of base64 and an equals sign. */
function newRequestId(): string {
  return `${randomBytes(11).toString('base64url').replaceAll(/[-_]/g, 'A')}=`;
}
