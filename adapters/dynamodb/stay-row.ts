/**
 * A stay as a row of the visits table. Evidence is packed as JSON text: a stretch of time is some ten bytes of it, where
 * DynamoDB's own numbers take twenty, and nobody ever asks the database for one of them.
 */
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId, VisitorId, ZoneId } from '#domain/chain/ids.ts';
import type { Evidence, Seen, Stay, StayKey } from '#domain/place/stay.ts';
import type { Interval } from '#domain/place/stay-intervals.ts';
import { type VisitSummary, visitsOf } from '#domain/place/visit.ts';
import type { Telling } from '#domain/place/visit-telling.ts';

/** A stay, and how far the log has been told of it. */
export interface StoredStay {
  readonly stay: Stay;
  /** The visits that the log was last told of. */
  readonly told: readonly VisitSummary[];
  /** How many tellings there were, the pending one among them. */
  readonly revision: number;
  /** Decided, and perhaps not on the log yet. */
  readonly pending?: Telling;
  /** When somebody has to look at it again, though nothing more be heard. */
  readonly dueAtMs?: number;
  /** When staff were found to have been elsewhere than was thought, and shoppers have to be looked at for it. */
  readonly recheckAtMs?: number;
  /** 0 where nothing is kept yet. */
  readonly version: number;
}

export type Row = Record<string, unknown>;

export const DUE_SHARDS = 8;

/** A year, and a month to look back on it. Counted from the last change, since old days may be imported. */
export const KEPT_DAYS = 400;
const DAY_SECONDS = 86_400;

/** Times of one width, so that texts compare as times do. */
export const timeText = (ms: number): string => new Date(ms).toISOString();

export const rowKey = ({ visitorId, storeId, day }: StayKey): { pk: string; sk: string } => ({
  pk: `VISITOR#${visitorId}`,
  sk: `DAY#${day}#STORE#${storeId}`,
});

/** The key that a row's own key says. */
export function keyOfRow({ pk, sk }: Row): StayKey {
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

export function toRow(stored: StoredStay, nowMs: number): Row {
  const { stay, told, revision, pending, dueAtMs, recheckAtMs, version } = stored;
  const visits = visitsOf(stay);
  const firsts = visits.map(({ firstSeenAt }) => firstSeenAt.instantMs);
  const [first] = firsts;
  const key = rowKey(stay);
  return {
    ...key,
    version,
    revision,
    parts: JSON.stringify([...stay.parts].sort(byKey).map(([id, evidence]) => [id, packed(evidence)])),
    told: JSON.stringify(told),
    ...(pending && { pending: JSON.stringify({ kind: pending.kind, after: pending.after }) }),
    ...(recheckAtMs !== undefined && { recheckAtMs }),
    firsts,
    // A stay of which every part proved to be somebody else's is in no list; its row stays, to count its tellings on.
    ...(first !== undefined && {
      gsi1pk: storeDayKey(
        stay.storeId,
        stay.day,
        visits.some(({ isStaff }) => isStaff),
      ),
      gsi1sk: `${timeText(first)}#${stay.visitorId}`,
    }),
    ...(dueAtMs !== undefined && {
      dueAtMs,
      gsi2pk: dueKey(shardOf(stay.visitorId)),
      gsi2sk: `${timeText(dueAtMs)}#${key.pk}#${key.sk}`,
    }),
    expiresAt: expiryOf(nowMs),
  };
}

export function fromRow(row: Row): StoredStay {
  const key = keyOfRow(row);
  const parts = JSON.parse(String(row['parts'])) as Array<[VisitorId, Packed]>;
  const told = JSON.parse(String(row['told'])) as VisitSummary[];
  const revision = Number(row['revision']);
  const pending = row['pending'] as string | undefined;
  return {
    stay: { ...key, parts: new Map(parts.map(([id, one]) => [id, unpacked(one)])) },
    told,
    revision,
    ...(pending !== undefined && {
      pending: {
        ...key,
        revision,
        before: told,
        ...(JSON.parse(pending) as Pick<Telling, 'kind' | 'after'>),
      },
    }),
    ...(row['dueAtMs'] !== undefined && { dueAtMs: Number(row['dueAtMs']) }),
    ...(row['recheckAtMs'] !== undefined && { recheckAtMs: Number(row['recheckAtMs']) }),
    version: Number(row['version']),
  };
}

/** The first moment, then by turns how long it lasted and how long it was until the next. */
type PackedIntervals = readonly number[];
type PackedSeen = readonly [held: PackedIntervals, glimpsed: PackedIntervals];
interface Packed {
  readonly nowhere: PackedSeen;
  readonly zones: ReadonlyArray<readonly [ZoneId, PackedSeen]>;
  readonly clocks: ReadonlyArray<readonly [number, number]>;
  readonly staff?: 1;
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

const packedSeen = ({ held, glimpsed }: Seen): PackedSeen => [
  packedIntervals(held),
  packedIntervals(glimpsed),
];
const unpackedSeen = ([held, glimpsed]: PackedSeen): Seen => ({
  held: unpackedIntervals(held),
  glimpsed: unpackedIntervals(glimpsed),
});

const packed = ({ nowhere, zones, clocks, isStaff, coarseness }: Evidence): Packed => ({
  nowhere: packedSeen(nowhere),
  zones: [...zones].map(([id, seen]) => [id, packedSeen(seen)]),
  clocks: [...clocks],
  ...(isStaff ? { staff: 1 } : {}),
  ...(coarseness > 0 ? { coarse: coarseness } : {}),
});

const unpacked = ({ nowhere, zones, clocks, staff, coarse = 0 }: Packed): Evidence => ({
  nowhere: unpackedSeen(nowhere),
  zones: new Map(zones.map(([id, seen]) => [id, unpackedSeen(seen)])),
  clocks: new Map(clocks),
  isStaff: staff === 1,
  coarseness: coarse,
});
