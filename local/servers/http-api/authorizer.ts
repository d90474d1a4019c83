/** The common part of the two authorizers: their decision, and the identity sources that they read. */
import type { AuthorizerContext, RequestContext } from './event.ts';
import type { GatewayResponse } from './response.ts';

/** An allowed request continues with the authorizer's context; a denied one gets the response. */
export type Authorization =
  | { readonly kind: 'allowed'; readonly context: AuthorizerContext }
  | { readonly kind: 'denied'; readonly response: GatewayResponse };

export type Authorize = (context: RequestContext) => Promise<Authorization>;

/**
 * Returns the value of each identity source, such as `$request.header.Authorization`, or undefined where one of
 * them is missing or empty.
 *
 * @throws for a kind of source that is not served here.
 */
export function identitySource(
  sources: readonly string[],
  context: RequestContext,
): readonly string[] | undefined {
  const values = sources.map((source) => sourceValue(source, context));
  return values.every((value) => value !== undefined && value !== '') ? (values as string[]) : undefined;
}

function sourceValue(source: string, { request, match }: RequestContext): string | undefined {
  const header = /^\$request\.header\.(.+)$/i.exec(source)?.[1];
  if (header !== undefined) return request.headers[header.toLowerCase()];
  const parameter = /^\$request\.querystring\.(.+)$/i.exec(source)?.[1];
  if (parameter !== undefined) return request.query?.[parameter];
  if (source === '$context.routeKey') return match.route.routeKey;
  throw new Error(`the identity source ${source} is not served locally`);
}
