/**
 * Group roles depend on two visitor days, and evidence of either may arrive late. Before a visitor day is settled, the
 * shoppers who arrived about the same time are checked again, around its present arrival and around the published one: a
 * shopper published as alone may turn out to be a companion, or the reverse.
 */

import { groupRoleOf } from '#domain/place/visits/groups.ts';
import { visitsOf } from '#domain/place/visits/visit.ts';
import type { StoredVisitorDay } from '../ports/visit-store.ts';
import { settleVisits, type VisitPorts } from './settle-visits.ts';
import { type StoreDayContext, shopperOf } from './visit-context.ts';

/**
 * Settles the closed visits of others whose group role has changed; returns their visitor days, whose revisions are pending
 * then. A crash in between leaves this visitor day due.
 */
export async function recheckGroups(
  ports: VisitPorts,
  context: StoreDayContext,
  stored: StoredVisitorDay,
): Promise<StoredVisitorDay[]> {
  context.note(stored);
  const { visitorId, storeId, day } = stored.visitorDay;
  const instants = [visitsOf(stored.visitorDay)[0], stored.published[0]].flatMap((visit) =>
    visit === undefined || visit.isStaff ? [] : [visit.firstSeenAt.instantMs],
  );
  const changed: StoredVisitorDay[] = [];
  for (const atMs of new Set(instants)) {
    const around = await context.around(storeId, day, atMs);
    for (const { visitorDay, published } of around) {
      if (visitorDay.visitorId === visitorId) continue;
      const [first] = visitsOf(visitorDay);
      if (first === undefined) continue;
      const shoppers = (await context.around(storeId, day, first.firstSeenAt.instantMs)).map(shopperOf);
      const isWrong = visitsOf(visitorDay).some((visit) => {
        const known = published.find(
          ({ firstSeenAt }) => firstSeenAt.instantMs === visit.firstSeenAt.instantMs,
        );
        return (
          known?.isClosed === true && known.groupRole !== groupRoleOf(visitorDay.visitorId, visit, shoppers)
        );
      });
      if (!isWrong) continue;
      const settled = await settleVisits(ports, context, visitorDay, { closes: true, isRecheck: true });
      if (settled.kind === 'settled') changed.push(settled.stored);
    }
  }
  return changed;
}
