/**
 * Notices of changed cells → sums of cities, regions and the chain, recomputed and overwritten.
 *
 * Two invocations may sum the same row concurrently. Each reads the row's version first and the parts after it; the one that
 * finds a newer version when it writes sums again. So the parts of the stored sum were read after every write to them.
 */
import type { CellStore } from '#application/ports/cell-store.ts';
import type { ChainStore } from '#application/ports/chain-store.ts';
import type { SummaryStore, Versioned } from '#application/ports/summary-store.ts';
import { chunk } from '#application/support/chunk.ts';
import { mapConcurrent } from '#application/support/concurrency.ts';
import type { ChangeNotice } from '#contracts/events/change-notices.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { Scope } from '#domain/chain/staff-scope.ts';
import type { Store } from '#domain/chain/store.ts';
import {
  type Bucket,
  type ScopeSum,
  sum,
  summaryOfStore,
  sumProducts,
  sumsAbove,
} from '#domain/place/figures/roll-up.ts';

export interface RollUpPorts {
  readonly chain: Pick<ChainStore, 'stores' | 'targetsOn'>;
  readonly cells: Pick<CellStore, 'ofStores' | 'products'>;
  readonly sums: SummaryStore;
  /** Returns whether another sum may begin; an import of years changes more than one run can sum. */
  readonly isTimeLeft: () => boolean;
}

export interface RollUpOutcome {
  /** Rows written. */
  readonly rows: number;
  /** Notices that time ran out for, to be sent again. */
  readonly left: readonly ChangeNotice[];
}

const SUMS_AT_ONCE_MAX = 24;
const READS_AT_ONCE_MAX = 8;

/** Each failed try means that another writer succeeded, so this many fail only under real contention. */
const TRIES_MAX = 20;

/** A bucket of figures, or a day of products, and the stores in which it changed. */
type Job =
  | { readonly kind: 'figures'; readonly bucket: Bucket; readonly changed: Set<StoreId> }
  | { readonly kind: 'products'; readonly day: BusinessDay; readonly changed: Set<StoreId> };

/** Recomputes the sums of all notices until time runs out; repeated notices cost one sum. */
export async function rollUp(ports: RollUpPorts, notices: readonly ChangeNotice[]): Promise<RollUpOutcome> {
  const stores = await ports.chain.stores();
  let isFirst = true;
  const done = await mapConcurrent(jobsOf(notices), SUMS_AT_ONCE_MAX, async (job) => {
    // The first sum is always computed, so that every run makes progress.
    if (!isFirst && !ports.isTimeLeft()) return { rows: 0, left: noticesOf(job) };
    isFirst = false;
    const rows = await sumLevels(sumsAbove(job.changed, stores), (one) =>
      job.kind === 'figures'
        ? sumFigures(ports, stores, one, job.bucket)
        : sumProductsOf(ports, one, job.day),
    );
    return { rows, left: [] };
  });
  return {
    rows: done.reduce((total, { rows }) => total + rows, 0),
    left: mergeNotices(done.flatMap(({ left }) => left)),
  };
}

function jobsOf(notices: readonly ChangeNotice[]): Job[] {
  const jobs = new Map<string, Job>();
  const add = (name: string, storeId: StoreId, job: Job): void => {
    const existing = jobs.get(name) ?? job;
    existing.changed.add(storeId);
    jobs.set(name, existing);
  };
  for (const notice of notices) {
    if ('buckets' in notice) {
      for (const bucket of notice.buckets) {
        const name = `${bucket.grain} ${bucket.day} ${bucket.startMs ?? ''}`;
        add(name, notice.storeId, { kind: 'figures', bucket, changed: new Set() });
      }
    } else {
      for (const day of notice.days)
        add(`products ${day}`, notice.storeId, { kind: 'products', day, changed: new Set() });
    }
  }
  return [...jobs.values()];
}

const noticesOf = (job: Job): ChangeNotice[] =>
  [...job.changed].map((storeId) =>
    job.kind === 'figures' ? { storeId, buckets: [job.bucket] } : { storeId, days: [job.day] },
  );

/** Merges notices into one per store and kind, split where a message cannot hold it. */
function mergeNotices(notices: readonly ChangeNotice[]): ChangeNotice[] {
  const buckets = new Map<StoreId, Bucket[]>();
  const days = new Map<StoreId, BusinessDay[]>();
  for (const notice of notices) {
    if ('buckets' in notice)
      buckets.set(notice.storeId, [...(buckets.get(notice.storeId) ?? []), ...notice.buckets]);
    else days.set(notice.storeId, [...(days.get(notice.storeId) ?? []), ...notice.days]);
  }
  return [
    ...[...buckets].flatMap(([storeId, all]) => chunk(all).map((part) => ({ storeId, buckets: part }))),
    ...[...days].flatMap(([storeId, all]) => chunk(all).map((part) => ({ storeId, days: part }))),
  ];
}

/** Sums cities, then regions, then the chain: each level reads what the one below has written. Returns the rows written. */
async function sumLevels(
  all: readonly ScopeSum[][],
  write: (one: ScopeSum) => Promise<void>,
): Promise<number> {
  for (const level of all) await mapConcurrent(level, READS_AT_ONCE_MAX, write);
  return all.flat().length;
}

async function sumFigures(
  ports: RollUpPorts,
  stores: readonly Store[],
  { scope, parts }: ScopeSum,
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

async function sumProductsOf(
  ports: RollUpPorts,
  { scope, parts }: ScopeSum,
  day: BusinessDay,
): Promise<void> {
  await overwrite(
    scope,
    () => ports.sums.readProducts(scope, day),
    async () => {
      const lists =
        scope.kind === 'city'
          ? await mapConcurrent(idsOf(parts), READS_AT_ONCE_MAX, (storeId) =>
              ports.cells.products(storeId, day),
            )
          : await mapConcurrent(
              parts,
              READS_AT_ONCE_MAX,
              async (part) => (await ports.sums.readProducts(part, day)).kept,
            );
      const found = lists.flatMap((list) => (list === undefined ? [] : [list]));
      const omitted = found.reduce((sum, list) => sum + ('omitted' in list ? (list.omitted ?? 0) : 0), 0);
      return {
        ...(omitted === 0 ? {} : { omitted }),
        products: sumProducts(found.map((list) => list.products)),
        asOfMs: found.reduce((newest, list) => Math.max(newest, list.asOfMs), 0),
      };
    },
    (summary, version) => ports.sums.writeProducts(scope, day, summary, version),
  );
}

const idsOf = (parts: readonly Scope[]): StoreId[] =>
  parts.flatMap((part) => (part.kind === 'store' ? [part.id] : []));

async function overwrite<Stored>(
  scope: Scope,
  readVersion: () => Promise<Versioned<Stored>>,
  compute: () => Promise<Stored>,
  write: (sum: Stored, version: number) => Promise<boolean>,
): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const { version } = await readVersion();
    if (await write(await compute(), version)) return;
  }
  throw new Error(`a sum of the ${scope.kind} is still contended after ${TRIES_MAX} tries`);
}
