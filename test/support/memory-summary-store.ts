/** A summary store in memory, with the versions of the real table. */
import type { ProductSummary, SummaryStore, Versioned } from '#application/ports/summary-store.ts';
import { formatScope, type Scope } from '#domain/chain/staff-scope.ts';
import type { Bucket, Summary } from '#domain/place/figures/roll-up.ts';

interface Row {
  readonly bucket: Bucket;
  readonly scope: Scope;
  readonly summary: Summary;
  readonly version: number;
}

export function memorySummaryStore(): SummaryStore & { readonly rows: ReadonlyMap<string, Row> } {
  const rows = new Map<string, Row>();
  const products = new Map<string, Versioned<ProductSummary>>();
  const nameOf = (scope: Scope, { day, grain, startMs }: Bucket): string =>
    `${formatScope(scope)}#${grain}#${day}#${startMs ?? ''}`;
  return {
    rows,
    async read(scope, bucket) {
      const row = rows.get(nameOf(scope, bucket));
      return { kept: row?.summary, version: row?.version ?? 0 };
    },
    async readMany(scopes, bucket) {
      return scopes.flatMap((scope) => rows.get(nameOf(scope, bucket))?.summary ?? []);
    },
    async write(scope, bucket, summary, version) {
      const name = nameOf(scope, bucket);
      if ((rows.get(name)?.version ?? 0) !== version) return false;
      rows.set(name, { scope, bucket, summary, version: version + 1 });
      return true;
    },
    async range(scope, grain, from, to) {
      return [...rows.values()]
        .filter((row) => formatScope(row.scope) === formatScope(scope) && row.bucket.grain === grain)
        .filter(({ bucket }) => bucket.day >= from && bucket.day <= to)
        .sort((a, b) => (nameOf(a.scope, a.bucket) < nameOf(b.scope, b.bucket) ? -1 : 1));
    },
    async readProducts(scope, day) {
      return products.get(`${formatScope(scope)}#${day}`) ?? { kept: undefined, version: 0 };
    },
    async writeProducts(scope, day, summary, version) {
      const name = `${formatScope(scope)}#${day}`;
      if ((products.get(name)?.version ?? 0) !== version) return false;
      products.set(name, { kept: summary, version: version + 1 });
      return true;
    },
  };
}
