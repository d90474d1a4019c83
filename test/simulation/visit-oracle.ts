/**
 * The expected figures of visits and doors. Revisions of a visitor day add up to the last of them, so only that one is
 * read; the product's differences are not used here.
 */

/** Adds to a counter at an instant of a store's business day: to its minute, hour and day, at every level. */
export type CountAt = (store: string, day: string, time: string, counter: string, amount: bigint) => void;
/** Adds to a counter of a zone's day. */
export type CountInZone = (store: string, day: string, zone: string, counter: string, amount: bigint) => void;

interface WireVisit {
  readonly firstSeenAt: string;
  readonly lastSeenAtMs: number;
  readonly isClosed: boolean;
  readonly isStaff: boolean;
  readonly isAssisted: boolean;
  readonly frequency: string;
  readonly groupRole?: string;
  readonly zones: ReadonlyArray<{ readonly zone: string; readonly entries: number; readonly ms: number }>;
}

export interface WireRevision {
  readonly store: string;
  readonly businessDay: string;
  readonly visitor: string;
  readonly revision: number;
  readonly after: readonly WireVisit[];
}

export interface WirePassage {
  readonly store: string;
  readonly sensor: string;
  readonly businessDay: string;
  readonly startedAt: string;
  readonly endedAtMs: number;
  readonly entered: number;
  readonly left: number;
}

/** The ends of the classes of dwell times but the last, which is open. */
const DWELL_MINUTES = [0.5, 1, 2, 3, 5, 8, 12, 20, 30, 60, 120];

const STANDING_COUNTER: Record<string, string> = {
  first: 'firstVisits',
  second: 'secondVisits',
  regular: 'regularVisits',
};

/** `revisions`: the first body under each name. */
export function countVisits(revisions: readonly WireRevision[], count: CountAt, inZone: CountInZone): void {
  const last = new Map<string, WireRevision>();
  for (const revision of revisions) {
    const name = `${revision.store} ${revision.businessDay} ${revision.visitor}`;
    if (revision.revision > (last.get(name)?.revision ?? 0)) last.set(name, revision);
  }
  for (const { store, businessDay, after } of last.values()) {
    for (const visit of after) {
      const add = (counter: string, amount = 1n): void =>
        count(store, businessDay, visit.firstSeenAt, counter, amount);
      add('bodies');
      if (visit.isStaff) continue;
      add('visitors');
      const frequency = STANDING_COUNTER[visit.frequency];
      if (frequency !== undefined) add(frequency);
      if (!visit.isClosed) continue;
      add('closedVisits');
      const ms = visit.lastSeenAtMs - Date.parse(visit.firstSeenAt);
      add('dwellMs', BigInt(Math.min(ms, 3 * 3_600_000)));
      const longer = DWELL_MINUTES.filter((minutes) => ms >= minutes * 60_000).length;
      add(`dwell${longer}`);
      if (visit.isAssisted) add('assistedVisits');
      if (visit.groupRole === 'leader') add('groups');
      for (const { zone, entries, ms } of visit.zones) {
        inZone(store, businessDay, zone, 'zoneVisits', 1n);
        inZone(store, businessDay, zone, 'zoneEntries', BigInt(entries));
        inZone(store, businessDay, zone, 'zoneMs', BigInt(ms));
        if (ms >= 10_000) inZone(store, businessDay, zone, 'engagedVisits', 1n);
      }
    }
  }
}

export function countPassage(
  { store, businessDay, startedAt, entered, left }: WirePassage,
  count: CountAt,
): void {
  count(store, businessDay, startedAt, 'doorIn', BigInt(entered));
  count(store, businessDay, startedAt, 'doorOut', BigInt(left));
  count(store, businessDay, startedAt, 'doorCounts', 1n);
}

/** The beginning of the wall clock's hour of a time, in milliseconds. */
export function hourOf(time: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(time) ?? [];
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  const ms = Date.parse(time);
  return ms - ((ms + offset) % 3_600_000);
}

/** The hours in which visitors of a day were ever reported. */
export function seenHours(revisions: readonly WireRevision[], store: string, day: string): Set<number> {
  const hours = new Set<number>();
  for (const revision of revisions) {
    if (revision.store !== store || revision.businessDay !== day) continue;
    for (const { firstSeenAt, lastSeenAtMs, isStaff } of revision.after) {
      if (isStaff) continue;
      for (let hour = hourOf(firstSeenAt); hour <= lastSeenAtMs; hour += 3_600_000) hours.add(hour);
    }
  }
  return hours;
}

/** Says of counts of doors, in the order of the log, whether they count; the simulation sends no running totals. */
export function passageOracle() {
  const counted = new Map<string, WirePassage[]>();
  const conflicts = new Set<string>();
  return {
    kindOf(passage: WirePassage): 'counted' | 'known' | 'conflict' {
      const { store, sensor, businessDay, startedAt, endedAtMs, entered, left } = passage;
      const name = `${store} ${businessDay} ${sensor}`;
      const others = counted.get(name) ?? [];
      const [from, text] = [Date.parse(startedAt), JSON.stringify(passage)];
      if (others.some((other) => JSON.stringify(other) === text)) return 'known';
      const isApart = others.every(
        (other) => Date.parse(other.startedAt) >= endedAtMs || other.endedAtMs <= from,
      );
      if (isApart) {
        counted.set(name, [...others, passage]);
        return 'counted';
      }
      const conflict = JSON.stringify([name, from, endedAtMs, entered, left]);
      if (conflicts.has(conflict)) return 'known';
      conflicts.add(conflict);
      return 'conflict';
    },
  };
}
