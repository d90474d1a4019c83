/**
 * The Lambda authorizer with simple responses: a function says yes or no and adds what it knows. Its answer,
 * either way, is kept under the identity sources for the time the template gives, so a revoked key works that
 * much longer, here as on AWS.
 */
import * as v from 'valibot';
import type { HttpApiDescription, LambdaAuthorizerDescription } from '../../template/description.ts';
import { ACCOUNT_ID, REGION } from '../../template/names.ts';
import { gatewayAnswer } from './answer.ts';
import type { Authorization } from './authorization.ts';
import { authorizerEvent, type RequestFacts } from './event.ts';
import { identitySource } from './identity-source.ts';
import type { Invoke } from './invoke.ts';

const SimpleResponse = v.object({
  isAuthorized: v.boolean(),
  context: v.nullish(v.record(v.string(), v.unknown()), {}),
});

/** A flood of made-up keys must not fill the memory; the oldest answers make room. */
const CACHED_ANSWERS_MAX = 10_000;

interface CachedAnswer {
  readonly authorization: Authorization;
  readonly staleAtMs: number;
}

export function lambdaAuthorizer(
  api: HttpApiDescription,
  authorizer: LambdaAuthorizerDescription,
  invoke: Invoke,
  nowMs: () => number,
): (facts: RequestFacts) => Promise<Authorization> {
  const cached = new Map<string, CachedAnswer>();

  function remember(key: string, authorization: Authorization): void {
    cached.delete(key);
    cached.set(key, { authorization, staleAtMs: nowMs() + authorizer.ttlMs });
    const [oldest] = cached.keys();
    if (cached.size > CACHED_ANSWERS_MAX && oldest !== undefined) cached.delete(oldest);
  }

  return async (facts) => {
    const source = identitySource(authorizer.identitySources, facts);
    if (!source) return { kind: 'refused', answer: gatewayAnswer(401, 'no identity source') };
    const key = JSON.stringify(source);
    const known = cached.get(key);
    if (known && known.staleAtMs > nowMs()) return known.authorization;

    const event = authorizerEvent(api, facts, routeArn(api, facts), source);
    const invocation = await invoke(authorizer.functionName, event);
    if (!invocation.ok) return failed(`the authorizer failed: ${invocation.error.errorMessage}`);
    const parsed = v.safeParse(SimpleResponse, invocation.payload);
    if (!parsed.success) return failed('the authorizer returned a malformed response');
    const authorization: Authorization = parsed.output.isAuthorized
      ? { kind: 'admitted', context: { lambda: parsed.output.context } }
      : { kind: 'refused', answer: gatewayAnswer(403, 'the authorizer said no') };
    if (authorizer.ttlMs > 0) remember(key, authorization);
    return authorization;
  };
}

/** A failure is nobody's verdict on the key, so it is never kept. */
function failed(reason: string): Authorization {
  return { kind: 'refused', answer: gatewayAnswer(500, reason) };
}

function routeArn(api: HttpApiDescription, { request }: RequestFacts): string {
  return `arn:aws:execute-api:${REGION}:${ACCOUNT_ID}:${api.apiId}/${api.stage}/${request.method}${request.path}`;
}
