/**
 * A scope is a part of the chain: a store, a city, a region or all of it. Figures are computed for a scope, and staff may
 * read the scopes in their token: a store manager's is the store, the owner's is the chain.
 */
import { type CityId, isPlaceId, type RegionId, type StoreId } from './ids.ts';
import type { Store } from './store.ts';

export type Scope =
  | { readonly kind: 'store'; readonly id: StoreId }
  | { readonly kind: 'city'; readonly id: CityId }
  | { readonly kind: 'region'; readonly id: RegionId }
  | { readonly kind: 'chain' };

export const CHAIN: Scope = { kind: 'chain' };

/** Parses `store:sz01`, `city:shenzhen`, `region:south`, `chain`; undefined for anything else. */
export function parseScope(text: string): Scope | undefined {
  if (text === 'chain') return CHAIN;
  const [kind, id, ...more] = text.split(':');
  if (id === undefined || more.length > 0 || !isPlaceId(id)) return undefined;
  if (kind === 'store') return { kind, id: id as StoreId };
  if (kind === 'city') return { kind, id: id as CityId };
  if (kind === 'region') return { kind, id: id as RegionId };
  return undefined;
}

/** Formats a scope as `parseScope` reads it: `city:shenzhen`. */
export const formatScope = (scope: Scope): string =>
  scope.kind === 'chain' ? 'chain' : `${scope.kind}:${scope.id}`;

/** Reports whether a store lies within a scope. */
export function covers(scope: Scope, store: Store): boolean {
  switch (scope.kind) {
    case 'chain':
      return true;
    case 'region':
      return store.regionId === scope.id;
    case 'city':
      return store.cityId === scope.id;
    case 'store':
      return store.storeId === scope.id;
  }
}

/** Returns the stores of a scope, out of all stores of the chain. */
export const storesWithin = (scope: Scope, stores: readonly Store[]): Store[] =>
  stores.filter((store) => covers(scope, store));

/**
 * Reports whether a staff member with these grants may read the figures of a scope: every store of it has to be within a
 * grant. A scope without stores needs a grant for the whole chain.
 *
 * @param stores all stores of the chain
 */
export function mayRead(grants: readonly Scope[], scope: Scope, stores: readonly Store[]): boolean {
  if (grants.some((grant) => grant.kind === 'chain')) return true;
  const requested = storesWithin(scope, stores);
  if (scope.kind === 'chain' || requested.length === 0) return false;
  return requested.every((store) => grants.some((grant) => covers(grant, store)));
}

/** Returns the scopes among a token's groups: `scope:chain`, `scope:city:shenzhen`; other groups (roles) are ignored. */
export function scopesOfGroups(groups: readonly string[]): Scope[] {
  return groups.flatMap((group) => {
    const scope = group.startsWith('scope:') ? parseScope(group.slice('scope:'.length)) : undefined;
    return scope === undefined ? [] : [scope];
  });
}
