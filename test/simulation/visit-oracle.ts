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
  readonly entered: number;
  readonly left: number;
}

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
      add('dwellMs', BigInt(visit.lastSeenAtMs - Date.parse(visit.firstSeenAt)));
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
}
