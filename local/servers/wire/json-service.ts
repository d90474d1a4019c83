/**
 * AWS's JSON protocols, 1.0 and 1.1: one POST per call, the operation named in a header, JSON both ways.
 *
 * Refusals travel as a JSON body with the code in `__type`. Signatures are not checked: the servers listen
 * on the loopback interface only, and any credentials will do.
 */
import { randomUUID } from 'node:crypto';
import { AwsError } from './aws-error.ts';
import { type Members, type Structure, structure, type Violation } from './shape.ts';
import type { Answer, Request } from './two-protocol-server.ts';

/** What an operation may know of the call besides its input. */
export interface Call {
  /** Aborted when the caller hangs up: nobody is left to receive what a long poll would hand out. */
  readonly hungUp: AbortSignal;
  /** How the caller reached the server, for the URLs it is given. */
  readonly origin: string;
}

export type Operation = (body: unknown, call: Call, refuse: Refuse) => unknown;

/** How a service words the limits a request breaks. */
type Refuse = (violations: readonly Violation[]) => AwsError;

export interface JsonService {
  readonly version: '1.0' | '1.1';
  /** What precedes the operation's name in the `x-amz-target` header. */
  readonly target: string;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly refuse: Refuse;
}

/** Ties an operation's shape to its code, so that the code sees nothing but valid input. */
export function operation<M extends Members>(
  members: M,
  run: (input: Structure<M>, call: Call) => unknown,
): Operation {
  const shape = structure(members);
  return (body, call, refuse) => {
    const violations: Violation[] = [];
    const input = shape(body ?? {}, '', violations);
    if (input === undefined || violations.length > 0) throw refuse(violations);
    return run(input, call);
  };
}

/** Carries one HTTP request to its operation and words the outcome, whatever it is. */
export async function answer(service: JsonService, request: Request): Promise<Answer> {
  const headers: Record<string, string> = {
    'content-type': `application/x-amz-json-${service.version}`,
    'x-amzn-requestid': randomUUID(),
  };
  const origin = `http://${request.headers[':authority'] ?? request.headers.host}`;
  const call: Call = { hungUp: request.hungUp, origin };
  try {
    const output = await operationOf(service, request)(parse(request.body), call, service.refuse);
    return { status: 200, headers, body: output === undefined ? '' : JSON.stringify(output) };
  } catch (error) {
    const refusal = error instanceof AwsError ? error : internalFailure(error);
    if (refusal.queryCode !== undefined) headers['x-amzn-query-error'] = `${refusal.queryCode};Sender`;
    const body = { __type: refusal.code, message: refusal.message };
    return { status: refusal.status, headers, body: JSON.stringify(body) };
  }
}

function operationOf(service: JsonService, request: Request): Operation {
  const target = request.headers['x-amz-target'];
  const full = typeof target === 'string' ? target : '';
  const name = full.startsWith(service.target) ? full.slice(service.target.length) : '';
  const found = Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
  if (found === undefined) throw new AwsError('UnknownOperationException', `Unknown operation ${full}`);
  return found;
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON');
  }
}

/** A defect of the server: the caller learns only that it may try again, the terminal learns why. */
function internalFailure(error: unknown): AwsError {
  console.error(error);
  return new AwsError('InternalFailure', 'The request processing has failed because of an internal error.', {
    status: 500,
  });
}
