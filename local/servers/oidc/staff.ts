/**
 * The staff that can sign in on this machine, without passwords: the local issuer replaces Cognito, and the
 * rest of the sign-in is the real one.
 */
export interface StaffMember {
  readonly id: string;
  readonly name: string;
  /** Cognito groups: `role:<role>` and `scope:<scope>`. */
  readonly groups: readonly string[];
}

/** Returns the claims that Cognito adds to the standard ones of an access token. */
export function accessClaims({ id, groups }: StaffMember): Record<string, unknown> {
  return { 'cognito:groups': groups, username: id, token_use: 'access' };
}
