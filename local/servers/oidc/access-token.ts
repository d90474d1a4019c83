/**
 * Access tokens for scripts, tests and the command line, without the sign-in page. They have no audience, as
 * Cognito's have none, while those of the sign-in page have one; so both ways in which the gateway finds the
 * client are used daily.
 */
import { randomUUID } from 'node:crypto';
import { importJWK, type JWK, SignJWT } from 'jose';
import { SIGNING_ALGORITHM } from './signing-key.ts';
import { accessClaims, type StaffMember } from './staff.ts';

/** The lifetime that the user pool's client has on AWS. */
export const ACCESS_TOKEN_SECONDS = 30 * 60;

/** The fields of an OAuth token response that clients of the shortcut read. */
export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
}

/** Returns a signed access token for a member of the staff. */
export async function issueAccessToken(
  member: StaffMember,
  issuer: string,
  clientId: string,
  key: JWK,
): Promise<TokenResponse> {
  const token = new SignJWT({ ...accessClaims(member), client_id: clientId, scope: 'openid profile' })
    .setProtectedHeader({ alg: SIGNING_ALGORITHM, kid: key.kid ?? '', typ: 'at+jwt' })
    .setIssuer(issuer)
    .setSubject(member.id)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${ACCESS_TOKEN_SECONDS}s`);
  return {
    access_token: await token.sign(await importJWK(key, SIGNING_ALGORITHM)),
    token_type: 'Bearer',
    expires_in: ACCESS_TOKEN_SECONDS,
  };
}
