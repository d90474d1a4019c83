/**
 * Closes the visits of a visitor day that are over. By then all sensors have reported, so this is also where group roles
 * and assistance by staff are decided, and decided again if late evidence changes them.
 */

import { isAssisted, visitsOf } from '#domain/place/visits/visit.ts';
import type { VisitorDayKey } from '#domain/place/visits/visitor-day.ts';
import type { StoredVisitorDay } from '../ports/visit-store.ts';
import { recheckGroups } from './recheck-groups.ts';
import { moveToCanonical } from './resolve-aliases.ts';
import { RECHECK_AFTER_MS, settleVisits, type VisitPorts } from './settle-visits.ts';
import { type StoreDayContext, storeDayContext } from './visit-context.ts';

export interface ClosedVisitorDay {
  /** Parts of evidence that were stored under an id since merged into another. */
  readonly moved: number;
  /** Visitor days that may have a revision to publish. */
  readonly visitorDays: readonly StoredVisitorDay[];
}

/**
 * Closes the ended visits of one visitor day, and settles the visitor days whose group roles or assistance depend on it.
 *
 * @throws Error if the row cannot hold the visitor day, or if a store or the log fails; the visitor day stays due
 */
export async function closeVisitorDay(
  ports: VisitPorts,
  context: StoreDayContext,
  key: VisitorDayKey,
): Promise<ClosedVisitorDay> {
  // A sighting in flight while its visitor was merged into another was stored under the old id.
  const moved = await moveToCanonical(ports, context, key);
  const loaded = await ports.visits.load(key);
  const companions = loaded === undefined ? [] : await recheckGroups(ports, context, loaded);
  const settled = await settleVisits(ports, context, key, { closes: true });
  if (settled.kind === 'unstorable') throw new Error(settled.reason);
  const { stored } = settled;
  const { recheckAtMs } = stored;
  if (recheckAtMs === undefined || ports.nowMs() < recheckAtMs + RECHECK_AFTER_MS)
    return { moved, visitorDays: [...companions, stored] };
  const shoppers = await recheckAssistance(ports, key);
  const staff = await settleVisits(ports, context, key, { closes: true, recheckedAtMs: recheckAtMs });
  return {
    moved,
    visitorDays: [...companions, ...shoppers, staff.kind === 'settled' ? staff.stored : stored],
  };
}

/** Settles the closed visits of a store's day whose assistance changes by late evidence of where staff were. */
async function recheckAssistance(
  ports: VisitPorts,
  { storeId, day }: VisitorDayKey,
): Promise<StoredVisitorDay[]> {
  // The staff cached by this run may be older than the evidence that caused the recheck.
  const context = storeDayContext(ports.visits, ports.aliases);
  const staff = await context.staffOf(storeId, day);
  const changed: StoredVisitorDay[] = [];
  for await (const { visitorDay, published } of ports.visits.ofDay(storeId, day)) {
    const isWrong = visitsOf(visitorDay).some((visit) => {
      const known = published.find(
        ({ firstSeenAt }) => firstSeenAt.instantMs === visit.firstSeenAt.instantMs,
      );
      return known?.isClosed === true && known.isAssisted !== isAssisted(visit, staff);
    });
    if (!isWrong) continue;
    const settled = await settleVisits(ports, context, visitorDay, { closes: true, isRecheck: true });
    if (settled.kind === 'settled') changed.push(settled.stored);
  }
  return changed;
}
