/**
 * The JWT authorizer: verifies a token's signature by the issuer's published keys, then its issuer, audience and
 * times. Cognito's access tokens have no audience, so `client_id` is checked where `aud` is missing.
 */
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { JwtAuthorizerDescription } from '../../template/description.ts';
import { type Authorization, type Authorize, identitySource } from './authorizer.ts';
import { errorResponse } from './response.ts';

/** API Gateway verifies RSA signatures only. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];

/**
 * Returns an authorizer that denies with 401 a missing or invalid token, with 403 one without the route's scope, and
 * with 500 where the issuer's keys cannot be read.
 */
export function jwtAuthorizer(authorizer: JwtAuthorizerDescription, nowMs: () => number): Authorize {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const issuerKeys = () => {
    keys ??= discoverKeys(authorizer.issuer).catch((error: unknown) => {
      // The issuer may recover; the next request reads its keys again.
      keys = undefined;
      throw error;
    });
    return keys;
  };

  return async (context) => {
    const [source] = identitySource(authorizer.identitySources, context) ?? [];
    const token = source?.replace(/^bearer /i, '').trim();
    if (!token) return deny('no token', 'Bearer');
    try {
      const { payload } = await jwtVerify(token, await issuerKeys(), {
        issuer: authorizer.issuer,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp'],
        currentDate: new Date(nowMs()),
      });
      return authorize(payload, authorizer, context.match.route.scopes);
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) {
        const reason = `the issuer's keys could not be read: ${error}`;
        return { kind: 'denied', response: errorResponse(500, reason) };
      }
      return invalid(describe(error));
    }
  };
}

async function discoverKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`);
  if (!response.ok) throw new Error(`${issuer} responded with ${response.status}`);
  const { jwks_uri: jwksUri } = (await response.json()) as { jwks_uri: string };
  return createRemoteJWKSet(new URL(jwksUri));
}

function authorize(
  payload: JWTPayload,
  { audience }: JwtAuthorizerDescription,
  requiredScopes: readonly string[],
): Authorization {
  const audiences = payload.aud === undefined ? [payload['client_id']] : [payload.aud].flat();
  if (!audiences.some((one) => audience.includes(String(one))))
    return invalid('the token does not have a valid audience');
  const granted = String(payload['scope'] ?? payload['scp'] ?? '').split(' ');
  const scopes = requiredScopes.filter((scope) => granted.includes(scope));
  if (requiredScopes.length > 0 && scopes.length === 0) {
    const challenge = `Bearer scope="${requiredScopes.join(' ')}" error="insufficient_scope"`;
    const response = errorResponse(403, 'insufficient scope', { 'www-authenticate': challenge });
    return { kind: 'denied', response };
  }
  const claims = Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, claimText(value)]));
  return { kind: 'allowed', context: { jwt: { claims, scopes: requiredScopes.length > 0 ? scopes : null } } };
}

/** Returns a claim as the function receives it: as text, a list as its items in brackets, `[role:boss scope:chain]`. */
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
  return deny(description, `Bearer scope="" error="invalid_token" error_description="${description}"`);
}

function deny(reason: string, challenge: string): Authorization {
  return { kind: 'denied', response: errorResponse(401, reason, { 'www-authenticate': challenge }) };
}
