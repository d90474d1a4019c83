/** Requests as the HTTP API passes them to a function, with Lambda's context. */

import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { defined } from '#application/support/defined.ts';

export interface Request {
  readonly body?: string | Uint8Array;
  readonly contentType?: string | undefined;
  readonly query?: Readonly<Record<string, string>>;
  /** The authorizer's context. */
  readonly authorizer?: object;
  /** Arrival at the API. */
  readonly atMs?: number;
}

/** A body of bytes is encoded in base64, like the API does with content types other than text. */
export function httpEvent<Event extends APIGatewayProxyEventV2 = APIGatewayProxyEventV2>({
  body,
  contentType = 'application/json',
  query,
  authorizer,
  atMs = Date.now(),
}: Request): Event {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/',
    rawQueryString: '',
    headers: contentType === '' ? {} : { 'content-type': contentType },
    ...defined({ queryStringParameters: query }),
    requestContext: { timeEpoch: atMs, ...defined({ authorizer }) },
    ...(body === undefined
      ? {}
      : { body: typeof body === 'string' ? body : Buffer.from(body).toString('base64') }),
    isBase64Encoded: typeof body === 'object',
  } as unknown as Event;
}

export const LAMBDA_CONTEXT = {
  awsRequestId: '00000000-0000-4000-8000-000000000000',
  functionName: 'test',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:test',
  memoryLimitInMB: '256',
  getRemainingTimeInMillis: () => 10_000,
} as unknown as Context;
