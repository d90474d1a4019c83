/**
 * What a person may choose to look at: their stores, and the cities, regions and the chain that they hold as a
 * whole. A city of which somebody holds one store out of three is not offered, because its figures are not theirs.
 */
import type { StoresAnswer } from '#contracts/figures.ts';
import { parseScope, type Scope } from '#domain/chain/scope.ts';
import type { Language, Words } from './words.ts';

export type StoreRow = StoresAnswer['stores'][number];

export interface ScopeChoice {
  /** As it travels: `store:sz01`. */
  readonly value: string;
  readonly kind: Scope['kind'];
  readonly label: string;
}

export const storeLabel = (store: StoreRow, language: Language): string =>
  language === 'zh' && store.nameZh !== null ? store.nameZh : store.name;

const grantsOfKind = (grants: readonly string[], kind: Scope['kind']): Set<string> =>
  new Set(
    grants.flatMap((text) => {
      const grant = parseScope(text);
      return grant !== undefined && grant.kind === kind && grant.kind !== 'chain' ? [grant.id] : [];
    }),
  );

/** The choices, from the whole down to the single store; within a level by name. */
export function scopeChoices(answer: StoresAnswer, language: Language, words: Words): ScopeChoice[] {
  const holdsChain = answer.grants.includes('chain');
  const regionGrants = grantsOfKind(answer.grants, 'region');
  const cityGrants = grantsOfKind(answer.grants, 'city');
  const regions = new Set<string>();
  const cities = new Set<string>();
  for (const store of answer.stores) {
    const holdsRegion = holdsChain || regionGrants.has(store.region);
    if (holdsRegion) regions.add(store.region);
    if (holdsRegion || cityGrants.has(store.city)) cities.add(store.city);
  }
  const byLabel = (a: ScopeChoice, b: ScopeChoice) => a.label.localeCompare(b.label, language);
  const placed = (kind: 'region' | 'city', ids: ReadonlySet<string>): ScopeChoice[] =>
    [...ids].map((id) => ({ value: `${kind}:${id}`, kind, label: id })).sort(byLabel);
  return [
    ...(holdsChain ? [{ value: 'chain', kind: 'chain' as const, label: words.wholeChain }] : []),
    ...placed('region', regions),
    ...placed('city', cities),
    ...answer.stores
      .map((store) => ({
        value: `store:${store.id}`,
        kind: 'store' as const,
        label: storeLabel(store, language),
      }))
      .sort(byLabel),
  ];
}

/** What is shown first: what was looked at last, where it may still be, or else the widest choice there is. */
export function firstChoice(choices: readonly ScopeChoice[], last: string | null): string | undefined {
  return choices.find(({ value }) => value === last)?.value ?? choices[0]?.value;
}

/** The stores within a chosen scope, out of those the person may see. */
export function storesOf(answer: StoresAnswer, scope: string): StoreRow[] {
  const parsed = parseScope(scope);
  return answer.stores.filter((store) => {
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
  /** The business day that the figures are asked for. */
  readonly day: string;
  /** The zone in which its hours are written. */
  readonly timeZone: string;
  /** Stores of the scope that are on another business day at this moment: other zones, other day cuts. */
  readonly elsewhere: readonly StoreRow[];
}

/** Today of a scope: the business day that most of its stores are on, the later one where that is a draw. */
export function dayOf(stores: readonly StoreRow[]): ScopeDay | undefined {
  const day = mostCommon(stores.map(({ today }) => today));
  const timeZone = mostCommon(stores.map((store) => store.timeZone));
  if (day === undefined || timeZone === undefined) return undefined;
  return { day, timeZone, elsewhere: stores.filter(({ today }) => today !== day) };
}

function mostCommon(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? 1 : -1))[0]?.[0];
}
