/**
 * Whose resources the local servers hold. AWS names everything by region and account in its ARNs, and
 * quotes the account in its refusals, so the servers need one of each even though they check neither.
 */
export interface Account {
  readonly region: string;
  readonly accountId: string;
}

/** Twelve zeros can be no real account, so a local ARN that strays onto AWS names nothing there. */
export const LOCAL_ACCOUNT: Account = { region: 'us-east-1', accountId: '000000000000' };

export function arnOf(service: string, account: Account, resource: string): string {
  return `arn:aws:${service}:${account.region}:${account.accountId}:${resource}`;
}
