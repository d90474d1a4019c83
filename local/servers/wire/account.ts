/**
 * The account that owns the local servers' resources. AWS names everything by region and account in its ARNs
 * and quotes the account in its errors, so the servers need one of each even though they check neither.
 */
export interface Account {
  readonly region: string;
  readonly accountId: string;
}

/** Twelve zeros are no real account, so a local ARN that reaches AWS by mistake names nothing there. */
export const LOCAL_ACCOUNT: Account = { region: 'us-east-1', accountId: '000000000000' };

/** Returns the ARN of a resource, which is written in the service's own form: `stream/events`. */
export function arnOf(service: string, account: Account, resource: string): string {
  return `arn:aws:${service}:${account.region}:${account.accountId}:${resource}`;
}
