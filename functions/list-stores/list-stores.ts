/** Lists the stores that a caller may read, each with its current business day. */
import type { ChainStore } from '#application/ports/chain-store.ts';
import type { StoresResponse } from '#contracts/http/figures.ts';
import { covers, formatScope, type Scope } from '#domain/chain/staff-scope.ts';
import type { Store } from '#domain/chain/store.ts';
import { dayAt } from '#domain/chain/store-clock.ts';

export interface ListStoresPorts {
  readonly chain: Pick<ChainStore, 'chain' | 'stores'>;
  readonly nowMs: () => number;
}

/** ISO 4217's code for no currency, until the chain is set up. */
const NO_CURRENCY = 'XXX';

/** Returns the stores within the caller's scopes. */
export async function listStores(
  { chain, nowMs }: ListStoresPorts,
  grants: readonly Scope[],
): Promise<StoresResponse> {
  const [settings, stores] = await Promise.all([chain.chain(), chain.stores()]);
  const instantMs = nowMs();
  return {
    currency: settings?.currency ?? NO_CURRENCY,
    grants: grants.map(formatScope),
    stores: stores
      .filter((store) => grants.some((grant) => covers(grant, store)))
      .map((store) => entryOf(store, instantMs)),
  };
}

function entryOf(store: Store, instantMs: number): StoresResponse['stores'][number] {
  return {
    id: store.storeId,
    name: store.name,
    nameZh: store.nameZh ?? null,
    city: store.cityId,
    region: store.regionId,
    timeZone: store.timeZone,
    today: dayAt(instantMs, store),
    tills: [...store.tills],
  };
}
