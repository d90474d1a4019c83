/**
 * A person's id → the push decisions about them, and when they entered geofences. An index lists the keys of a person's rows,
 * and a key says what its row holds (see push-decision-store.ts).
 */
import type {
  PushDecisionStore,
  PushRowKey,
  StoredDecision,
} from '#application/ports/push-decision-store.ts';
import { mapConcurrent } from '#application/support/concurrency.ts';
import type { CampaignId, PersonId, StoreId } from '#domain/chain/ids.ts';

export interface GeofenceVisit {
  readonly storeId: StoreId;
  readonly atMs: number;
}

export interface CustomerPushHistory {
  /** In the order of time. */
  readonly decisions: readonly StoredDecision[];
  readonly entries: readonly GeofenceVisit[];
}

const READS_AT_ONCE_MAX = 16;

/** Returns a person's push decisions and geofence entries, each in the order of time. */
export async function pushHistoryOf(
  pushDecisions: Pick<PushDecisionStore, 'ofPerson' | 'decision'>,
  personId: PersonId,
): Promise<CustomerPushHistory> {
  const keys: PushRowKey[] = [];
  for await (const key of pushDecisions.ofPerson(personId)) keys.push(key);
  const refs = keys.flatMap(({ pk, sk }) => {
    const [kind, campaignId = ''] = pk.split('#');
    const [at = '', storeId = ''] = sk.split('#');
    return kind === 'CAMPAIGN'
      ? [
          {
            campaignId: campaignId as CampaignId,
            storeId: storeId as StoreId,
            personId,
            sampleAtMs: Date.parse(at),
          },
        ]
      : [];
  });
  const found = await mapConcurrent(refs, READS_AT_ONCE_MAX, (ref) => pushDecisions.decision(ref));
  const entries = keys.flatMap(({ pk, sk }): GeofenceVisit[] => {
    const [kind, storeId = ''] = pk.split('#');
    const [at = ''] = sk.split('#');
    return kind === 'ENTERS' ? [{ storeId: storeId as StoreId, atMs: Date.parse(at) }] : [];
  });
  return {
    decisions: found.filter((decision) => decision !== undefined).sort((a, b) => a.sampleAtMs - b.sampleAtMs),
    entries: entries.sort((a, b) => a.atMs - b.atMs),
  };
}
