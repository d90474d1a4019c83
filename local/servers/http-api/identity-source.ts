/** Identity sources: the parts of a request an authorizer looks at, written `$request.header.Authorization`. */
import type { RequestFacts } from './event.ts';

/** The value of each source, or undefined when one of them is missing or empty. */
export function identitySource(
  sources: readonly string[],
  facts: RequestFacts,
): readonly string[] | undefined {
  const values = sources.map((source) => sourceValue(source, facts));
  return values.every((value) => value !== undefined && value !== '') ? (values as string[]) : undefined;
}

function sourceValue(source: string, { request, match }: RequestFacts): string | undefined {
  const header = /^\$request\.header\.(.+)$/i.exec(source)?.[1];
  if (header !== undefined) return request.headers[header.toLowerCase()];
  const parameter = /^\$request\.querystring\.(.+)$/i.exec(source)?.[1];
  if (parameter !== undefined) return request.query?.[parameter];
  if (source === '$context.routeKey') return match.route.routeKey;
  throw new Error(`the local cloud does not know the identity source ${source}`);
}
