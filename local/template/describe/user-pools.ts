/** Cognito user pools and their clients; locally one issuer with one client replaces all of them. */
import * as v from 'valibot';
import type { UserPoolDescription } from '../description.ts';
import type { ResolvedStacks } from '../resolved-stacks.ts';
import { parseProperties } from './properties.ts';

const ClientProperties = v.object({ UserPoolId: v.string() });

/** Returns the user pools. */
export function describeUserPools(stacks: ResolvedStacks): UserPoolDescription[] {
  const clients = stacks.all('AWS::Cognito::UserPoolClient').map((resource) => ({
    id: resource.identity.ref,
    pool: parseProperties(ClientProperties, resource).UserPoolId,
  }));
  return stacks.all('AWS::Cognito::UserPool').map(({ logicalId, identity }) => ({
    logicalId,
    userPoolId: identity.ref,
    clientIds: clients.filter(({ pool }) => pool === identity.ref).map(({ id }) => id),
  }));
}
