/**
 * AWS's JSON protocols, 1.0 and 1.1: one POST per call, the operation named in a header, JSON both ways.
 *
 * Errors are a JSON body with the code in `__type`. Signatures are not checked: the servers listen
 * on the loopback interface only, and any credentials will do.
 */
import { randomUUID } from 'node:crypto';
import { AwsError } from './aws-error.ts';
import type { HttpRequest, HttpResponse } from './http-server.ts';
import { type Members, type Structure, structure, type Violation } from './shape.ts';

/** The context of a call, besides its input. */
export interface Call {
  /** Aborted when the client disconnects: a long poll then has no receiver for its messages. */
  readonly signal: AbortSignal;
  /** The origin under which the client reached the server, for URLs in responses. */
  readonly origin: string;
}

export type Operation = (body: unknown, call: Call, toError: ToError) => unknown;

/** Turns the limits that a request violates into the service's error. */
export type ToError = (violations: readonly Violation[]) => AwsError;

export interface JsonService {
  readonly version: '1.0' | '1.1';
  /** The prefix of the operation's name in the `x-amz-target` header. */
  readonly target: string;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly toError: ToError;
}

/** Returns an operation that parses its body by `members`, so that `run` receives valid input only. */
export function operation<M extends Members>(
  members: M,
  run: (input: Structure<M>, call: Call) => unknown,
): Operation {
  const shape = structure(members);
  return (body, call, toError) => {
    const violations: Violation[] = [];
    const input = shape(body ?? {}, '', violations);
    if (input === undefined || violations.length > 0) throw toError(violations);
    return run(input, call);
  };
}

/** Runs the operation that an HTTP request names and returns its output, or its error, as a response. */
export async function handleJson(service: JsonService, request: HttpRequest): Promise<HttpResponse> {
  const headers: Record<string, string> = {
    'content-type': `application/x-amz-json-${service.version}`,
    'x-amzn-requestid': randomUUID(),
  };
  const origin = `http://${request.headers[':authority'] ?? request.headers.host}`;
  const call: Call = { signal: request.signal, origin };
  try {
    const output = await operationOf(service, request)(parse(request.body), call, service.toError);
    return { status: 200, headers, body: output === undefined ? '' : JSON.stringify(output) };
  } catch (error) {
    const { code, message, status, queryCode } = error instanceof AwsError ? error : internalFailure(error);
    if (queryCode !== undefined) headers['x-amzn-query-error'] = `${queryCode};Sender`;
    return { status, headers, body: JSON.stringify({ __type: code, message }) };
  }
}

function operationOf(service: JsonService, request: HttpRequest): Operation {
  const target = request.headers['x-amz-target'];
  const full = typeof target === 'string' ? target : '';
  const name = full.startsWith(service.target) ? full.slice(service.target.length) : '';
  const named = Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
  if (named === undefined) throw new AwsError('UnknownOperationException', `Unknown operation ${full}`);
  return named;
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON');
  }
}

/** Returns the error for a defect of the server: clients may retry it; the cause is printed and never sent. */
function internalFailure(error: unknown): AwsError {
  console.error(error);
  return new AwsError('InternalFailure', 'The request processing has failed because of an internal error.', {
    status: 500,
  });
}
