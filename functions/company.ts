/**
 * Who came in together hangs on two stays, and evidence of either may come late. Whoever settles a stay first looks again at
 * those who came in around the same moment, where it lies now and where the log was told it lay: somebody who seemed to
 * have come alone may prove to have followed this one, or the reverse.
 */
import type { StoredStay } from '#adapters/dynamodb/stay-row.ts';
import { companyOf } from '#domain/place/company.ts';
import { visitsOf } from '#domain/place/visit.ts';
import { type Facts, shopperOf } from './stay-facts.ts';
import { type StayPorts, settle } from './stays.ts';

/** Settles what has become of others' closed visits; their tellings are pending then. A crash in between leaves this stay due. */
export async function recheckCompany(
  ports: StayPorts,
  facts: Facts,
  stored: StoredStay,
): Promise<StoredStay[]> {
  facts.note(stored);
  const { visitorId, storeId, day } = stored.stay;
  const moments = [visitsOf(stored.stay)[0], stored.told[0]].flatMap((visit) =>
    visit === undefined || visit.isStaff ? [] : [visit.firstSeenAt.instantMs],
  );
  const changed: StoredStay[] = [];
  for (const atMs of new Set(moments)) {
    const around = await facts.around(storeId, day, atMs);
    for (const { stay, told } of around) {
      if (stay.visitorId === visitorId) continue;
      const [first] = visitsOf(stay);
      if (first === undefined) continue;
      const shoppers = (await facts.around(storeId, day, first.firstSeenAt.instantMs)).map(shopperOf);
      const isWrong = visitsOf(stay).some((visit) => {
        const known = told.find(({ firstSeenAt }) => firstSeenAt.instantMs === visit.firstSeenAt.instantMs);
        return known?.isClosed === true && known.company !== companyOf(stay.visitorId, visit, shoppers);
      });
      if (!isWrong) continue;
      const settled = await settle(ports, facts, stay, { closes: true, isRecheck: true });
      if (settled.kind === 'settled') changed.push(settled.stored);
    }
  }
  return changed;
}
