/**
 * The choice of a request's route. The most specific one wins, segment by segment from the left: a literal segment
 * over `{name}` over `{name+}`, a method over ANY, and `$default` matches every other request.
 */
import type { RouteDescription } from '../../template/description.ts';

export interface RouteMatch {
  readonly route: RouteDescription;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

export interface Router {
  match(method: string, path: string): RouteMatch | undefined;
  /** Returns whether a route begins with the path's first segment: the web app has the other paths of the origin. */
  owns(path: string): boolean;
}

interface ParsedRoute {
  readonly route: RouteDescription;
  readonly method: string;
  readonly segments: readonly string[];
}

/** Lower is more specific; a catch-all comes after every path of the same beginning. */
const RANK = { literal: 0, parameter: 1, rest: 2 } as const;

/** Returns a router over an API's routes. */
export function createRouter(routes: readonly RouteDescription[]): Router {
  const fallback = routes.find(({ routeKey }) => routeKey === '$default');
  const parsed = routes
    .filter((route) => route !== fallback)
    .map(parseRoute)
    .sort(bySpecificity);
  const firstSegments = new Set(parsed.map(({ segments }) => segments[0]));

  return {
    match(method, path) {
      const segments = path.split('/').slice(1);
      for (const candidate of parsed) {
        if (candidate.method !== 'ANY' && candidate.method !== method) continue;
        const parameters = matchSegments(candidate.segments, segments);
        if (parameters) {
          return {
            route: candidate.route,
            pathParameters: Object.keys(parameters).length === 0 ? undefined : parameters,
          };
        }
      }
      return fallback && { route: fallback, pathParameters: undefined };
    },
    owns: (path) => fallback !== undefined || firstSegments.has(path.split('/')[1] ?? ''),
  };
}

function parseRoute(route: RouteDescription): ParsedRoute {
  const [method = '', path = ''] = route.routeKey.split(' ');
  return { route, method, segments: path.split('/').slice(1) };
}

function bySpecificity(a: ParsedRoute, b: ParsedRoute): number {
  for (let index = 0; index < Math.max(a.segments.length, b.segments.length); index++) {
    const difference = rank(a.segments[index]) - rank(b.segments[index]);
    if (difference !== 0) return difference;
  }
  return Number(a.method === 'ANY') - Number(b.method === 'ANY');
}

function rank(segment: string | undefined): number {
  if (!segment?.startsWith('{')) return RANK.literal;
  return segment.endsWith('+}') ? RANK.rest : RANK.parameter;
}

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    const value = segments[index];
    if (value === undefined) return undefined;
    switch (rank(segment)) {
      case RANK.rest:
        parameters[segment.slice(1, -2)] = segments.slice(index).join('/');
        return parameters;
      case RANK.parameter:
        if (value === '') return undefined;
        parameters[segment.slice(1, -1)] = value;
        break;
      default:
        if (value !== segment) return undefined;
    }
  }
  return pattern.length === segments.length ? parameters : undefined;
}
