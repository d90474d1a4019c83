/** An HTTP API on a real port for one test, with functions that the test defines. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Invocation } from '#local/lambda/invocation.ts';
import { createHttpApi, type HttpApiOptions } from '#local/servers/http-api/http-api.ts';
import type { HttpApiDescription, RouteDescription } from '#local/template/description.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test's function may read any part of the event.
export type Handler = (event: any) => unknown;

export interface Gateway {
  readonly url: string;
  /** The access lines so far, parsed. */
  readonly lines: Record<string, unknown>[];
  [Symbol.asyncDispose](): Promise<void>;
}

export interface GatewaySetup {
  readonly routes: readonly (Partial<RouteDescription> & { readonly routeKey: string })[];
  /** By function name; a route without one invokes `main`. */
  readonly functions?: Readonly<Record<string, Handler>>;
  readonly api?: Partial<HttpApiDescription>;
  readonly options?: Partial<HttpApiOptions>;
}

export async function openGateway({ routes, functions = {}, api, options }: GatewaySetup): Promise<Gateway> {
  const lines: Record<string, unknown>[] = [];
  const handlers: Readonly<Record<string, Handler>> = { main: (event) => event, ...functions };
  const description: HttpApiDescription = {
    apiId: 'api1',
    name: 'Api',
    stage: '$default',
    throttle: { ratePerSecond: 1000, burst: 1000 },
    ...api,
    routes: routes.map((route) => ({ functionName: 'main', timeoutMs: 30_000, scopes: [], ...route })),
  };
  const httpApi = createHttpApi(description, {
    invoke: (name, event) => call(handlers[name], event),
    onAccess: (line) => lines.push(JSON.parse(line)),
    ...options,
  });
  const server = createServer((message, response) => void httpApi.handle(message, response));
  await listen(server);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lines,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function call(handler: Handler | undefined, event: unknown): Promise<Invocation> {
  try {
    // Through JSON and back, like every payload on Lambda.
    const payload = await handler?.(JSON.parse(JSON.stringify(event)));
    return { ok: true, payload: JSON.parse(JSON.stringify(payload ?? null)) };
  } catch (error) {
    return { ok: false, error: { errorType: 'Error', errorMessage: String(error), trace: [] } };
  }
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}
