/**
 * A visitor day is all evidence of one visitor in one store on one business day: the union of what sensors
 * reported.
 *
 * Sightings come twice, late, in any order and from several sensors at once, and a visitor may prove to be
 * another one or two. So a visitor day keeps evidence and no conclusions. Joining evidence is commutative,
 * associative and idempotent; and each id that was ever seen as this visitor keeps a part of its own, so
 * that merged visitors can be split.
 */
import type { BusinessDay } from '../../chain/business-day.ts';
import type { StoreId, VisitorId, ZoneId } from '../../chain/ids.ts';
import { clippedTo, equalIntervals, type Interval, union } from './intervals.ts';
import type { Sighting } from './sighting.ts';
import { type Extent, joinExtents } from './stillness.ts';
import { VISIT_GAP_MS_MAX } from './visit-gap.ts';

/** What was seen of a visitor in one place. */
export interface SeenIntervals {
  /** Exact intervals, by sensors that track. */
  readonly tracked: readonly Interval[];
  /** By frames of cameras; the time between two close snapshots counts as seen. */
  readonly snapshots: readonly Interval[];
}

export interface Evidence {
  /** In the store, and in no zone of it. */
  readonly nowhere: SeenIntervals;
  readonly zones: ReadonlyMap<ZoneId, SeenIntervals>;
  /** When sightings reported a member of staff; one that knows is enough for the stay it lies in. */
  readonly staff: readonly Interval[];
  /** When sensors that count visitors reported them, by the length in milliseconds from which on a stay counts. */
  readonly counting: ReadonlyMap<number, readonly Interval[]>;
  /** How far positions reached, one per sensor and half hour. */
  readonly extents: readonly Extent[];
  /** The store's offsets from UTC, in minutes, and the first instant at which each was seen: two on a night that clocks change. */
  readonly clocks: ReadonlyMap<number, number>;
  /** How far gaps had to be closed to keep it small: an index of `COARSE_MS`. */
  readonly coarseness: number;
}

export interface VisitorDayKey {
  readonly visitorId: VisitorId;
  readonly storeId: StoreId;
  readonly day: BusinessDay;
}

export interface VisitorDay extends VisitorDayKey {
  /** Evidence by the id it was seen under. */
  readonly parts: ReadonlyMap<VisitorId, Evidence>;
}

/** When a visitor was present at all, and in which zones; each list without overlaps. */
export interface DayPresence {
  readonly all: readonly Interval[];
  readonly zones: ReadonlyMap<ZoneId, readonly Interval[]>;
}

/** Two snapshots no further apart than this belong to one interval: a camera that takes a frame every few seconds misses one. */
export const SNAPSHOT_GAP_MS_MAX = 10_000;

/**
 * A row of the table holds 400 kB, a stretch takes some ten bytes of it. A day's worth of one visitor is some dozens;
 * staff who cross from zone to zone all day long have hundreds.
 */
export const INTERVALS_PER_PART_MAX = 2_000;

/**
 * Beyond that, gaps are closed, ever longer ones, until it fits or the last step is reached, at which a zone has some
 * three hundred stretches in a day at most. No sighting is lost, and first and last instants stay; time spent may then be
 * reported too long and entries too few. Which step it came to may depend on the order of what came: gaps that are
 * closed stay so, even if later sightings alone would have filled enough of them.
 */
export const COARSE_MS: readonly number[] = [0, 15_000, 30_000, 60_000, 300_000, 600_000];

const NOTHING_SEEN: SeenIntervals = { tracked: [], snapshots: [] };

export const NO_EVIDENCE: Evidence = {
  nowhere: NOTHING_SEEN,
  zones: new Map(),
  staff: [],
  counting: new Map(),
  extents: [],
  clocks: new Map(),
  coarseness: 0,
};

