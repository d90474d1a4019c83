/**
 * Notices of changed cells → sums of cities, regions and the chain, taken anew and written over.
 *
 * Two sums of the same row may be taken at once. Each reads the row's version first and the parts after it; whoever finds
 * the version changed at the end takes the sum again. So the sum that stands was read after every part it needed.
 */
import type { CellStore } from '#application/ports/cell-store.ts';
import type { ChainStore } from '#application/ports/chain-store.ts';
import type { SummaryStore, Versioned } from '#application/ports/summary-store.ts';
import { chunk } from '#application/support/chunk.ts';
import { mapConcurrent } from '#application/support/concurrency.ts';
import type { ChangeNotice } from '#contracts/events/change-notices.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { Scope } from '#domain/chain/scope.ts';
import type { Store } from '#domain/chain/store.ts';
import {
  type Bucket,
  type Sum,
  sum,
  summaryOfStore,
  sumProducts,
  sumsAbove,
} from '#domain/place/figures/roll-up.ts';

export interface RollUpPorts {
  readonly chain: Pick<ChainStore, 'stores' | 'targetsOn'>;
  readonly cells: Pick<CellStore, 'ofStores' | 'products'>;
  readonly sums: SummaryStore;
  /** Whether another sum may be begun; an import of years leaves more to sum than one run has time for. */
  readonly isTimeLeft: () => boolean;
}

export interface RollUpOutcome {
  /** How many rows were written. */
  readonly rows: number;
  /** What there was no time for, to be sent again. */
  readonly left: readonly ChangeNotice[];
}

const SUMS_AT_ONCE_MAX = 24;
const READS_AT_ONCE_MAX = 8;

/** Each try that fails means that another writer got through, so this many only lose under real contention. */
const TRIES_MAX = 20;

/** A stretch of figures, or a day of products, and the stores in which it changed. */
type Job =
  | { readonly kind: 'figures'; readonly bucket: Bucket; readonly changed: Set<StoreId> }
  | { readonly kind: 'products'; readonly day: BusinessDay; readonly changed: Set<StoreId> };

/** Takes every sum that the notices ask for, as far as there is time; repeated notices cost one sum. */
export async function rollUp(ports: RollUpPorts, notices: readonly ChangeNotice[]): Promise<RollUpOutcome> {
  const stores = await ports.chain.stores();
  let isFirst = true;
  const done = await mapConcurrent(jobsOf(notices), SUMS_AT_ONCE_MAX, async (job) => {
    // The first sum is always taken, so that a run which begins late still brings the rest nearer to its end.
    if (!isFirst && !ports.isTimeLeft()) return { rows: 0, left: noticesOf(job) };
    isFirst = false;
    const rows = await levels(sumsAbove(job.changed, stores), (one) =>
      job.kind === 'figures'
        ? sumFigures(ports, stores, one, job.bucket)
        : sumOfProducts(ports, one, job.day),
    );
    return { rows, left: [] };
  });
  return {
    rows: done.reduce((total, { rows }) => total + rows, 0),
    left: merged(done.flatMap(({ left }) => left)),
  };
}

function jobsOf(notices: readonly ChangeNotice[]): Job[] {
  const jobs = new Map<string, Job>();
  const add = (name: string, storeId: StoreId, job: Job): void => {
    const known = jobs.get(name) ?? job;
    known.changed.add(storeId);
    jobs.set(name, known);
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

/** One notice per store and kind again, of a size that a message holds. */
function merged(notices: readonly ChangeNotice[]): ChangeNotice[] {
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

/** Cities before regions before the chain: each level reads what the one below has written. */
async function levels(all: readonly Sum[][], take: (one: Sum) => Promise<void>): Promise<number> {
  for (const level of all) await mapConcurrent(level, READS_AT_ONCE_MAX, take);
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
          ? await mapConcurrent(idsOf(parts), READS_AT_ONCE_MAX, (storeId) =>
              ports.cells.products(storeId, day),
            )
          : await mapConcurrent(
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
