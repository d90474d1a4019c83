/**
 * A visitor day as a row of the visits table. Evidence is packed as JSON text: an interval takes about ten bytes of it, where
 * DynamoDB's own numbers take twenty, and no query needs a single one of them.
 */

import { DUE_SHARDS, type StoredVisitorDay } from '#application/ports/visit-store.ts';
import { defined } from '#application/support/defined.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId, VisitorId, ZoneId } from '#domain/chain/ids.ts';
import { equalIntervals, type Interval, union } from '#domain/place/visits/intervals.ts';
import type { Extent } from '#domain/place/visits/stillness.ts';
import { type VisitSummary, visitsOf } from '#domain/place/visits/visit.ts';
import { VISIT_GAP_MS_MAX } from '#domain/place/visits/visit-gap.ts';
import type { VisitRevision } from '#domain/place/visits/visit-revision.ts';
import {
  type Evidence,
  presenceOf,
  type SeenIntervals,
  type VisitorDayKey,
} from '#domain/place/visits/visitor-day.ts';
import { rowKey } from '#domain/place/visits/visitor-day-key.ts';

export type Row = Record<string, unknown>;

/** A year, and a month for reports on it. Counted from the last change, since old days may be imported. */
export const KEPT_DAYS = 400;
const DAY_SECONDS = 86_400;

/** Times of a fixed width, so that texts compare like times. */
export const timeText = (ms: number): string => new Date(ms).toISOString();

/** Returns the visitor day key in a row's primary key. */
export function keyOfRow({ pk, sk }: Row): VisitorDayKey {
  const [, day = '', , storeId = ''] = String(sk).split('#');
  return {
    visitorId: String(pk).slice('VISITOR#'.length) as VisitorId,
    storeId: storeId as StoreId,
    day: day as BusinessDay,
  };
}

export const storeDayKey = (storeId: StoreId, day: BusinessDay, isStaff: boolean): string =>
  `STORE#${storeId}#DAY#${day}${isStaff ? '#STAFF' : ''}`;

export const dueKey = (shard: number): string => `DUE#${shard}`;

