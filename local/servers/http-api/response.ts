/**
 * From what a function returned to what the client gets, by the rules of payload format 2.0: an object with a
 * statusCode is the response, anything else is the body of a 200, and a response that is not one is a 500.
 */
import * as v from 'valibot';
import { type Answer, gatewayAnswer } from './answer.ts';

const Scalar = v.union([v.string(), v.number(), v.boolean()]);

const ProxyResponse = v.object({
  statusCode: v.pipe(
    v.union([v.number(), v.string()]),
    v.transform(Number),
    v.integer(),
    v.minValue(100),
    v.maxValue(599),
  ),
  headers: v.nullish(v.record(v.string(), v.pipe(Scalar, v.transform(String))), {}),
  cookies: v.nullish(v.array(v.string()), []),
  body: v.nullish(v.string(), ''),
  isBase64Encoded: v.nullish(v.boolean(), false),
});

export function answerOf(payload: unknown): Answer {
  if (!hasStatusCode(payload)) return bareAnswer(payload);
  const parsed = v.safeParse(ProxyResponse, payload);
  if (!parsed.success) return gatewayAnswer(500, 'the function returned a malformed response');
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.output;
  return {
    status: statusCode,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...lowerCase(headers ?? {}) },
    cookies: cookies ?? [],
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
  };
}

function hasStatusCode(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && 'statusCode' in payload;
}

function bareAnswer(payload: unknown): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    cookies: [],
    body: Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload ?? null)),
  };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
