/**
 * Who came in together hangs on two stays, and evidence of either may come late. Whoever settles a stay first looks again at
 * those who came in around the same moment, where it lies now and where the log was told it lay: somebody who seemed to
 * have come alone may prove to have followed this one, or the reverse.
 */

import { groupRoleOf } from '#domain/place/visits/groups.ts';
import { visitsOf } from '#domain/place/visits/visit.ts';
import type { StoredVisitorDay } from '../ports/visit-store.ts';
import { type SettleVisitsPorts, settleVisits } from './settle-visits.ts';
import { type StoreDayContext, shopperOf } from './visit-context.ts';

/** Settles what has become of others' closed visits; their tellings are pending then. A crash in between leaves this stay due. */
export async function recheckGroups(
  ports: SettleVisitsPorts,
  facts: StoreDayContext,
  stored: StoredVisitorDay,
): Promise<StoredVisitorDay[]> {
  facts.note(stored);
  const { visitorId, storeId, day } = stored.visitorDay;
  const moments = [visitsOf(stored.visitorDay)[0], stored.published[0]].flatMap((visit) =>
    visit === undefined || visit.isStaff ? [] : [visit.firstSeenAt.instantMs],
  );
  const changed: StoredVisitorDay[] = [];
  for (const atMs of new Set(moments)) {
    const around = await facts.around(storeId, day, atMs);
    for (const { visitorDay, published } of around) {
      if (visitorDay.visitorId === visitorId) continue;
      const [first] = visitsOf(visitorDay);
      if (first === undefined) continue;
      const shoppers = (await facts.around(storeId, day, first.firstSeenAt.instantMs)).map(shopperOf);
      const isWrong = visitsOf(visitorDay).some((visit) => {
        const known = published.find(
          ({ firstSeenAt }) => firstSeenAt.instantMs === visit.firstSeenAt.instantMs,
        );
        return (
          known?.isClosed === true && known.groupRole !== groupRoleOf(visitorDay.visitorId, visit, shoppers)
        );
      });
      if (!isWrong) continue;
      const settled = await settleVisits(ports, facts, visitorDay, { closes: true, isRecheck: true });
      if (settled.kind === 'settled') changed.push(settled.stored);
    }
  }
  return changed;
}