const shardOf = (text: string): number =>
  [...text].reduce((hash, letter) => (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0, 0) % DUE_SHARDS;

export const expiryOf = (nowMs: number): number => Math.floor(nowMs / 1000) + KEPT_DAYS * DAY_SECONDS;

export function toRow(stored: StoredVisitorDay, nowMs: number): Row {
  const { visitorDay, published, revision, pending, dueAtMs, recheckAtMs, version } = stored;
  const visits = visitsOf(visitorDay);
  // An earlier visit makes the next one the second; a poster has none.
  const firsts = visits.flatMap((visit) => (visit.counts === 'still' ? [] : [visit.firstSeenAt.instantMs]));
  const first = visits[0]?.firstSeenAt.instantMs;
  const key = rowKey(visitorDay);
  return {
    ...key,
    version,
    revision,
    parts: JSON.stringify([...visitorDay.parts].sort(byKey).map(([id, evidence]) => [id, packed(evidence)])),
    published: JSON.stringify(published),
    ...(pending && { pending: JSON.stringify({ kind: pending.kind, after: pending.after }) }),
    ...defined({ recheckAtMs }),
    firsts,
    // A visitor day without evidence, all of it moved to others, is in no index; its row stays, for its revision number.
    ...(first !== undefined && {
      gsi1pk: storeDayKey(
        visitorDay.storeId,
        visitorDay.day,
        visits.some(({ isStaff }) => isStaff),
      ),
      gsi1sk: `${timeText(first)}#${visitorDay.visitorId}`,
    }),
    ...(dueAtMs !== undefined && {
      dueAtMs,
      gsi2pk: dueKey(shardOf(visitorDay.visitorId)),
      gsi2sk: `${timeText(dueAtMs)}#${key.pk}#${key.sk}`,
    }),
    expiresAt: expiryOf(nowMs),
  };
}

export function fromRow(row: Row): StoredVisitorDay {
  const key = keyOfRow(row);
  const parts = JSON.parse(String(row['parts'])) as Array<[VisitorId, Packed]>;
  const published = JSON.parse(String(row['published'])) as VisitSummary[];
  const revision = Number(row['revision']);
  const pending = row['pending'] as string | undefined;
  return {
    visitorDay: { ...key, parts: new Map(parts.map(([id, one]) => [id, unpacked(one)])) },
    published,
    revision,
    ...(pending !== undefined && {
      pending: {
        ...key,
        revision,
        before: published,
        ...(JSON.parse(pending) as Pick<VisitRevision, 'kind' | 'after'>),
      },
    }),
    ...(row['dueAtMs'] !== undefined && { dueAtMs: Number(row['dueAtMs']) }),
    ...(row['recheckAtMs'] !== undefined && { recheckAtMs: Number(row['recheckAtMs']) }),
    version: Number(row['version']),
  };
}

/** The first instant, then alternately the length of an interval and the gap to the next one. */
type PackedIntervals = readonly number[];
type PackedSeen = readonly [tracked: PackedIntervals, snapshots: PackedIntervals];
interface Packed {
  readonly nowhere: PackedSeen;
  readonly zones: ReadonlyArray<readonly [ZoneId, PackedSeen]>;
  readonly clocks: ReadonlyArray<readonly [number, number]>;
  /** 1 in rows of releases that knew no times of it: all of the row. */
  readonly staff?: 1 | PackedIntervals;
  /** Absent where every presence counts at once. */
  readonly counting?: ReadonlyArray<readonly [number, PackedIntervals]>;
  readonly extents?: readonly Extent[];
  readonly coarse?: number;
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

function packedIntervals(intervals: readonly Interval[]): PackedIntervals {
  let lastMs = 0;
  return intervals.flatMap(({ fromMs, toMs }) => {
    const pair = [fromMs - lastMs, toMs - fromMs];
    lastMs = toMs;
    return pair;
  });
}

function unpackedIntervals(numbers: PackedIntervals): Interval[] {
  const intervals: Interval[] = [];
  let lastMs = 0;
  for (let place = 0; place < numbers.length; place += 2) {
    const fromMs = lastMs + (numbers[place] ?? 0);
    lastMs = fromMs + (numbers[place + 1] ?? 0);
    intervals.push({ fromMs, toMs: lastMs });
  }
  return intervals;
}

const packedSeen = ({ tracked, snapshots }: SeenIntervals): PackedSeen => [
  packedIntervals(tracked),
  packedIntervals(snapshots),
];
const unpackedSeen = ([tracked, snapshots]: PackedSeen): SeenIntervals => ({
  tracked: unpackedIntervals(tracked),
  snapshots: unpackedIntervals(snapshots),
});

/** Every presence, as sensors that count visitors at once report it. */
const countedAtOnce = (evidence: Pick<Evidence, 'nowhere' | 'zones'>): Evidence['counting'] =>
  new Map([[0, union(presenceOf(evidence).all, VISIT_GAP_MS_MAX)]]);

function packed(evidence: Evidence): Packed {
  const { nowhere, zones, clocks, staff, counting, extents, coarseness } = evidence;
  const isPlain =
    counting.size === 1 &&
    equalIntervals(counting.get(0) ?? [], [...countedAtOnce(evidence).values()][0] ?? []);
  return {
    nowhere: packedSeen(nowhere),
    zones: [...zones].map(([id, seen]) => [id, packedSeen(seen)]),
    clocks: [...clocks],
    ...(staff.length > 0 ? { staff: packedIntervals(staff) } : {}),
    ...(isPlain
      ? {}
      : { counting: [...counting].map(([leastMs, times]) => [leastMs, packedIntervals(times)]) }),
    ...(extents.length > 0 ? { extents } : {}),
    ...(coarseness > 0 ? { coarse: coarseness } : {}),
  };
}

function unpacked({ nowhere, zones, clocks, staff, counting, extents = [], coarse = 0 }: Packed): Evidence {
  const seen = {
    nowhere: unpackedSeen(nowhere),
    zones: new Map(zones.map(([id, one]) => [id, unpackedSeen(one)])),
  };
  return {
    ...seen,
    clocks: new Map(clocks),
    staff: staff === 1 ? union(presenceOf(seen).all, VISIT_GAP_MS_MAX) : unpackedIntervals(staff ?? []),
    counting:
      counting === undefined
        ? countedAtOnce(seen)
        : new Map(counting.map(([leastMs, times]) => [leastMs, unpackedIntervals(times)])),
    extents,
    coarseness: coarse,
  };
}
