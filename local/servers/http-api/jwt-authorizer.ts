/**
 * The JWT authorizer: the token's signature by the issuer's published keys, then its issuer, audience and
 * times. Cognito's access tokens have no audience, so `client_id` stands in where `aud` is missing.
 */
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { JwtAuthorizerDescription } from '../../template/description.ts';
import { gatewayAnswer } from './answer.ts';
import type { Authorization } from './authorization.ts';
import type { RequestFacts } from './event.ts';
import { identitySource } from './identity-source.ts';

/** API Gateway verifies RSA signatures only. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];

export function jwtAuthorizer(
  authorizer: JwtAuthorizerDescription,
  nowMs: () => number,
): (facts: RequestFacts) => Promise<Authorization> {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const issuerKeys = () => {
    keys ??= discoverKeys(authorizer.issuer).catch((error: unknown) => {
      // The issuer may come back; the next request asks again.
      keys = undefined;
      throw error;
    });
    return keys;
  };

  return async (facts) => {
    const [source] = identitySource(authorizer.identitySources, facts) ?? [];
    const token = source?.replace(/^bearer /i, '').trim();
    if (!token) return refuse('no token', 'Bearer');
    try {
      const { payload } = await jwtVerify(token, await issuerKeys(), {
        issuer: authorizer.issuer,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp'],
        currentDate: new Date(nowMs()),
      });
      return admit(payload, authorizer, facts.match.route.scopes);
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) {
        return {
          kind: 'refused',
          answer: gatewayAnswer(500, `the issuer's keys could not be read: ${error}`),
        };
      }
      return invalid(describe(error));
    }
  };
}

async function discoverKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`);
  if (!response.ok) throw new Error(`${issuer} answered ${response.status}`);
  const { jwks_uri: jwksUri } = (await response.json()) as { jwks_uri: string };
  return createRemoteJWKSet(new URL(jwksUri));
}

function admit(
  payload: JWTPayload,
  { audience }: JwtAuthorizerDescription,
  scopesAsked: readonly string[],
): Authorization {
  const meantFor = payload.aud === undefined ? [payload['client_id']] : [payload.aud].flat();
  if (!meantFor.some((one) => audience.includes(String(one))))
    return invalid('the token does not have a valid audience');
  const held = String(payload['scope'] ?? payload['scp'] ?? '').split(' ');
  const scopes = scopesAsked.filter((scope) => held.includes(scope));
  if (scopesAsked.length > 0 && scopes.length === 0) {
    const challenge = `Bearer scope="${scopesAsked.join(' ')}" error="insufficient_scope"`;
    return {
      kind: 'refused',
      answer: gatewayAnswer(403, 'insufficient scope', { 'www-authenticate': challenge }),
    };
  }
  const claims = Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, claimText(value)]));
  return { kind: 'admitted', context: { jwt: { claims, scopes: scopesAsked.length > 0 ? scopes : null } } };
}

/** Claims reach the function as text, and a list as its items between brackets: `[role:boss scope:chain]`. */
function claimText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(claimText).join(' ')}]`;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

function describe(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `invalid claim: ${error.claim}`;
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature is invalid';
  return 'the token is invalid';
}

function invalid(description: string): Authorization {
  return refuse(description, `Bearer scope="" error="invalid_token" error_description="${description}"`);
}

function refuse(reason: string, challenge: string): Authorization {
  return { kind: 'refused', answer: gatewayAnswer(401, reason, { 'www-authenticate': challenge }) };
}
