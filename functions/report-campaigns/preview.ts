/**
 * Whom a campaign would have reached: each crossing of the last days is decided once more, as if the campaign had been
 * rehearsing then, with what was known of everybody at that moment and nothing later.
 */

import type { PersonStore } from '#application/ports/person-store.ts';
import type { PushDecisionStore } from '#application/ports/push-decision-store.ts';
import type { StockStore } from '#application/ports/stock-store.ts';
import { mapConcurrent } from '#application/support/concurrency.ts';
import type { PreviewResponse } from '#contracts/http/campaign-reports.ts';
import { compileAudience } from '#domain/campaigns/audience.ts';
import type { Campaign } from '#domain/campaigns/campaign.ts';
import {
  applyDecision,
  type DecisionReason,
  decide,
  type GeofenceEntry,
  NO_PUSHES,
  type PushHistory,
} from '#domain/campaigns/push-decision.ts';
import type { PersonId, StoreId } from '#domain/chain/ids.ts';
import { covers } from '#domain/chain/scope.ts';
import type { Store } from '#domain/chain/store.ts';
import type { Person } from '#domain/people/customers/customer.ts';

export interface PreviewPorts {
  readonly moments: Pick<PushDecisionStore, 'entries'>;
  readonly people: Pick<PersonStore, 'load'>;
  readonly stock: Pick<StockStore, 'onHand'>;
  readonly nowMs: () => number;
}

export const PREVIEW_DAYS = 7;
const DAY_MS = 86_400_000;

/** As many as are read and decided while somebody waits. */
export const ENTERS_MAX = 20_000;
const STORES_AT_ONCE_MAX = 8;
const PEOPLE_AT_ONCE_MAX = 32;

export async function previewCampaign(
  ports: PreviewPorts,
  campaign: Campaign,
  stores: readonly Store[],
): Promise<PreviewResponse> {
  const nowMs = ports.nowMs();
  const fromMs = nowMs - PREVIEW_DAYS * DAY_MS;
  const places = stores.filter((store) => campaign.stores.some((scope) => covers(scope, store)));
  const { enters, isCut } = await entersOf(ports, places, fromMs, nowMs);
  const people = await peopleOf(ports, enters);
  const onHand = await stockOf(ports, campaign, places);
  const compiled = compileAudience(campaign.audience);
  const audience = compiled.kind === 'compiled' ? compiled.audience : undefined;
  // Whatever the campaign's own days are, it is tried on these.
  const rehearsal: Campaign = { ...campaign, status: 'dry-run', fromMs, untilMs: nowMs + 1 };

  const history = new Map<PersonId, PushHistory>();
  const reasons: Partial<Record<DecisionReason, number>> = {};
  const pushes = new Map<StoreId, number>();
  const [reached, heldOut] = [new Set<PersonId>(), new Set<PersonId>()];
  let pushesSoFar = 0;
  for (const enter of enters) {
    const store = places.find(({ storeId }) => storeId === enter.storeId);
    const person = people.get(enter.personId);
    // Somebody who was forgotten since cannot be asked any more.
    if (store === undefined || person === undefined) continue;
    const before = history.get(enter.personId) ?? NO_PUSHES;
    const decision = decide(rehearsal, audience, enter, {
      person: { ...person, pushes: before.pushes },
      store,
      history: before,
      onHand: onHand.get(store.storeId),
      pushesSoFar,
      nowMs,
    });
    history.set(enter.personId, applyDecision(before, decision));
    const reason: DecisionReason = decision.reason === 'dry run' ? 'pushed' : decision.reason;
    reasons[reason] = (reasons[reason] ?? 0) + 1;
    if (reason === 'held out') heldOut.add(enter.personId);
    if (reason !== 'pushed') continue;
    pushesSoFar++;
    reached.add(enter.personId);
    pushes.set(store.storeId, (pushes.get(store.storeId) ?? 0) + 1);
  }
  const byStore = Map.groupBy(enters, ({ storeId }) => storeId);
  return {
    campaign: campaign.campaignId,
    from: new Date(fromMs).toISOString(),
    until: new Date(nowMs).toISOString(),
    enters: enters.length,
    people: new Set(enters.map(({ personId }) => personId)).size,
    reached: reached.size,
    heldOut: heldOut.size,
    reasons,
    stores: places.map(({ storeId }) => ({
      store: storeId,
      enters: byStore.get(storeId)?.length ?? 0,
      pushes: pushes.get(storeId) ?? 0,
    })),
    isCut,
  };
}

/** Who came near any of the stores, in the order of time; the latest where there are too many. */
async function entersOf(
  { moments }: PreviewPorts,
  stores: readonly Store[],
  fromMs: number,
  toMs: number,
): Promise<{ enters: GeofenceEntry[]; isCut: boolean }> {
  const lists = await mapConcurrent(stores, STORES_AT_ONCE_MAX, async ({ storeId }) => {
    const own: GeofenceEntry[] = [];
    for await (const enter of moments.entries(storeId, fromMs, toMs)) {
      own.push(enter);
      if (own.length > ENTERS_MAX) break;
    }
    return own;
  });
  const all = lists.flat().sort((a, b) => a.sampleAtMs - b.sampleAtMs);
  return { enters: all.slice(-ENTERS_MAX), isCut: all.length > ENTERS_MAX };
}

async function peopleOf(
  { people }: PreviewPorts,
  enters: readonly GeofenceEntry[],
): Promise<Map<PersonId, Person>> {
  const ids = [...new Set(enters.map(({ personId }) => personId))];
  const loaded = await mapConcurrent(ids, PEOPLE_AT_ONCE_MAX, (personId) => people.load(personId));
  return new Map(
    loaded.flatMap((person) => (person === undefined ? [] : [[person.personId, person] as const])),
  );
}

/** What each store has of the offered thing now; what it had then nobody wrote down. */
async function stockOf(
  { stock }: PreviewPorts,
  { offer: { productId } }: Campaign,
  stores: readonly Store[],
): Promise<Map<StoreId, number>> {
  if (productId === undefined) return new Map();
  const counts = await mapConcurrent(stores, STORES_AT_ONCE_MAX, ({ storeId }) =>
    stock.onHand(storeId, productId),
  );
  return new Map(
    counts.flatMap((count, index) => {
      const store = stores[index];
      return count === undefined || store === undefined ? [] : [[store.storeId, count.onHand] as const];
    }),
  );
}
