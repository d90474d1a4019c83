/**
 * What every function behind the HTTP API shares: one log line's context, one place that turns a broken
 * promise into a 500 without detail, and problem details for everything that is the caller's to mend.
 */
import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { isSafeNumber, parse as parseJson } from 'lossless-json';
import * as v from 'valibot';
import { fieldErrorsOf, type Problem, problem } from '#contracts/http/problems.ts';

/** An answer of a function; an object body is sent as JSON. */
export interface HttpResponse {
  readonly status: number;
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown to answer with problem details. */
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
  readonly handle: (event: Event, tools: { logger: Logger }) => Promise<HttpResponse>;
}

/** A Lambda handler around a flow that takes the gateway's event and gives an answer. */
export function httpHandler<Event extends APIGatewayProxyEventV2>({
  serviceName,
  handle,
}: HttpFunction<Event>) {
  const logger = new Logger({ serviceName });
  // Bodies hold customers' phone numbers, so no setting of the environment may have events logged.
  return middy<Event, APIGatewayProxyStructuredResultV2, Error, Context>()
    .use(injectLambdaContext(logger, { logEvent: false }))
    .handler(async (event) => {
      try {
        return written(await handle(event, { logger }));
      } catch (error) {
        return writtenProblem(error, logger);
      }
    });
}

function written({ status, body, headers }: HttpResponse): APIGatewayProxyStructuredResultV2 {
  const isText = typeof body === 'string';
  return {
    statusCode: status,
    headers: { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json', ...headers },
    body: isText ? body : JSON.stringify(body),
  };
}

function writtenProblem(error: unknown, logger: Logger): APIGatewayProxyStructuredResultV2 {
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
  const answer: Problem = {
    ...problem(500, 'internal', 'The request could not be served; try again later.'),
    instance,
  };
  return { statusCode: 500, headers, body: JSON.stringify(answer) };
}

/** JSON nested deeper than this is no message of ours, and would exhaust the stack of a parser. */
const DEPTH_MAX = 32;

/** A number as it was written, or not a number where a double would silently be another: 0.99999999999999999 is 1. */
const exactNumber = (written: string): number => (isSafeNumber(written) ? Number(written) : Number.NaN);

/**
 * The JSON body of a request, strictly: a key that stands twice with two values is refused, because the
 * sender and we would disagree on which one counts; so is text that was not UTF-8. A number that a double
 * does not hold is NaN, which no schema takes for a number.
 *
 * @throws HttpProblem 400, 413 or 415
 */
export function jsonBody(event: APIGatewayProxyEventV2, bytesMax: number): unknown {
  const type = event.headers['content-type'] ?? '';
  if (!/^application\/(?:[\w.+-]+\+)?json(?:\s*;|\s*$)/i.test(type)) {
    throw new HttpProblem(problem(415, 'not-json', 'Send application/json.'));
  }
  const text = bodyText(event, bytesMax);
  if (text.includes('\uFFFD'))
    throw new HttpProblem(problem(400, 'not-utf8', 'The body is not valid UTF-8.'));
  if (isDeeper(text, DEPTH_MAX)) {
    throw new HttpProblem(problem(400, 'too-deep', `The body is nested deeper than ${DEPTH_MAX} levels.`));
  }
  try {
    return parseJson(text, undefined, exactNumber);
  } catch (error) {
    throw new HttpProblem(
      problem(400, 'not-json', `The body is not JSON: ${(error as Error).message.slice(0, 200)}`),
    );
  }
}

const bodyText = (event: APIGatewayProxyEventV2, bytesMax: number): string =>
  bodyBytes(event, bytesMax, '; send it in parts').toString('utf8');

/**
 * The body of a request as bytes; the gateway hands on in base64 what it does not take for text.
 *
 * @throws HttpProblem 413
 */
export function bodyBytes(event: APIGatewayProxyEventV2, bytesMax: number, advice = ''): Buffer {
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

/** The query of a request, parsed; every fault at once in a 400. */
export function parsedQuery<Schema extends v.GenericSchema>(
  schema: Schema,
  event: APIGatewayProxyEventV2,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, event.queryStringParameters ?? {});
  if (parsed.success) return parsed.output;
  const faults = fieldErrorsOf(parsed.issues).map((fault) => ({
    ...fault,
    pointer: fault.pointer.replace('#/', '?'),
  }));
  throw new HttpProblem(problem(400, 'invalid-query', 'The query is not valid.', faults));
}

/** An answer checked against its contract on the way out, so that a broken promise is ours and a 500, not the caller's riddle. */
export function validatedResponse<Schema extends v.GenericSchema>(
  schema: Schema,
  body: v.InferInput<Schema>,
): HttpResponse {
  return { status: 200, body: v.parse(schema, body) as object, headers: { 'cache-control': 'no-store' } };
}
