/**
 * AWS's REST protocol with JSON: method and path name the operation, labels in the path are members of its
 * input, and the other members are the JSON body. An error has its code in the header `x-amzn-errortype`.
 *
 * The host name is ignored: AWS has one per part of the service, a local endpoint has one for all. Signatures
 * are not checked.
 */
import { randomUUID } from 'node:crypto';
import { AwsError } from '../wire/aws-error.ts';
import type { HttpRequest, HttpResponse } from '../wire/http-server.ts';
import { type Members, type Structure, structure, type Violation } from '../wire/shape.ts';
import { InvalidRequest, invalidInput, unknownOperation, unparseable } from './errors.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Route = `${Method} /${string}`;

export interface Operation {
  /** As the service model writes it: `POST /tracking/v0/trackers/{TrackerName}/positions`. */
  readonly route: Route;
  readonly run: (input: unknown) => unknown;
}

/** Returns an operation that parses its input by `members`, so that `run` receives valid input only. */
export function operation<M extends Members>(
  route: Route,
  members: M,
  run: (input: Structure<M>) => unknown,
): Operation {
  const shape = structure(members);
  return {
    route,
    run(body) {
      const violations: Violation[] = [];
      const input = shape(body, '', violations);
      if (input === undefined || violations.length > 0) throw invalidInput(violations);
      return run(input);
    },
  };
}

interface Match {
  readonly operation: Operation;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Returns a handler of requests to these operations. `admit` runs before each call and throws to reject it.
 */
export function restJsonService(
  operations: Readonly<Record<string, Operation>>,
  admit: (operationName: string) => void,
): (request: HttpRequest) => Promise<HttpResponse> {
  const routes = Object.entries(operations).map(([name, served]) => {
    const [method = '', path = ''] = served.route.split(' ');
    return { name, operation: served, method, segments: path.split('/') };
  });

  function matchOf({ method, target }: HttpRequest): Match {
    const path = pathOf(target).split('/');
    for (const route of routes) {
      if (route.method !== method || route.segments.length !== path.length) continue;
      const labels = labelsOf(route.segments, path);
      if (labels === undefined) continue;
      admit(route.name);
      return { operation: route.operation, labels };
    }
    throw unknownOperation();
  }

  return async (request) => {
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'x-amzn-requestid': randomUUID(),
    };
    try {
      const match = matchOf(request);
      const output = await match.operation.run({ ...parsedBody(request.body), ...match.labels });
      return { status: 200, headers, body: JSON.stringify(output ?? {}) };
    } catch (error) {
      const failure = errorOf(error);
      headers['x-amzn-errortype'] = failure.code;
      const details =
        failure instanceof InvalidRequest ? { reason: failure.reason, fieldList: failure.fieldList } : {};
      const body = { message: failure.message, ...details };
      return { status: failure.status, headers, body: JSON.stringify(body) };
    }
  };
}

/**
 * Returns the path of a request target, which is an absolute URL from clients that use the server as a proxy
 * (RFC 9112, 3.2.2).
 */
function pathOf(target: string): string {
  const [path = ''] = target.replace(/^https?:\/\/[^/]*/i, '').split('?');
  return path;
}

function labelsOf(segments: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  for (const [at, segment] of segments.entries()) {
    const value = path[at] ?? '';
    if (!segment.startsWith('{')) {
      if (segment !== value) return undefined;
    } else {
      labels[segment.slice(1, -1)] = decoded(value);
    }
  }
  return labels;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw unparseable('The path is not percent-encoded UTF-8');
  }
}

function parsedBody(body: Buffer): object {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw unparseable('The request body is not JSON');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw unparseable('The request body is not a JSON object');
}

function errorOf(error: unknown): AwsError {
  if (error instanceof AwsError) {
    // A shape throws this for a value of the wrong JSON type.
    return error.code === 'SerializationException' ? unparseable(error.message) : error;
  }
  // A defect of the server: the details are logged and not returned.
  console.error(error);
  return new AwsError('InternalServerException', 'Internal server error', { status: 500 });
}
