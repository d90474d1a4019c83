/**
 * Notices of changed cells → sums of cities, regions and the chain, taken anew and written over.
 *
 * Two sums of the same row may be taken at once. Each reads the row's version first and the parts after it; whoever finds
 * the version changed at the end takes the sum again. So the sum that stands was read after every part it needed.
 */
import type { CellStore } from '#adapters/dynamodb/cell-store.ts';
import type { ChainStore } from '#adapters/dynamodb/chain-store.ts';
import type { SummaryStore, Versioned } from '#adapters/dynamodb/summary-store.ts';
import type { ChangeNotice } from '#contracts/changes.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { Scope } from '#domain/chain/scope.ts';
import type { Store } from '#domain/chain/store.ts';
import { type Bucket, type Sum, sum, summaryOfStore, sumProducts, sumsAbove } from '#domain/place/roll-up.ts';
import { inTurn } from '../in-turn.ts';

export interface RollUpPorts {
  readonly chain: Pick<ChainStore, 'stores' | 'targetsOn'>;
  readonly cells: Pick<CellStore, 'ofStores' | 'products'>;
  readonly sums: SummaryStore;
}

const SUMS_AT_ONCE_MAX = 24;
const READS_AT_ONCE_MAX = 8;

/** Each try that fails means that another writer got through, so this many only lose under real contention. */
const TRIES_MAX = 20;

/** Takes every sum that the notices ask for; repeated notices cost one sum. Returns how many rows were written. */
export async function rollUp(ports: RollUpPorts, notices: readonly ChangeNotice[]): Promise<number> {
  const stores = await ports.chain.stores();
  const figures = new Map<string, { bucket: Bucket; changed: Set<string> }>();
  const products = new Map<BusinessDay, Set<string>>();
  for (const notice of notices) {
    if ('buckets' in notice) {
      for (const bucket of notice.buckets) {
        const name = `${bucket.grain} ${bucket.day} ${bucket.startMs ?? ''}`;
        const known = figures.get(name) ?? { bucket, changed: new Set() };
        known.changed.add(notice.storeId);
        figures.set(name, known);
      }
    } else {
      for (const day of notice.days) products.set(day, (products.get(day) ?? new Set()).add(notice.storeId));
    }
  }
  const summed = await inTurn([...figures.values()], SUMS_AT_ONCE_MAX, async ({ bucket, changed }) =>
    levels(sumsAbove(changed, stores), (one) => sumFigures(ports, stores, one, bucket)),
  );
  const ranked = await inTurn([...products], SUMS_AT_ONCE_MAX, async ([day, changed]) =>
    levels(sumsAbove(changed, stores), (one) => sumOfProducts(ports, one, day)),
  );
  return [...summed, ...ranked].reduce((total, count) => total + count, 0);
}

/** Cities before regions before the chain: each level reads what the one below has written. */
async function levels(all: readonly Sum[][], take: (one: Sum) => Promise<void>): Promise<number> {
  for (const level of all) await inTurn(level, READS_AT_ONCE_MAX, take);
  return all.flat().length;
}

async function sumFigures(
  ports: RollUpPorts,
  stores: readonly Store[],
  { scope, parts }: Sum,
  bucket: Bucket,
): Promise<void> {
  await overwrite(
    scope,
    () => ports.sums.read(scope, bucket),
    async () => {
      if (scope.kind !== 'city') return sum(await ports.sums.readMany(parts, bucket));
      const ids = idsOf(parts);
      const [cells, targets] = await Promise.all([
        ports.cells.ofStores(ids, bucket),
        bucket.grain === 'day' ? ports.chain.targetsOn(ids, bucket.day) : [],
      ]);
      const targetOf = new Map(targets.map((target) => [target.storeId, target.netSales]));
      return sum(
        stores
          .filter((store) => ids.includes(store.storeId))
          .map((store) =>
            summaryOfStore(store, cells.get(store.storeId), bucket.grain, targetOf.get(store.storeId)),
          ),
      );
    },
    (summary, version) => ports.sums.write(scope, bucket, summary, version),
  );
}

async function sumOfProducts(ports: RollUpPorts, { scope, parts }: Sum, day: BusinessDay): Promise<void> {
  await overwrite(
    scope,
    () => ports.sums.readProducts(scope, day),
    async () => {
      const lists =
        scope.kind === 'city'
          ? await inTurn(idsOf(parts), READS_AT_ONCE_MAX, (storeId) => ports.cells.products(storeId, day))
          : await inTurn(
              parts,
              READS_AT_ONCE_MAX,
              async (part) => (await ports.sums.readProducts(part, day)).kept,
            );
      const known = lists.flatMap((list) => (list === undefined ? [] : [list]));
      return {
        products: sumProducts(known.map((list) => list.products)),
        asOfMs: known.reduce((newest, list) => Math.max(newest, list.asOfMs), 0),
      };
    },
    (summary, version) => ports.sums.writeProducts(scope, day, summary, version),
  );
}

const idsOf = (parts: readonly Scope[]): StoreId[] =>
  parts.flatMap((part) => (part.kind === 'store' ? [part.id] : []));

async function overwrite<Kept>(
  scope: Scope,
  readVersion: () => Promise<Versioned<Kept>>,
  take: () => Promise<Kept>,
  write: (sum: Kept, version: number) => Promise<boolean>,
): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const { version } = await readVersion();
    if (await write(await take(), version)) return;
  }
  throw new Error(`a sum of the ${scope.kind} is still contended after ${TRIES_MAX} tries`);
}
