/**
 * Previews a campaign's audience: each geofence entry of the last days is decided again, as a dry run of the campaign, with
 * the rows that existed at that time and none later.
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
import { DAY_MS } from '#domain/chain/duration.ts';
import type { PersonId, StoreId } from '#domain/chain/ids.ts';
import { covers } from '#domain/chain/staff-scope.ts';
import type { Store } from '#domain/chain/store.ts';
import type { Person } from '#domain/people/customers/customer.ts';

export interface PreviewPorts {
  readonly pushDecisions: Pick<PushDecisionStore, 'entries'>;
  readonly people: Pick<PersonStore, 'load'>;
  readonly stock: Pick<StockStore, 'onHand'>;
  readonly nowMs: () => number;
}

export const PREVIEW_DAYS = 7;

/** As many as can be read and decided within one request. */
export const ENTRIES_MAX = 20_000;
const STORES_AT_ONCE_MAX = 8;
const PEOPLE_AT_ONCE_MAX = 32;

/** Returns how many customers a campaign would have reached in each of the stores. */
export async function previewCampaign(
  ports: PreviewPorts,
  campaign: Campaign,
  stores: readonly Store[],
): Promise<PreviewResponse> {
  const nowMs = ports.nowMs();
  const fromMs = nowMs - PREVIEW_DAYS * DAY_MS;
  const covered = stores.filter((store) => campaign.stores.some((scope) => covers(scope, store)));
  const { entries, isTruncated } = await entriesOf(ports, covered, fromMs, nowMs);
  const replay = await decideAgain(ports, campaign, covered, entries, { fromMs, nowMs });
  const byStore = Map.groupBy(entries, ({ storeId }) => storeId);
  return {
    campaign: campaign.campaignId,
    from: new Date(fromMs).toISOString(),
    until: new Date(nowMs).toISOString(),
    entries: entries.length,
    people: new Set(entries.map(({ personId }) => personId)).size,
    reached: replay.reached.size,
    heldOut: replay.heldOut.size,
    reasons: replay.reasons,
    stores: covered.map(({ storeId }) => ({
      store: storeId,
      entries: byStore.get(storeId)?.length ?? 0,
      pushes: replay.pushes.get(storeId) ?? 0,
    })),
    isTruncated,
  };
}

interface Replay {
  readonly reasons: Partial<Record<DecisionReason, number>>;
  readonly pushes: Map<StoreId, number>;
  readonly reached: Set<PersonId>;
  readonly heldOut: Set<PersonId>;
}

/** Decides entries in the order of time, each with the push history that the earlier decisions would have made. */
async function decideAgain(
  ports: PreviewPorts,
  campaign: Campaign,
  stores: readonly Store[],
  entries: readonly GeofenceEntry[],
  { fromMs, nowMs }: { readonly fromMs: number; readonly nowMs: number },
): Promise<Replay> {
  const people = await peopleOf(ports, entries);
  const onHand = await stockOf(ports, campaign, stores);
  const storeOf = new Map(stores.map((store) => [store.storeId, store]));
  const compiled = compileAudience(campaign.audience);
  const audience = compiled.kind === 'compiled' ? compiled.audience : undefined;
  // The campaign's own period does not matter for a preview.
  const dryRun: Campaign = { ...campaign, status: 'dry-run', fromMs, untilMs: nowMs + 1 };

  const histories = new Map<PersonId, PushHistory>();
  const replay: Replay = { reasons: {}, pushes: new Map(), reached: new Set(), heldOut: new Set() };
  let pushesSoFar = 0;
  for (const entry of entries) {
    const { personId, storeId } = entry;
    const store = storeOf.get(storeId);
    const person = people.get(personId);
    // A customer who was erased since cannot be decided again.
    if (store === undefined || person === undefined) continue;
    const history = histories.get(personId) ?? NO_PUSHES;
    const decision = decide(dryRun, audience, entry, {
      person: { ...person, pushes: history.pushes },
      store,
      history,
      onHand: onHand.get(storeId),
      pushesSoFar,
      nowMs,
    });
    histories.set(personId, applyDecision(history, decision));
    const reason: DecisionReason = decision.reason === 'dry run' ? 'pushed' : decision.reason;
    replay.reasons[reason] = (replay.reasons[reason] ?? 0) + 1;
    if (reason === 'held out') replay.heldOut.add(personId);
    if (reason !== 'pushed') continue;
    pushesSoFar++;
    replay.reached.add(personId);
    replay.pushes.set(storeId, (replay.pushes.get(storeId) ?? 0) + 1);
  }
  return replay;
}

/** Returns the entries of the stores' geofences in the order of time; the latest where there are too many. */
async function entriesOf(
  { pushDecisions }: PreviewPorts,
  stores: readonly Store[],
  fromMs: number,
  toMs: number,
): Promise<{ entries: GeofenceEntry[]; isTruncated: boolean }> {
  const lists = await mapConcurrent(stores, STORES_AT_ONCE_MAX, async ({ storeId }) => {
    const own: GeofenceEntry[] = [];
    for await (const entry of pushDecisions.entries(storeId, fromMs, toMs)) {
      own.push(entry);
      if (own.length > ENTRIES_MAX) break;
    }
    return own;
  });
  const all = lists.flat().sort((a, b) => a.sampleAtMs - b.sampleAtMs);
  return { entries: all.slice(-ENTRIES_MAX), isTruncated: all.length > ENTRIES_MAX };
}

async function peopleOf(
  { people }: PreviewPorts,
  entries: readonly GeofenceEntry[],
): Promise<Map<PersonId, Person>> {
  const ids = [...new Set(entries.map(({ personId }) => personId))];
  const loaded = await mapConcurrent(ids, PEOPLE_AT_ONCE_MAX, (personId) => people.load(personId));
  return new Map(
    loaded.flatMap((person) => (person === undefined ? [] : [[person.personId, person] as const])),
  );
}

/** Returns the current stock of the offered product in each store; earlier stock is not recorded. */
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
