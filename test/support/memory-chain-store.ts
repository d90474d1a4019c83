/** A chain store in memory that fulfils the contract suite and nothing more. */

import type { Chain, ChainStore, PutPartOutcome } from '#application/ports/chain-store.ts';
import { defined } from '#application/support/defined.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { Store, Target } from '#domain/chain/store.ts';

export function memoryChainStore(
  seed: { chain?: Chain; stores?: readonly Store[]; targets?: readonly Target[] } = {},
): ChainStore {
  let chain = seed.chain;
  const stores = new Map((seed.stores ?? []).map((store) => [store.storeId, store]));
  const targets = new Map((seed.targets ?? []).map((target) => [nameOf(target), target]));

  function putPart(storeId: StoreId, name: keyof Store, value: unknown): PutPartOutcome {
    const store = stores.get(storeId);
    if (store === undefined) return { kind: 'no store' };
    const { [name]: _, ...others } = store;
    stores.set(storeId, { ...others, ...(value === undefined ? {} : { [name]: value }) } as Store);
    return { kind: 'put' };
  }

  return {
    chain: async () => chain,
    async putChain(wanted) {
      if (chain !== undefined && stores.size > 0 && chain.currency !== wanted.currency) {
        return { kind: 'currency settled', currency: chain.currency };
      }
      chain = {
        ...defined({ country: chain?.country, priceLimit: chain?.priceLimit, labels: chain?.labels }),
        ...wanted,
      };
      return { kind: 'put' };
    },
    stores: async () => [...stores.values()].sort((a, b) => (a.storeId < b.storeId ? -1 : 1)),
    store: async (storeId) => stores.get(storeId),
    async putStore(store) {
      if (chain === undefined) return { kind: 'no chain' };
      if (chain.currency !== store.currency) return { kind: 'other currency', currency: chain.currency };
      const neighbour = [...stores.values()].find(
        ({ storeId, cityId }) => cityId === store.cityId && storeId !== store.storeId,
      );
      if (neighbour !== undefined && neighbour.regionId !== store.regionId) {
        return { kind: 'city of another region', regionId: neighbour.regionId };
      }
      const standing = stores.get(store.storeId);
      if (standing && (standing.cityId !== store.cityId || standing.regionId !== store.regionId)) {
        return { kind: 'stands elsewhere', cityId: standing.cityId, regionId: standing.regionId };
      }
      const { law, location, openingHours, earlierClocks } = standing ?? {};
      stores.set(store.storeId, {
        ...defined({ law, location, openingHours, earlierClocks }),
        ...store,
      });
      return { kind: 'put' };
    },
    putLaw: async (storeId, law) => putPart(storeId, 'law', law),
    putLocation: async (storeId, location) => putPart(storeId, 'location', location),
    putHours: async (storeId, hours) => putPart(storeId, 'openingHours', hours),
    async putTargets(wanted) {
      for (const target of wanted) targets.set(nameOf(target), target);
    },
    targets: async (storeId, from, to) =>
      [...targets.values()]
        .filter((target) => target.storeId === storeId && target.day >= from && target.day <= to)
        .sort((a, b) => (a.day < b.day ? -1 : 1)),
    targetsOn: async (storeIds, day) =>
      [...targets.values()].filter((target) => storeIds.includes(target.storeId) && target.day === day),
  };
}

const nameOf = ({ storeId, day }: Target): string => `${storeId}#${day}`;
