/**
 * Merges a visitor into another, or splits them again. The alias is written first: from then on sightings go to the right
 * visitor day, and evidence in the wrong one is moved. Of earlier days rows stay where they are; a visitor's history is
 * read under all ids.
 */

import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { VisitorId } from '#domain/chain/ids.ts';
import type { VisitorDayKey } from '#domain/place/visits/visitor-day.ts';
import { mapConcurrent } from '../support/concurrency.ts';
import { canonicalIds } from './canonical-ids.ts';
import { moveToCanonical } from './resolve-aliases.ts';
import { DAYS_AT_ONCE_MAX, type VisitPorts } from './settle-visits.ts';
import type { StoreDayContext } from './visit-context.ts';

/** Points a visitor at another and moves its evidence from a day on; false if the other already points at the visitor. */
export async function mergeVisitors(
  ports: VisitPorts,
  context: StoreDayContext,
  visitorId: VisitorId,
  into: VisitorId,
  from: BusinessDay,
): Promise<boolean> {
  const target = (await canonicalIds(ports.aliases, [into])).get(into);
  if (target === visitorId) return false;
  await ports.aliases.point(visitorId, into, ports.nowMs());
  await moveAllToCanonical(ports, context, visitorId, from);
  return true;
}

/** Removes the alias of a visitor and moves its evidence back, of all days. */
export async function splitVisitors(
  ports: VisitPorts,
  context: StoreDayContext,
  visitorId: VisitorId,
  into: VisitorId,
): Promise<void> {
  await ports.aliases.release(visitorId, into);
  const target = (await canonicalIds(ports.aliases, [into])).get(into) ?? into;
  await moveAllToCanonical(ports, context, target);
}

async function moveAllToCanonical(
  ports: VisitPorts,
  context: StoreDayContext,
  visitorId: VisitorId,
  from?: BusinessDay,
): Promise<void> {
  const keys: VisitorDayKey[] = [];
  for await (const { visitorDay } of ports.visits.ofVisitor(visitorId, from)) {
    const isInPlace = from === undefined && visitorDay.parts.size === 1 && visitorDay.parts.has(visitorId);
    if (visitorDay.parts.size > 0 && !isInPlace) keys.push(visitorDay);
  }
  await mapConcurrent(keys, DAYS_AT_ONCE_MAX, ({ storeId, day }) =>
    moveToCanonical(ports, context, { visitorId, storeId, day }),
  );
}