/** Returns the evidence of one sighting. */
export function evidenceOf({
  presences,
  isStaff,
  startedAt,
  counting = { leastMs: 0 },
  extents = [],
}: Sighting): Evidence {
  const lists = new Map<ZoneId | undefined, { tracked: Interval[]; snapshots: Interval[] }>();
  for (const { kind, zoneId, fromMs, toMs } of presences) {
    const seen = lists.get(zoneId) ?? { tracked: [], snapshots: [] };
    seen[kind === 'tracked' ? 'tracked' : 'snapshots'].push({ fromMs, toMs });
    lists.set(zoneId, seen);
  }
  const zones = new Map<ZoneId, SeenIntervals>();
  for (const [zoneId, seen] of lists) if (zoneId !== undefined) zones.set(zoneId, seen);
  const clocks = new Map([[startedAt.offsetMinutes, startedAt.instantMs]]);
  const times = presences.map(({ fromMs, toMs }): Interval => ({ fromMs, toMs }));
  const raw = {
    nowhere: lists.get(undefined) ?? NOTHING_SEEN,
    zones,
    staff: isStaff ? times : [],
    counting: new Map(counting === 'zones only' ? [] : [[counting.leastMs, times]]),
    extents,
    clocks,
    coarseness: 0,
  };
  return joinEvidence(raw, NO_EVIDENCE);
}

/** Returns the union of two pieces of evidence, coarsened until it fits `INTERVALS_PER_PART_MAX`. */
export function joinEvidence(a: Evidence, b: Evidence): Evidence {
  let coarseness = Math.max(a.coarseness, b.coarseness);
  let joined = joinAt(a, b, coarseness);
  while (countIntervals(joined) > INTERVALS_PER_PART_MAX && coarseness < COARSE_MS.length - 1) {
    joined = joinAt(joined, NO_EVIDENCE, ++coarseness);
  }
  return joined;
}

function joinAt(a: Evidence, b: Evidence, coarseness: number): Evidence {
  const bridgeMs = COARSE_MS[coarseness] ?? 0;
  const join = (one: SeenIntervals = NOTHING_SEEN, other: SeenIntervals = NOTHING_SEEN): SeenIntervals => ({
    tracked: union([...one.tracked, ...other.tracked], bridgeMs),
    snapshots: union([...one.snapshots, ...other.snapshots], Math.max(SNAPSHOT_GAP_MS_MAX, bridgeMs)),
  });
  const zoneIds = new Set([...a.zones.keys(), ...b.zones.keys()]);
  const clocks = new Map(a.clocks);
  for (const [offset, firstMs] of b.clocks)
    clocks.set(offset, Math.min(firstMs, clocks.get(offset) ?? firstMs));
  return {
    nowhere: join(a.nowhere, b.nowhere),
    zones: new Map([...zoneIds].sort().map((id) => [id, join(a.zones.get(id), b.zones.get(id))])),
    staff: union([...a.staff, ...b.staff], VISIT_GAP_MS_MAX),
    counting: joinCounting(a.counting, b.counting),
    extents: joinExtents([...a.extents, ...b.extents]),
    clocks,
    coarseness,
  };
}

function joinCounting(a: Evidence['counting'], b: Evidence['counting']): Evidence['counting'] {
  const lengths = [...new Set([...a.keys(), ...b.keys()])].sort((one, other) => one - other);
  return new Map(
    lengths.map((leastMs) => {
      const times = [...(a.get(leastMs) ?? []), ...(b.get(leastMs) ?? [])];
      return [leastMs, union(times, VISIT_GAP_MS_MAX)];
    }),
  );
}

const seenOf = ({ nowhere, zones }: Evidence): SeenIntervals[] => [nowhere, ...zones.values()];

const countIntervals = (evidence: Evidence): number =>
  seenOf(evidence).reduce((sum, { tracked, snapshots }) => sum + tracked.length + snapshots.length, 0);

const equalSeen = (a: SeenIntervals, b: SeenIntervals = NOTHING_SEEN): boolean =>
  equalIntervals(a.tracked, b.tracked) && equalIntervals(a.snapshots, b.snapshots);

