/**
 * What the log holds of a visitor's day in a store: the visits published before, and those that hold now.
 *
 * Figures add the difference. So each revision corrects the one before it, however late the evidence came
 * and however many visits it merged; the sum of all differences equals the last revision.
 */
import type { VisitSummary } from './visit.ts';
import type { VisitorDayKey } from './visitor-day.ts';

export interface VisitRevision extends VisitorDayKey {
  /**
   * `opened`: a visit started or an open visit changed. `closed`: a visit ended, or an ended one was corrected.
   */
  readonly kind: 'opened' | 'closed';
  /** From 1. Each revision is counted once under it. */
  readonly revision: number;
  readonly before: readonly VisitSummary[];
  readonly after: readonly VisitSummary[];
}

/**
 * Returns whether figures are the same for two summaries. Of an open visit they count its beginning alone.
 */
export function isSameForFigures(a: VisitSummary, b: VisitSummary): boolean {
  const isSameBeginning =
    a.firstSeenAt.instantMs === b.firstSeenAt.instantMs &&
    a.firstSeenAt.offsetMinutes === b.firstSeenAt.offsetMinutes &&
    a.isStaff === b.isStaff &&
    a.counts === b.counts &&
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

/** Returns the visits that are new or differ from the last published revision. */
export const unpublished = (
  published: readonly VisitSummary[],
  now: readonly VisitSummary[],
): VisitSummary[] => now.filter((visit) => !published.some((one) => isSameForFigures(one, visit)));

/** Returns whether the published visits are those that hold now, as far as figures can see. */
export const isPublished = (published: readonly VisitSummary[], now: readonly VisitSummary[]): boolean =>
  published.length === now.length && unpublished(published, now).length === 0;

/** Returns the revision after `revision`; undefined where figures would not change. */
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
