/**
 * The Lambda authorizer with simple responses: a function allows or denies a request and may add a context. Either
 * decision is cached by the identity sources for the template's time to live, so a revoked key works that much
 * longer, here as on AWS.
 */
import * as v from 'valibot';
import type { HttpApiDescription, LambdaAuthorizerDescription } from '../../template/description.ts';
import { ACCOUNT_ID, REGION } from '../../template/names.ts';
import { type Authorization, type Authorize, identitySource } from './authorizer.ts';
import { authorizerEvent, type RequestContext } from './event.ts';
import type { Invoke } from './integration.ts';
import { errorResponse } from './response.ts';

const SimpleResponse = v.object({
  isAuthorized: v.boolean(),
  context: v.nullish(v.record(v.string(), v.unknown()), {}),
});

/** A flood of invented keys must not fill the memory; beyond this the oldest decision is discarded. */
const CACHED_MAX = 10_000;

interface CachedDecision {
  readonly authorization: Authorization;
  readonly staleAtMs: number;
}

/**
 * Returns an authorizer that denies with 401 a request without the identity source, with 403 what the function denies,
 * and with 500 where the function fails. Failures are never cached.
 */
export function lambdaAuthorizer(
  api: HttpApiDescription,
  authorizer: LambdaAuthorizerDescription,
  invoke: Invoke,
  nowMs: () => number,
): Authorize {
  const cached = new Map<string, CachedDecision>();

  function cache(key: string, authorization: Authorization): void {
    cached.delete(key);
    cached.set(key, { authorization, staleAtMs: nowMs() + authorizer.ttlMs });
    const [oldest] = cached.keys();
    if (cached.size > CACHED_MAX && oldest !== undefined) cached.delete(oldest);
  }

  return async (context) => {
    const source = identitySource(authorizer.identitySources, context);
    if (!source) return { kind: 'denied', response: errorResponse(401, 'no identity source') };
    const key = JSON.stringify(source);
    const decision = cached.get(key);
    if (decision && decision.staleAtMs > nowMs()) return decision.authorization;

    const event = authorizerEvent(api, context, routeArn(api, context), source);
    const invocation = await invoke(authorizer.functionName, event);
    if (!invocation.ok) return failed(`the authorizer failed: ${invocation.error.errorMessage}`);
    const parsed = v.safeParse(SimpleResponse, invocation.payload);
    if (!parsed.success) return failed('the authorizer returned a malformed response');
    const authorization: Authorization = parsed.output.isAuthorized
      ? { kind: 'allowed', context: { lambda: parsed.output.context } }
      : { kind: 'denied', response: errorResponse(403, 'denied by the authorizer') };
    if (authorizer.ttlMs > 0) cache(key, authorization);
    return authorization;
  };
}

function failed(reason: string): Authorization {
  return { kind: 'denied', response: errorResponse(500, reason) };
}

function routeArn(api: HttpApiDescription, { request }: RequestContext): string {
  return `arn:aws:execute-api:${REGION}:${ACCOUNT_ID}:${api.apiId}/${api.stage}/${request.method}${request.path}`;
}
