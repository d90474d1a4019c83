/**
 * What the log is published of a visitor's day in a store: what it was published before, and what holds now.
 *
 * Figures take the difference. So each telling corrects the one before it, however late the evidence came and however
 * many visits it made into one; and the sum of all differences is what was published last.
 */

import type { VisitSummary } from './visit.ts';
import type { VisitorDayKey } from './visitor-day.ts';

export interface VisitRevision extends VisitorDayKey {
  /**
   * `opened` where somebody is in the store of whom the log did not know, or not so; `closed` for all else: visits
   * that have ended, and corrections of such.
   */
  readonly kind: 'opened' | 'closed';
  /** From 1. Each telling is counted once under it. */
  readonly revision: number;
  readonly before: readonly VisitSummary[];
  readonly after: readonly VisitSummary[];
}

/** Whether figures would come out the same. Of an open visit they count its beginning alone. */
export function isSameForFigures(a: VisitSummary, b: VisitSummary): boolean {
  const isSameBeginning =
    a.firstSeenAt.instantMs === b.firstSeenAt.instantMs &&
    a.firstSeenAt.offsetMinutes === b.firstSeenAt.offsetMinutes &&
    a.isStaff === b.isStaff &&
    a.frequency === b.frequency &&
    a.isClosed === b.isClosed;
  if (!isSameBeginning || !a.isClosed) return isSameBeginning;
  return (
    a.lastSeenAtMs === b.lastSeenAtMs &&
    a.isAssisted === b.isAssisted &&
    a.groupRole === b.groupRole &&
    a.zones.length === b.zones.length &&
    a.zones.every(({ zoneId, entries, ms }, index) => {
      const other = b.zones[index];
      return zoneId === other?.zoneId && entries === other.entries && ms === other.ms;
    })
  );
}

/** The visits that hold now and of which the log does not know, or not so. */
export const unpublished = (
  published: readonly VisitSummary[],
  now: readonly VisitSummary[],
): VisitSummary[] => now.filter((visit) => !published.some((one) => isSameForFigures(one, visit)));

export const isPublished = (published: readonly VisitSummary[], now: readonly VisitSummary[]): boolean =>
  published.length === now.length && unpublished(published, now).length === 0;

/** The next telling after `revision` tellings; undefined where figures would see no difference. */
export function nextRevision(
  { visitorId, storeId, day }: VisitorDayKey,
  { revision, published }: { readonly revision: number; readonly published: readonly VisitSummary[] },
  now: readonly VisitSummary[],
): VisitRevision | undefined {
  if (isPublished(published, now)) return undefined;
  const isOpening = unpublished(published, now).some((visit) => !visit.isClosed);
  return {
    visitorId,
    storeId,
    day,
    kind: isOpening ? 'opened' : 'closed',
    revision: revision + 1,
    before: published,
    after: now,
  };
}
