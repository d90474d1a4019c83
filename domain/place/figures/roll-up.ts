/**
 * The levels above the store. Their cells are sums of the cells below, computed again and overwritten:
 * an overwritten sum cannot count anything twice, so retries do not matter above the store.
 */
import type { BusinessDay } from '../../chain/business-day.ts';
import { CHAIN, type Scope } from '../../chain/staff-scope.ts';
import type { Store } from '../../chain/store.ts';
import { buyerCoverageOf } from './buyer-coverage.ts';
import { addCounts, type Cell, type CellKey, type Counts, type Grain } from './cell.ts';
import { coverageOf, type DataCoverage } from './kpis.ts';

/** A stretch of time in which a store's cells have changed. */
export interface Bucket {
  readonly day: BusinessDay;
  readonly grain: Grain;
  readonly startMs?: number;
}

/** How much of what should have reported did: tills (or stores) and days on which they were to report. */
export interface Reporting {
  readonly expected: number;
  readonly reported: number;
}

/** The figures of a scope for one stretch of time, as they are kept above the store. */
export interface Summary {
  readonly counts: Counts;
  readonly asOfMs: number;
  /** Only where the stretch is a day. */
  readonly reporting?: Reporting;
  /** Stores and days, and those on which sensors reported visits; only where the stretch is a day. */
  readonly seen?: Reporting;
  /** Of those stores and days, the ones whose sales may be divided by their visitors, and why not all; days only. */
  readonly buyers?: BuyersSeen;
  /** The configured tills of the stores that the figures are made of; days only. */
  readonly tills?: number;
  /** Net sales the stores of the scope should reach; only where the stretch is a day and any has a target. */
  readonly target?: bigint;
}

/** Stores and days with visits, by whether their sales may be divided by their visitors. */
export interface BuyersSeen {
  readonly covered: number;
  /** Withheld, because something was sold while no visitor was seen. */
  readonly hoursNotCovered: number;
  /** Withheld, because more was sold than visitors were seen. */
  readonly aboveOne: number;
}

export const EMPTY_SUMMARY: Summary = { counts: {}, asOfMs: 0 };

/** Returns the sum of summaries of scopes that do not overlap, or of consecutive days. */
export function sum(parts: readonly Summary[]): Summary {
  return parts.reduce<Summary>((total, part) => {
    const reporting = sumOfReporting(total.reporting, part.reporting);
    const seen = sumOfReporting(total.seen, part.seen);
    const buyers = sumOfBuyers(total.buyers, part.buyers);
    const tills =
      total.tills === undefined && part.tills === undefined
        ? undefined
        : (total.tills ?? 0) + (part.tills ?? 0);
    const target = part.target === undefined ? total.target : (total.target ?? 0n) + part.target;
    return {
      counts: addCounts(total.counts, part.counts),
      asOfMs: Math.max(total.asOfMs, part.asOfMs),
      ...(reporting === undefined ? {} : { reporting }),
      ...(seen === undefined ? {} : { seen }),
      ...(buyers === undefined ? {} : { buyers }),
      ...(tills === undefined ? {} : { tills }),
      ...(target === undefined ? {} : { target }),
    };
  }, EMPTY_SUMMARY);
}

const sumOfReporting = (a: Reporting | undefined, b: Reporting | undefined): Reporting | undefined =>
  a === undefined || b === undefined
    ? (a ?? b)
    : { expected: a.expected + b.expected, reported: a.reported + b.reported };

const sumOfBuyers = (a: BuyersSeen | undefined, b: BuyersSeen | undefined): BuyersSeen | undefined =>
  a === undefined || b === undefined
    ? (a ?? b)
    : {
        covered: a.covered + b.covered,
        hoursNotCovered: a.hoursNotCovered + b.hoursNotCovered,
        aboveOne: a.aboveOne + b.aboveOne,
      };

const netSalesIn = (counts: Counts): bigint =>
  (counts.gross ?? 0n) - (counts.discount ?? 0n) - (counts.returnValue ?? 0n);

/** Returns the counts of a time and place whose sales may be divided by its visitors, with both. */
export const withBuyers = (counts: Counts): Counts =>
  addCounts(counts, {
    seenTransactions: counts.transactions ?? 0n,
    seenSales: netSalesIn(counts),
    seenVisitors: counts.visitors ?? 0n,
  });

/**
 * Returns which devices reported in a sum of days. Where no store and day allows sales to be divided by visitors, `buyers` is
 * the reason of most of them.
 */
