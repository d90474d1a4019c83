/** The stores that a caller may see, each with the business day it is living in: what a screen needs before it asks for figures. */
import type { ChainStore } from '#application/ports/chain-store.ts';
import type { StoresResponse } from '#contracts/http/figures.ts';
import { businessDayOf, offsetMinutesAt } from '#domain/chain/business-day.ts';
import { covers, formatScope, type Scope } from '#domain/chain/scope.ts';
import type { Store } from '#domain/chain/store.ts';

export interface ListStoresPorts {
  readonly chain: Pick<ChainStore, 'chain' | 'stores'>;
  readonly nowMs: () => number;
}

/** ISO 4217's own word for no currency: nobody has said yet what the chain counts in. */
const NO_CURRENCY = 'XXX';

export async function listStores(
  { chain, nowMs }: ListStoresPorts,
  grants: readonly Scope[],
): Promise<StoresResponse> {
  const [known, stores] = await Promise.all([chain.chain(), chain.stores()]);
  const instantMs = nowMs();
  return {
    currency: known?.currency ?? NO_CURRENCY,
    grants: grants.map(formatScope),
    stores: stores
      .filter((store) => grants.some((grant) => covers(grant, store)))
      .map((store) => listed(store, instantMs)),
  };
}

function listed(store: Store, instantMs: number): StoresResponse['stores'][number] {
  const offsetMinutes = offsetMinutesAt(instantMs, store.timeZone);
  return {
    id: store.storeId,
    name: store.name,
    nameZh: store.nameZh ?? null,
    city: store.cityId,
    region: store.regionId,
    timeZone: store.timeZone,
    today: businessDayOf({ instantMs, offsetMinutes }, store.dayCutMinutes),
    tills: [...store.tills],
  };
}
