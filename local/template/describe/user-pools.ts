/** Cognito user pools and their clients: locally all of them are one issuer with one client. */
import * as v from 'valibot';
import type { UserPoolDescription } from '../description.ts';
import type { World } from '../world.ts';
import { parseProperties } from './properties.ts';

const ClientProperties = v.object({ UserPoolId: v.string() });

export function describeUserPools(world: World): UserPoolDescription[] {
  const clients = world.all('AWS::Cognito::UserPoolClient').map((resource) => ({
    id: resource.identity.ref,
    pool: parseProperties(ClientProperties, resource).UserPoolId,
  }));
  return world.all('AWS::Cognito::UserPool').map(({ logicalId, identity }) => ({
    logicalId,
    userPoolId: identity.ref,
    clientIds: clients.filter(({ pool }) => pool === identity.ref).map(({ id }) => id),
  }));
}