export function coverageOfDays({
  counts,
  seen,
  buyers,
}: Pick<Summary, 'counts' | 'seen' | 'buyers'>): DataCoverage {
  const fromCounts = coverageOf(counts);
  const coverage = { ...fromCounts, visits: fromCounts.visits || (seen?.reported ?? 0) > 0 };
  if (buyers === undefined || buyers.covered > 0) return coverage;
  if (buyers.hoursNotCovered + buyers.aboveOne === 0) return { ...coverage, buyers: false };
  return {
    ...coverage,
    buyers: buyers.hoursNotCovered >= buyers.aboveOne ? 'hours not covered' : 'above one',
  };
}

/**
 * Returns how many of a store's tills reported. A till that reported counts as expected even where it is not
 * configured.
 */
export function reportingOf(store: Store, tillsSeen: ReadonlySet<string>): Reporting {
  const expected = new Set<string>([...store.tills, ...tillsSeen]);
  return { expected: expected.size, reported: tillsSeen.size };
}

/** What one product did in a scope on a day. */
export interface ProductCounts {
  readonly productId: string;
  readonly name?: string;
  readonly counts: Counts;
}

/** Returns the sum of product lists, ordered by product id; the name listed last wins. */
export function sumProducts(lists: ReadonlyArray<readonly ProductCounts[]>): ProductCounts[] {
  const all = new Map<string, ProductCounts>();
  for (const list of lists) {
    for (const product of list) {
      const known = all.get(product.productId);
      const name = product.name ?? known?.name;
      all.set(product.productId, {
        productId: product.productId,
        counts: known === undefined ? product.counts : addCounts(known.counts, product.counts),
        ...(name === undefined ? {} : { name }),
      });
    }
  }
  return [...all.values()].sort((a, b) =>
    a.productId < b.productId ? -1 : a.productId > b.productId ? 1 : 0,
  );
}

/** One sum to take: a scope above the stores, and the scopes right below it that it is made of. */
export interface ScopeSum {
  readonly scope: Scope;
  readonly parts: readonly Scope[];
}

/**
 * Returns the sums that a change in some stores requires, lowest level first, since each level reads the one
 * below.
 */
export function sumsAbove(changed: ReadonlySet<string>, stores: readonly Store[]): ScopeSum[][] {
  const touched = stores.filter((store) => changed.has(store.storeId));
  const unique = <Id extends string>(ids: readonly Id[]): Id[] => [...new Set(ids)];
  const cities = unique(touched.map((store) => store.cityId)).map((id) => ({
    scope: { kind: 'city', id } as const,
    parts: stores
      .filter((store) => store.cityId === id)
      .map((store) => ({ kind: 'store', id: store.storeId }) as const),
  }));
  const regions = unique(touched.map((store) => store.regionId)).map((id) => ({
    scope: { kind: 'region', id } as const,
    parts: unique(stores.filter((store) => store.regionId === id).map((store) => store.cityId)).map(
      (cityId) => ({ kind: 'city', id: cityId }) as const,
    ),
  }));
  const chain = {
    scope: CHAIN,
    parts: unique(stores.map((store) => store.regionId)).map((id) => ({ kind: 'region', id }) as const),
  };
  return touched.length === 0 ? [] : [cities, regions, [chain]];
}

/** Returns the key of the cell of a scope as a whole in a bucket. */
export const keyIn = (scope: Scope, bucket: Bucket): CellKey => ({ scope, dimension: 'all', ...bucket });

/**
 * Returns a store's own figures for a stretch of time; its tills are expected on a day without a cell, too.
 */
export function summaryOfStore(
  store: Store,
  cell: Cell | undefined,
  grain: Grain,
  target: bigint | undefined,
): Summary {
  const counts = cell?.counts ?? {};
  const asOfMs = cell?.asOfMs ?? 0;
  if (grain !== 'day') return { counts, asOfMs };
  // Sensors that saw no one all day have seen the store: its footfall is 0.
  const isSeen = coverageOf(counts).visits || (cell?.emptySensors?.size ?? 0) > 0;
  const buyers = cell === undefined ? false : buyerCoverageOf(cell);
  const compared = buyers === true ? withBuyers(counts) : counts;
  return {
    // Attainment divides the sales of the stores and days that have a target, and no others.
    counts: target === undefined ? compared : addCounts(compared, { targetedSales: netSalesIn(counts) }),
    asOfMs,
    reporting: reportingOf(store, cell?.reporters ?? new Set()),
    seen: { expected: 1, reported: isSeen ? 1 : 0 },
    ...(isSeen
      ? {
          buyers: {
            covered: buyers === true ? 1 : 0,
            hoursNotCovered: buyers === 'hours not covered' ? 1 : 0,
            aboveOne: buyers === 'above one' ? 1 : 0,
          },
        }
      : {}),
    tills: store.tills.length,
    ...(target === undefined ? {} : { target }),
  };
}
