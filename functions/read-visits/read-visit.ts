/**
 * A visit's id → its path through the zones, and whether it ended in a purchase.
 *
 * The day's receipts and other visits are read only where the visit was at a till; otherwise the outcome does not depend on
 * them.
 */
import { bodiesOfDay } from '#application/figures/receipt-facts.ts';
import type { FactStore } from '#application/ports/fact-store.ts';
import type { SensorStore } from '#application/ports/sensor-store.ts';
import type { VisitStore } from '#application/ports/visit-store.ts';
import { receiptName } from '#contracts/events/receipt-closed.ts';
import type { VisitResponse } from '#contracts/http/visits.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { isTransaction } from '#domain/place/figures/receipt.ts';
import type { Journey, VisitName } from '#domain/place/visits/journey.ts';
import {
  attributePurchase,
  isTillZone,
  type PurchaseContext,
  type PurchaseOutcome,
  type TillSale,
  wasAtTill,
} from '#domain/place/visits/purchase-attribution.ts';
import { pathOf, type Visit, visitsOf } from '#domain/place/visits/visit.ts';
import { clockOf, formatVisit, secondsOf, zonesOf } from './format-visit.ts';
import { collect, journeysIn, staffIn } from './read-visits.ts';

export interface ReadVisitPorts {
  readonly visits: Pick<VisitStore, 'load' | 'ofDay' | 'staffOfDay'>;
  readonly facts: Pick<FactStore, 'ofDay'>;
  readonly sensors: Pick<SensorStore, 'list'>;
  readonly nowMs: () => number;
}

/** Returns one visit; undefined where there is no such visit, or no longer. */
export async function readVisit(
  ports: ReadVisitPorts,
  name: VisitName,
  { timeZone }: Pick<Store, 'timeZone'>,
): Promise<VisitResponse | undefined> {
  const { storeId, day } = name;
  const [stored, staffDays, sensors] = await Promise.all([
    ports.visits.load(name),
    collect(ports.visits.staffOfDay(storeId, day)),
    ports.sensors.list(storeId),
  ]);
  const journeys = stored === undefined ? [] : journeysIn(stored, staffIn(staffDays), ports.nowMs());
  const journey = journeys[name.number - 1];
  if (journey === undefined) return undefined;

  const hasTillZone = sensors.some(({ zones }) => zones.some(({ zoneId }) => isTillZone(zoneId)));
  const context = wasAtTill(journey.visit) ? await atTills(ports, journey) : { others: [], sales: [] };
  const outcome = attributePurchase(journey.visit, { hasTillZone, isOpen: journey.isOpen, ...context });
  const clock = clockOf(timeZone);
  return {
    ...formatVisit(journey, timeZone),
    store: storeId,
    day,
    path: pathOf(journey.visit).map(({ zoneId, fromMs, toMs }) => ({
      zone: zoneId,
      from: clock(fromMs),
      to: clock(toMs),
      seconds: secondsOf(toMs - fromMs),
    })),
    zones: zonesOf(journey),
    purchase: purchaseOf(outcome, clock),
  };
}

/** Returns the other visits that were at a till on the day, and the sales. */
async function atTills(
  ports: ReadVisitPorts,
  { key, visit }: Journey,
): Promise<Pick<PurchaseContext, 'others' | 'sales'>> {
  const others: Visit[] = [];
  for await (const { visitorDay } of ports.visits.ofDay(key.storeId, key.day)) {
    const isSame = visitorDay.visitorId === key.visitorId;
    const more = visitsOf(visitorDay).filter((one) => !(isSame && one.number === visit.number));
    others.push(...more.filter(wasAtTill));
  }
  return { others, sales: await salesOf(ports.facts, key.storeId, key.day) };
}

async function salesOf(
  facts: ReadVisitPorts['facts'],
  storeId: StoreId,
  day: BusinessDay,
): Promise<TillSale[]> {
  const bodies = await bodiesOfDay(facts, storeId, day);
  return bodies
    .filter(({ standing, receipt }) => standing === 'counted' && isTransaction(receipt))
    .map(({ receipt }) => ({ name: receiptName(receipt), closedAtMs: receipt.closedAt.instantMs }));
}

function purchaseOf(outcome: PurchaseOutcome, clock: (ms: number) => string): VisitResponse['purchase'] {
  if (outcome.kind !== 'yes') return { answer: outcome.kind, reason: outcome.reason };
  const { sale, zoneId } = outcome.evidence;
  return {
    answer: 'yes',
    reason: 'alone at the till when it closed a sale',
    receipt: sale.name,
    closedAt: clock(sale.closedAtMs),
    zone: zoneId,
  };
}
