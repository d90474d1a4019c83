/**
 * The person behind a request, as their access token says. The gateway checked the token; it hands a
 * claim that is a list on as one text, `[role:boss scope:chain]`, which is undone here and nowhere else.
 */
import type { APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';
import { grantsOf, type Scope } from '#domain/chain/scope.ts';

export type CallerEvent = APIGatewayProxyEventV2WithJWTAuthorizer;

/** The scopes that the caller holds; none for a token without groups. */
export function grantsOfCaller(event: CallerEvent): Scope[] {
  const claim = event.requestContext.authorizer?.jwt?.claims?.['cognito:groups'];
  if (Array.isArray(claim)) return grantsOf(claim);
  const groups = String(claim ?? '').replace(/^\[|\]$/g, '');
  return grantsOf(groups.split(/[\s,]+/));
}
