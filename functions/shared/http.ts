/**
 * The base of every function behind the HTTP API: JSON responses, problem details (RFC 9457) for everything that the caller
 * can correct, and a 500 without detail for all other errors.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { isSafeNumber, parse as parseJson } from 'lossless-json';
import * as v from 'valibot';
import { fieldErrorsOf, type Problem, problem } from '#contracts/http/problems.ts';
import { eventHandler } from './event-handler.ts';

/** A response of a function; an object body is sent as JSON. */
export interface HttpResponse {
  readonly status: number;
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown to respond with problem details. */
export class HttpProblem extends Error {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(problem: Problem, headers: Readonly<Record<string, string>> = {}) {
    super(problem.detail ?? problem.title);
    this.name = 'HttpProblem';
    this.problem = problem;
    this.headers = headers;
  }
}

export interface HttpFunction<Event> {
  readonly serviceName: string;
  readonly handle: (event: Event) => Promise<HttpResponse>;
  /** Whether parameters that the function does not know are ignored: links that others extend, and pages. */
  readonly ignoresUnknownQuery?: boolean;
}

/** Returns a Lambda handler around a flow that takes the gateway's event and returns a response. */
export function httpHandler<Event extends APIGatewayProxyEventV2>({
  serviceName,
  handle,
  ignoresUnknownQuery = false,
}: HttpFunction<Event>) {
  return eventHandler<Event, APIGatewayProxyStructuredResultV2>({
    serviceName,
    handle: async (event, { logger }) => {
      try {
        const result = await handle(event);
        if (!ignoresUnknownQuery && !withParsedQuery.has(event)) rejectUnknown(event, []);
        return toResult(result);
      } catch (error) {
        return toProblemResult(error, logger);
      }
    },
  });
}

function toResult({ status, body, headers }: HttpResponse): APIGatewayProxyStructuredResultV2 {
  const isText = typeof body === 'string';
  return {
    statusCode: status,
    headers: { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json', ...headers },
    body: isText ? body : JSON.stringify(body),
  };
}

function toProblemResult(error: unknown, logger: Logger): APIGatewayProxyStructuredResultV2 {
  const headers = { 'content-type': 'application/problem+json' };
  if (error instanceof HttpProblem) {
    return {
      statusCode: error.problem.status,
      headers: { ...headers, ...error.headers },
      body: JSON.stringify(error.problem),
    };
  }
  const instance = `urn:uuid:${randomUUID()}`;
  logger.error('request failed', { instance, error: error as Error });
  const response: Problem = {
    ...problem(500, 'internal', 'The request could not be served; try again later.'),
    instance,
  };
  return { statusCode: 500, headers, body: JSON.stringify(response) };
}

/** Requests whose query was parsed by a schema; that of any other request has to be empty. */
const withParsedQuery = new WeakSet<APIGatewayProxyEventV2>();

/**
 * Rejects parameters of a reading request that it does not know: `order=asc` that is ignored would be believed.
 *
 * @throws HttpProblem 400
 */
function rejectUnknown(event: APIGatewayProxyEventV2, known: readonly string[]): void {
  const isRead = event.requestContext?.http?.method === 'GET';
  const unknown = Object.keys(event.queryStringParameters ?? {}).filter((name) => !known.includes(name));
  if (!isRead || unknown.length === 0) return;
  const takes = known.length === 0 ? 'none' : known.join(', ');
  throw new HttpProblem(
    problem(
      400,
      'invalid-query',
      'The query is not valid.',
      unknown.map((name) => ({
        pointer: `?${name}`,
        detail: `is not a parameter of this request; it takes ${takes}`,
      })),
    ),
  );
}

/** No message of the API is nested deeper; deeper JSON would exhaust a parser's stack. */
const DEPTH_MAX = 32;

/**
 * How the numbers of a body are read. `exact`: NaN where a double cannot hold a number as written, because
 * 0.99999999999999999 of a price would silently become 1. `double`: the nearest double, for measurements, which phones and
 * cameras print with more digits than they have.
 */
export type NumberRule = 'exact' | 'double';

const NUMBERS: Readonly<Record<NumberRule, (written: string) => number>> = {
  exact: (written) => (isSafeNumber(written) ? Number(written) : Number.NaN),
  // 1e999 has no double but infinity, which is no measurement.
  double: (written) => (Number.isFinite(Number(written)) ? Number(written) : Number.NaN),
};

/**
 * Parses the JSON body of a request, strictly: a key that occurs twice with two values is rejected, because sender and
 * receiver could disagree on which one counts; so is text that was not UTF-8. A number that cannot be read becomes NaN, which
 * no schema accepts as a number.
 *
 * @throws HttpProblem 400, 413 or 415
 */
export function jsonBody(
  event: APIGatewayProxyEventV2,
  bytesMax: number,
  numbers: NumberRule = 'exact',
): unknown {
  const type = event.headers['content-type'] ?? '';
  if (!/^application\/(?:[\w.+-]+\+)?json(?:\s*;|\s*$)/i.test(type)) {
    throw new HttpProblem(problem(415, 'not-json', 'Send application/json.'));
  }
  const text = bodyText(event, bytesMax);
  if (text.startsWith('\uFEFF')) {
    const detail = 'The body begins with a byte order mark; send UTF-8 without one.';
    throw new HttpProblem(problem(400, 'not-json', detail));
  }
  if (text.includes('\uFFFD'))
    throw new HttpProblem(problem(400, 'not-utf8', 'The body is not valid UTF-8.'));
  if (isDeeper(text, DEPTH_MAX)) {
    throw new HttpProblem(problem(400, 'too-deep', `The body is nested deeper than ${DEPTH_MAX} levels.`));
  }
  try {
    return parseJson(text, undefined, NUMBERS[numbers]);
  } catch (error) {
    throw new HttpProblem(
      problem(400, 'not-json', `The body is not JSON: ${(error as Error).message.slice(0, 200)}`),
    );
  }
}

const bodyText = (event: APIGatewayProxyEventV2, bytesMax: number): string =>
  bodyBytes(event, bytesMax, '; send it in parts').toString('utf8');

/**
 * Returns the body of a request as bytes; the gateway passes on in base64 what it does not take for text.
 *
 * @throws HttpProblem 413, and 415 for a compressed body
 */
export function bodyBytes(event: APIGatewayProxyEventV2, bytesMax: number, advice = ''): Buffer {
  const encoding = event.headers['content-encoding'] ?? 'identity';
  if (!/^identity$/i.test(encoding.trim())) {
    throw new HttpProblem(
      problem(
        415,
        'encoding-not-supported',
        `Send the body without content-encoding ${encoding.slice(0, 40)}.`,
      ),
    );
  }
  const tooLarge = new HttpProblem(
    problem(413, 'too-large', `The body is larger than ${bytesMax} bytes${advice}.`),
  );
  const body = event.body ?? '';
  if (body.length > bytesMax * 2) throw tooLarge;
  const bytes = Buffer.from(body, event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.byteLength > bytesMax) throw tooLarge;
  return bytes;
}

function isDeeper(text: string, depthMax: number): boolean {
  let depth = 0;
  let isInText = false;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (isInText) {
      if (character === 0x5c) i++;
      else if (character === 0x22) isInText = false;
    } else if (character === 0x22) isInText = true;
    else if (character === 0x5b || character === 0x7b) {
      depth++;
      if (depth > depthMax) return true;
    } else if (character === 0x5d || character === 0x7d) depth--;
  }
  return false;
}

export interface BodyRules {
  readonly bytesMax: number;
  /** The slug of the problem where the body does not match. */
  readonly name: string;
  readonly detail?: string;
  /** Default: exact. */
  readonly numbers?: NumberRule;
}

/**
 * Returns the JSON body of a request, parsed by a schema; all field errors are reported at once.
 *
 * @throws HttpProblem 400, 413 or 415
 */
export function parsedBody<Schema extends v.GenericSchema>(
  schema: Schema,
  event: APIGatewayProxyEventV2,
  { bytesMax, name, detail = 'The body is not valid.', numbers }: BodyRules,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, jsonBody(event, bytesMax, numbers));
  if (parsed.success) return parsed.output;
  throw new HttpProblem(problem(400, name, detail, fieldErrorsOf(parsed.issues)));
}

/**
 * Returns the query of a request, parsed by a schema; all field errors are reported at once.
 *
 * @throws HttpProblem 400
 */
export function parsedQuery<Schema extends v.GenericSchema & { readonly entries: object }>(
  schema: Schema,
  event: APIGatewayProxyEventV2,
): v.InferOutput<Schema> {
  withParsedQuery.add(event);
  rejectUnknown(event, Object.keys(schema.entries));
  const parsed = v.safeParse(schema, event.queryStringParameters ?? {});
  if (parsed.success) return parsed.output;
  const errors = fieldErrorsOf(parsed.issues).map((error) => ({
    ...error,
    pointer: error.pointer.replace('#/', '?'),
  }));
  throw new HttpProblem(problem(400, 'invalid-query', 'The query is not valid.', errors));
}

/** Returns a response checked against its contract, so that a mismatch is a 500 here and not an error in the client. */
export function validatedResponse<Schema extends v.GenericSchema>(
  schema: Schema,
  body: v.InferInput<Schema>,
): HttpResponse {
  return { status: 200, body: v.parse(schema, body) as object, headers: { 'cache-control': 'no-store' } };
}
