/**
 * The people one can be on this machine. There are no passwords: the issuer stands in for Cognito so that the
 * rest of the sign-in is real, and whoever sits at the machine may be anybody.
 */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** As Cognito's groups: `role:<role>` and `scope:<scope>`. */
  readonly groups: readonly string[];
}

/** The claims Cognito puts into an access token besides the standard ones. */
export function accessClaims({ id, groups }: Person): Record<string, unknown> {
  return { 'cognito:groups': groups, username: id, token_use: 'access' };
}
