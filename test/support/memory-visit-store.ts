/** A visit store and an alias store in memory, with the versions, the indexes and the row size of the real table. */

import {
  dueKey,
  fromRow,
  keyOfRow,
  type Row,
  storeDayKey,
  timeText,
  toRow,
} from '#adapters/dynamodb/visitor-day-row.ts';
import type { AliasStore } from '#application/ports/alias-store.ts';
import type { VisitStore } from '#application/ports/visit-store.ts';
import type { VisitorId } from '#domain/chain/ids.ts';
import type { TrackClaim } from '#domain/place/visits/track-stays.ts';
import { rowKey } from '#domain/place/visits/visitor-day-key.ts';

const ROW_LENGTH_MAX = 400_000;

export interface MemoryVisitStore extends VisitStore {
  readonly rows: ReadonlyMap<string, Row>;
  /** The number of attempted writes. */
  writes(): number;
}

export function memoryVisitStore(): MemoryVisitStore {
  const rows = new Map<string, Row>();
  let writes = 0;
  const nameOf = ({ pk, sk }: { pk: string; sk: string }): string => `${pk} ${sk}`;
  /** The rows of an index or a partition, in order, as of the time of the query. */
  const select = (pkName: string, skName: string, pk: string, from: string, to: string): Row[] =>
    [...rows.values()]
      .filter((row) => row[pkName] === pk && String(row[skName]) >= from && String(row[skName]) <= to)
      .sort((a, b) => (String(a[skName]) < String(b[skName]) ? -1 : 1));

  const byStoreDay = async function* (key: string, from?: number, to?: number) {
    const beginning = from === undefined ? '' : timeText(from);
    const end = to === undefined ? '~' : `${timeText(to)}~`;
    for (const row of select('gsi1pk', 'gsi1sk', key, beginning, end)) yield fromRow(row);
  };

  return {
    rows,
    writes: () => writes,
    async load(key) {
      const row = rows.get(nameOf(rowKey(key)));
      return row && fromRow(row);
    },
    async save(stored, nowMs) {
      writes += 1;
      const name = nameOf(rowKey(stored.visitorDay));
      if (Number(rows.get(name)?.['version'] ?? 0) !== stored.version) return { kind: 'conflict' };
      const row = toRow({ ...stored, version: stored.version + 1 }, nowMs);
      if (JSON.stringify(row).length > ROW_LENGTH_MAX) return { kind: 'unstorable', reason: 'Item size' };
      rows.set(name, row);
      return { kind: 'saved', version: stored.version + 1 };
    },
    async *ofVisitor(visitorId, from) {
      const found = select('pk', 'sk', `VISITOR#${visitorId}`, `DAY#${from ?? ''}`, 'DAY#~');
      for (const row of found) yield fromRow(row);
    },
    async *history(visitorId, upTo) {
      const found = select('pk', 'sk', `VISITOR#${visitorId}`, 'DAY#', `DAY#${upTo}~`);
      for (const row of found.reverse()) {
        yield { ...keyOfRow(row), firstSeenAtMs: row['firsts'] as number[] };
      }
    },
    ofDay: (storeId, day, from, to) => byStoreDay(storeDayKey(storeId, day, false), from, to),
    staffOfDay: (storeId, day) => byStoreDay(storeDayKey(storeId, day, true)),
    async *due(shard, nowMs) {
      for (const row of select('gsi2pk', 'gsi2sk', dueKey(shard), '', `${timeText(nowMs)}~`)) {
        yield keyOfRow(row);
      }
    },
  };
}

export function memoryAliasStore(): AliasStore {
  const into = new Map<VisitorId, VisitorId>();
  const claims = new Map<VisitorId, TrackClaim[]>();
  return {
    async claim(trackId, claim) {
      const others = (claims.get(trackId) ?? []).filter(
        ({ into: to, atMs }) => to !== claim.into || atMs !== claim.atMs,
      );
      const all = [...others, claim].sort((a, b) => a.atMs - b.atMs || (a.into < b.into ? -1 : 1));
      claims.set(trackId, all);
    },
    async unclaim(trackId, visitorId) {
      claims.set(
        trackId,
        (claims.get(trackId) ?? []).filter((claim) => claim.into !== visitorId),
      );
    },
    claimsOn: async (trackId) => claims.get(trackId) ?? [],
    async intoOf(visitorIds) {
      return new Map(
        visitorIds.flatMap((id) => {
          const to = into.get(id);
          return to === undefined ? [] : [[id, to] as const];
        }),
      );
    },
    async aliasesOf(visitorId) {
      return [...into].flatMap(([from, to]) => (to === visitorId ? [from] : [])).sort();
    },
    async point(visitorId, to) {
      into.set(visitorId, to);
    },
    async release(visitorId, to) {
      if (into.get(visitorId) === to) into.delete(visitorId);
    },
  };
}
