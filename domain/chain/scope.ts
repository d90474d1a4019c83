/**
 * A scope is the part of the chain that a figure speaks of and that a person may see. People carry
 * scopes in their token; a store manager's ends at the store, a boss's is the chain.
 */
import { type CityId, isPlaceId, type RegionId, type StoreId } from './ids.ts';
import type { Store } from './store.ts';

export type Scope =
  | { readonly kind: 'store'; readonly id: StoreId }
  | { readonly kind: 'city'; readonly id: CityId }
  | { readonly kind: 'region'; readonly id: RegionId }
  | { readonly kind: 'chain' };

export const CHAIN: Scope = { kind: 'chain' };

/** Reads `store:sz01`, `city:shenzhen`, `region:south`, `chain`; undefined for anything else. */
export function parseScope(text: string): Scope | undefined {
  if (text === 'chain') return CHAIN;
  const [kind, id, ...more] = text.split(':');
  if (id === undefined || more.length > 0 || !isPlaceId(id)) return undefined;
  if (kind === 'store') return { kind, id: id as StoreId };
  if (kind === 'city') return { kind, id: id as CityId };
  if (kind === 'region') return { kind, id: id as RegionId };
  return undefined;
}

export const formatScope = (scope: Scope): string =>
  scope.kind === 'chain' ? 'chain' : `${scope.kind}:${scope.id}`;

/** Whether a store lies within a scope. */
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

/** The stores of a scope, out of all the chain's. */
export const storesWithin = (scope: Scope, stores: readonly Store[]): Store[] =>
  stores.filter((store) => covers(scope, store));

/**
 * Whether someone with these grants may read the figures of a scope: each of its stores has to be within a grant,
 * and a scope with no store in it may be read only by whoever holds the chain.
 */
export function mayRead(grants: readonly Scope[], scope: Scope, stores: readonly Store[]): boolean {
  if (grants.some((grant) => grant.kind === 'chain')) return true;
  const wanted = storesWithin(scope, stores);
  if (scope.kind === 'chain' || wanted.length === 0) return false;
  return wanted.every((store) => grants.some((grant) => covers(grant, store)));
}

/** The scopes among a token's groups: `scope:chain`, `scope:city:shenzhen`; other groups (roles) are passed over. */
export function scopesOfGroups(groups: readonly string[]): Scope[] {
  return groups.flatMap((group) => {
    const scope = group.startsWith('scope:') ? parseScope(group.slice('scope:'.length)) : undefined;
    return scope === undefined ? [] : [scope];
  });
}
