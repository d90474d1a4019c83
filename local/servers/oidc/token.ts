/**
 * Access tokens for scripts, tests and the command line: what the sign-in page would have led to, in one step.
 * Without an audience, as Cognito's are, so that both ways the gateway finds the client are in daily use.
 */
import { randomUUID } from 'node:crypto';
import { importJWK, type JWK, SignJWT } from 'jose';
import { accessClaims, type Person } from './people.ts';
import { SIGNING_ALGORITHM } from './signing-key.ts';

/** As long as the user pool's client gives on AWS. */
export const ACCESS_TOKEN_SECONDS = 30 * 60;

export interface TokenFor {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
}

export async function tokenFor(
  person: Person,
  issuer: string,
  clientId: string,
  key: JWK,
): Promise<TokenFor> {
  const token = new SignJWT({ ...accessClaims(person), client_id: clientId, scope: 'openid profile' })
    .setProtectedHeader({ alg: SIGNING_ALGORITHM, kid: key.kid ?? '', typ: 'at+jwt' })
    .setIssuer(issuer)
    .setSubject(person.id)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${ACCESS_TOKEN_SECONDS}s`);
  return {
    access_token: await token.sign(await importJWK(key, SIGNING_ALGORITHM)),
    token_type: 'Bearer',
    expires_in: ACCESS_TOKEN_SECONDS,
  };
}
