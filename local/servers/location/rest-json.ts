/**
 * AWS's REST protocol with JSON: a method and a path name the operation, labels in the path are members of its input, and the rest
 * of the input is the body. A refusal names its code in a header.
 *
 * Hosts do not count: AWS has one for each part of the service, a local endpoint one for all. Nor are signatures checked.
 */
import { randomUUID } from 'node:crypto';
import { AwsError } from '../wire/aws-error.ts';
import type { HttpRequest, HttpResponse } from '../wire/http-server.ts';
import { type Members, type Structure, structure, type Violation } from '../wire/shape.ts';
import { InvalidRequest, invalidInput, unknownOperation, unreadable } from './errors.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Route = `${Method} /${string}`;

export interface Operation {
  /** As the service model writes it: `POST /tracking/v0/trackers/{TrackerName}/positions`. */
  readonly route: Route;
  readonly run: (input: unknown) => unknown;
}

/** Ties an operation's shape to its code, so that the code sees nothing but valid input. */
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

interface Routed {
  readonly operation: Operation;
  readonly labels: Readonly<Record<string, string>>;
}

/** Answers requests to these operations. `admit` is asked before each, and refuses by throwing. */
export function restJsonService(
  operations: Readonly<Record<string, Operation>>,
  admit: (operationName: string) => void,
): (request: HttpRequest) => Promise<HttpResponse> {
  const routes = Object.entries(operations).map(([name, one]) => {
    const [method = '', path = ''] = one.route.split(' ');
    return { name, operation: one, method, segments: path.split('/') };
  });

  function routed({ method, target }: HttpRequest): Routed {
    const asked = pathOf(target).split('/');
    for (const route of routes) {
      if (route.method !== method || route.segments.length !== asked.length) continue;
      const labels = labelsOf(route.segments, asked);
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
      const found = routed(request);
      const output = await found.operation.run({ ...parsed(request.body), ...found.labels });
      return { status: 200, headers, body: JSON.stringify(output ?? {}) };
    } catch (error) {
      const refusal = refusalOf(error);
      headers['x-amzn-errortype'] = refusal.code;
      const details =
        refusal instanceof InvalidRequest ? { reason: refusal.reason, fieldList: refusal.fieldList } : {};
      const body = { message: refusal.message, ...details };
      return { status: refusal.status, headers, body: JSON.stringify(body) };
    }
  };
}

/** A client behind a proxy asks it for a whole URL, and every HTTP server has to understand that as well. */
function pathOf(target: string): string {
  const [path = ''] = target.replace(/^https?:\/\/[^/]*/i, '').split('?');
  return path;
}

function labelsOf(segments: readonly string[], asked: readonly string[]): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  for (const [at, segment] of segments.entries()) {
    const value = asked[at] ?? '';
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
    throw unreadable('The path is not percent-encoded UTF-8');
  }
}

function parsed(body: Buffer): object {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw unreadable('The request body is not JSON');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw unreadable('The request body is not a JSON object');
}

function refusalOf(error: unknown): AwsError {
  if (error instanceof AwsError) {
    // What the shapes say of a value of another JSON type than it should be.
    return error.code === 'SerializationException' ? unreadable(error.message) : error;
  }
  // A defect of the server: the caller learns only that it may try again, the terminal learns why.
  console.error(error);
  return new AwsError('InternalServerException', 'Internal server error', { status: 500 });
}