/** Returns whether two pieces of evidence are the same. */
export const equalEvidence = (a: Evidence, b: Evidence): boolean =>
  equalIntervals(a.staff, b.staff) &&
  equalCounting(a.counting, b.counting) &&
  JSON.stringify(a.extents) === JSON.stringify(b.extents) &&
  a.coarseness === b.coarseness &&
  a.zones.size === b.zones.size &&
  a.clocks.size === b.clocks.size &&
  equalSeen(a.nowhere, b.nowhere) &&
  [...a.zones].every(([id, seen]) => b.zones.has(id) && equalSeen(seen, b.zones.get(id))) &&
  [...a.clocks].every(([offset, firstMs]) => b.clocks.get(offset) === firstMs);

const equalCounting = (a: Evidence['counting'], b: Evidence['counting']): boolean =>
  a.size === b.size && [...a].every(([leastMs, times]) => equalIntervals(times, b.get(leastMs) ?? []));

/** Returns a visitor day without evidence. */
export const emptyVisitorDay = ({ visitorId, storeId, day }: VisitorDayKey): VisitorDay => ({
  visitorId,
  storeId,
  day,
  parts: new Map(),
});

/** Returns the visitor day with more evidence, given by the ids it was seen under. */
export function withParts(stay: VisitorDay, more: ReadonlyMap<VisitorId, Evidence>): VisitorDay {
  const parts = new Map(stay.parts);
  for (const [id, evidence] of more) parts.set(id, joinEvidence(parts.get(id) ?? NO_EVIDENCE, evidence));
  return { ...stay, parts };
}

/**
 * Returns the visitor day without parts that moved elsewhere; a part that gained evidence since stays for
 * another round.
 */
export function withoutParts(stay: VisitorDay, moved: ReadonlyMap<VisitorId, Evidence>): VisitorDay {
  const stays = ([id, evidence]: readonly [VisitorId, Evidence]): boolean => {
    const gone = moved.get(id);
    return gone === undefined || !equalEvidence(gone, evidence);
  };
  return { ...stay, parts: new Map([...stay.parts].filter(stays)) };
}

/** Returns whether two visitor days hold the same evidence under the same ids. */
export const equalParts = (a: VisitorDay, b: VisitorDay): boolean =>
  a.parts.size === b.parts.size &&
  [...a.parts].every(([id, evidence]) => equalEvidence(evidence, b.parts.get(id) ?? NO_EVIDENCE));

/** Returns the union of all parts of a visitor day. */
export const evidenceOfDay = ({ parts }: VisitorDay): Evidence =>
  [...parts.values()].reduce(joinEvidence, NO_EVIDENCE);

/** Returns when the visitor was present, in total and by zone. */
export function presenceOf(evidence: Pick<Evidence, 'nowhere' | 'zones'>): DayPresence {
  const together = ({ tracked, snapshots }: SeenIntervals): Interval[] => union([...tracked, ...snapshots]);
  const zones = new Map([...evidence.zones].map(([id, seen]) => [id, together(seen)]));
  return { all: union([...together(evidence.nowhere), ...[...zones.values()].flat()]), zones };
}

/** Returns whether two presences in zones are the same up to `endMs`. */
export function equalUntil(a: DayPresence, b: DayPresence, endMs: number): boolean {
  const ids = new Set([...a.zones.keys(), ...b.zones.keys()]);
  return [...ids].every((id) =>
    equalIntervals(clippedTo(a.zones.get(id) ?? [], endMs), clippedTo(b.zones.get(id) ?? [], endMs)),
  );
}

/** Returns the store's offset from UTC at an instant in minutes, as far as sightings reported it. */
export function offsetAt({ clocks }: Evidence, instantMs: number): number {
  const sorted = [...clocks].sort(([a, aMs], [b, bMs]) => aMs - bMs || a - b);
  const begun = sorted.findLast(([, firstMs]) => firstMs <= instantMs);
  return (begun ?? sorted[0])?.[0] ?? 0;
}
