/**
 * Roles and scopes of the staff member behind a request, from their access token. The gateway verified the token; it
 * passes a list claim on as one string, `[role:boss scope:chain]`, which is parsed here and nowhere else.
 */
import type { APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';
import type { ChainStore } from '#application/ports/chain-store.ts';
import { problem } from '#contracts/http/problems.ts';
import { formatScope, mayRead, type Scope, scopesOfGroups, storesWithin } from '#domain/chain/staff-scope.ts';
import type { Store } from '#domain/chain/store.ts';
import { HttpProblem } from './http.ts';

export type StaffEvent = APIGatewayProxyEventV2WithJWTAuthorizer;

function groupsOfCaller(event: StaffEvent): string[] {
  const claim = event.requestContext.authorizer?.jwt?.claims?.['cognito:groups'];
  if (Array.isArray(claim)) return claim.map(String);
  // Groups are taken as they come: a name cannot hold a space, but commas, and one group must never read as two.
  const groups = String(claim ?? '').replace(/^\[|\]$/g, '');
  return groups.split(' ');
}

/** Returns the scopes that the caller holds; none for a token without groups. */
export const staffScopes = (event: StaffEvent): Scope[] => scopesOfGroups(groupsOfCaller(event));

/**
 * Roles that permit to act. A scope permits to read: who may see a store's figures may not for that write to its customers,
 * and who holds the whole chain may not for that erase anyone.
 */
export type ActingRole = 'campaign-editor' | 'privacy-officer';

/** Returns whether the caller has a role. */
export const hasRole = (event: StaffEvent, role: ActingRole): boolean =>
  groupsOfCaller(event).includes(`role:${role}`);

/**
 * Admits callers with a role that permits to act.
 *
 * @param act what it permits, as in "to edit campaigns"
 * @throws HttpProblem 403
 */
export function requireRole(event: StaffEvent, role: ActingRole, act: string): void {
  if (!hasRole(event, role))
    throw new HttpProblem(problem(403, 'role-missing', `You need role:${role} ${act}.`));
}

/** Returns a check of whether the caller's token holds a scope. */
export function staffScopeCheck(event: StaffEvent, stores: readonly Store[]): (scope: Scope) => boolean {
  const grants = staffScopes(event);
  return (scope) => mayRead(grants, scope, stores);
}

/**
 * Returns the stores of a scope and the chain's currency.
 *
 * @throws HttpProblem 403 where the caller's token does not hold the scope, 404 where the scope has no stores
 */
export async function requireScope(
  event: StaffEvent,
  scope: Scope,
  chainStore: Pick<ChainStore, 'chain' | 'stores'>,
): Promise<{ readonly stores: Store[]; readonly currency: string }> {
  const [chain, all] = await Promise.all([chainStore.chain(), chainStore.stores()]);
  if (!mayRead(staffScopes(event), scope, all)) {
    throw new HttpProblem(
      problem(403, 'scope-not-granted', `Your token does not grant ${formatScope(scope)}.`),
    );
  }
  const stores = storesWithin(scope, all);
  if (chain === undefined || stores.length === 0) {
    throw new HttpProblem(problem(404, 'empty-scope', `There is no store in ${formatScope(scope)}.`));
  }
  return { stores, currency: chain.currency };
}

/**
 * Returns one store that the caller may read.
 *
 * @throws HttpProblem 403 where the caller's token does not hold the store, 404 where it does not exist
 */
export async function requireStore(
  event: StaffEvent,
  storeId: Store['storeId'],
  chainStore: Pick<ChainStore, 'chain' | 'stores'>,
): Promise<Store> {
  const { stores } = await requireScope(event, { kind: 'store', id: storeId }, chainStore);
  const [store] = stores;
  if (store === undefined) throw new Error(`the scope of store ${storeId} has no store`);
  return store;
}
