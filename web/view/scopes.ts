/**
 * The scopes a user may select: their stores, and the cities, regions and chain granted to them as a whole. A city of which
 * only some stores are granted is not offered, because the user may not see its figures.
 */
import type { StoresResponse } from '#contracts/http/figures.ts';
import { parseScope, type Scope } from '#domain/chain/staff-scope.ts';
import type { Language, Words } from './words.ts';

export type StoreRow = StoresResponse['stores'][number];

export interface ScopeChoice {
  /** The API's notation: `store:sz01`. */
  readonly value: string;
  readonly kind: Scope['kind'];
  readonly label: string;
}

/** Returns a store's name in the language, or its only name. */
export const storeLabel = (store: StoreRow, language: Language): string =>
  language === 'zh' && store.nameZh !== null ? store.nameZh : store.name;

const grantsOfKind = (grants: readonly string[], kind: Scope['kind']): Set<string> =>
  new Set(
    grants.flatMap((text) => {
      const grant = parseScope(text);
      return grant !== undefined && grant.kind === kind && grant.kind !== 'chain' ? [grant.id] : [];
    }),
  );

/** Returns the choices from the chain down to the stores, sorted by label within a level. */
export function scopeChoices(response: StoresResponse, language: Language, words: Words): ScopeChoice[] {
  const isChainGranted = response.grants.includes('chain');
  const regionGrants = grantsOfKind(response.grants, 'region');
  const cityGrants = grantsOfKind(response.grants, 'city');
  const regions = new Set<string>();
  const cities = new Set<string>();
  for (const store of response.stores) {
    const isRegionGranted = isChainGranted || regionGrants.has(store.region);
    if (isRegionGranted) regions.add(store.region);
    if (isRegionGranted || cityGrants.has(store.city)) cities.add(store.city);
  }
  const byLabel = (a: ScopeChoice, b: ScopeChoice) => a.label.localeCompare(b.label, language);
  const areas = (kind: 'region' | 'city', ids: ReadonlySet<string>): ScopeChoice[] =>
    [...ids].map((id) => ({ value: `${kind}:${id}`, kind, label: id })).sort(byLabel);
  return [
    ...(isChainGranted ? [{ value: 'chain', kind: 'chain' as const, label: words.wholeChain }] : []),
    ...areas('region', regions),
    ...areas('city', cities),
    ...response.stores
      .map((store) => ({
        value: `store:${store.id}`,
        kind: 'store' as const,
        label: storeLabel(store, language),
      }))
      .sort(byLabel),
  ];
}

/** Returns the last scope if it is still among the choices, otherwise the widest choice; undefined without choices. */
export function firstChoice(choices: readonly ScopeChoice[], last: string | null): string | undefined {
  return choices.find(({ value }) => value === last)?.value ?? choices[0]?.value;
}

/** Returns the stores within a scope, out of those that the user may see. */
export function storesOf(response: StoresResponse, scope: string): StoreRow[] {
  const parsed = parseScope(scope);
  return response.stores.filter((store) => {
    switch (parsed?.kind) {
      case 'chain':
        return true;
      case 'region':
        return store.region === parsed.id;
      case 'city':
        return store.city === parsed.id;
      case 'store':
        return store.id === parsed.id;
      default:
        return false;
    }
  });
}

export interface ScopeDay {
  /** The business day whose figures are queried. */
  readonly day: string;
  /** Time zone in which its hours are shown. */
  readonly timeZone: string;
  /** Stores of the scope on another business day, because of their time zone or day cut. */
  readonly onOtherDay: readonly StoreRow[];
}

/** Returns the current business day of most stores, the later one on a tie; undefined without stores. */
export function dayOf(stores: readonly StoreRow[]): ScopeDay | undefined {
  const day = mostCommon(stores.map(({ today }) => today));
  const timeZone = mostCommon(stores.map((store) => store.timeZone));
  if (day === undefined || timeZone === undefined) return undefined;
  return { day, timeZone, onOtherDay: stores.filter(({ today }) => today !== day) };
}

function mostCommon(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? 1 : -1))[0]?.[0];
}
