/**
 * Routes the requests of the local cloud's one address: to the issuer, the inbox, the HTTP API or the web
 * app.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createHttpApi, type HttpApi } from '../servers/http-api/http-api.ts';
import { serveStaticFiles } from '../servers/http-api/static-files.ts';
import type { Inbox } from '../servers/inbox/inbox.ts';
import type { Issuer } from '../servers/oidc/issuer.ts';
import type { CloudDescription, HttpApiDescription, ThrottleDescription } from '../template/description.ts';
import type { HandleRequest } from './http-entrypoint.ts';
import type { Functions } from './start-functions.ts';

export interface RequestsSetup {
  readonly description: CloudDescription;
  readonly functions: Functions;
  readonly issuer: Issuer;
  readonly inbox: Inbox;
  /** The origin of the local cloud. */
  readonly url: string;
  /** The OIDC client of the web app. */
  readonly clientId: string;
  /** Limits in place of the template's; `off` lifts them. */
  readonly throttle: ThrottleDescription | 'off' | undefined;
  /** Receives the API's access log. */
  readonly onAccess: (apiName: string, text: string) => void;
}

const WEB_DIR = join(import.meta.dirname, '..', '..', 'dist', 'web');
const UNTHROTTLED: ThrottleDescription = { ratePerSecond: 1_000_000, burst: 1_000_000 };

/** Returns the handler of all requests; throws unless the template has exactly one HTTP API. */
export function serveRequests(setup: RequestsSetup): HandleRequest {
  const { issuer, inbox, url, clientId } = setup;
  const api = openApi(setup);
  const web = serveStaticFiles({
    dir: WEB_DIR,
    config: { issuer: issuer.issuer, clientId, apiUrl: url },
    headers: setup.description.webHeaders,
  });
  return (message: IncomingMessage, response: ServerResponse) => {
    const path = message.url?.split('?')[0] ?? '/';
    if (issuer.owns(path)) return issuer.handle(message, response);
    if (inbox.owns(path)) return inbox.handle(message, response);
    if (api.owns(path)) return api.handle(message, response);
    if (message.headers.host?.startsWith('localhost')) return redirectToOrigin(response, url + path);
    return web.handle(message, response);
  };
}

/**
 * The app has one origin, to which the issuer returns after a sign-in; `localhost` is another one on the same
 * machine.
 */
async function redirectToOrigin(response: ServerResponse, location: string): Promise<void> {
  response.writeHead(302, { location }).end();
}

/** The template's one HTTP API, with the caller's limits where it sets any. */
function openApi({ description, functions, throttle, onAccess }: RequestsSetup): HttpApi {
  const [api, ...others] = description.httpApis;
  if (!api || others.length > 0)
    throw new Error(`one HTTP API is served locally, not ${description.httpApis.length}`);
  return createHttpApi(
    throttle === undefined ? api : withThrottle(throttle === 'off' ? UNTHROTTLED : throttle, api),
    { invoke: functions.invoke, onAccess: (text) => onAccess(api.name, text) },
  );
}

function withThrottle(throttle: ThrottleDescription, api: HttpApiDescription): HttpApiDescription {
  return { ...api, throttle, routes: api.routes.map(({ throttle: _, ...route }) => route) };
}
