/**
 * A person's id → what was decided about them near stores, and when they came near. Rows about somebody are found by an index
 * that holds their keys, and a key says what its row is (see moment-store.ts).
 */
import type {
  PushDecisionStore,
  PushRowKey,
  StoredDecision,
} from '#application/ports/push-decision-store.ts';
import { mapConcurrent } from '#application/support/concurrency.ts';
import type { CampaignId, PersonId, StoreId } from '#domain/chain/ids.ts';

export interface Near {
  readonly storeId: StoreId;
  readonly atMs: number;
}

export interface CustomerPushHistory {
  /** In order of time. */
  readonly decisions: readonly StoredDecision[];
  readonly near: readonly Near[];
}

const READS_AT_ONCE_MAX = 16;

export async function pushHistoryOf(
  moments: Pick<PushDecisionStore, 'ofPerson' | 'decision'>,
  personId: PersonId,
): Promise<CustomerPushHistory> {
  const keys: PushRowKey[] = [];
  for await (const key of moments.ofPerson(personId)) keys.push(key);
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
  const found = await mapConcurrent(refs, READS_AT_ONCE_MAX, (ref) => moments.decision(ref));
  const near = keys.flatMap(({ pk, sk }): Near[] => {
    const [kind, storeId = ''] = pk.split('#');
    const [at = ''] = sk.split('#');
    return kind === 'ENTERS' ? [{ storeId: storeId as StoreId, atMs: Date.parse(at) }] : [];
  });
  return {
    decisions: found.filter((decision) => decision !== undefined).sort((a, b) => a.sampleAtMs - b.sampleAtMs),
    near: near.sort((a, b) => a.atMs - b.atMs),
  };
}
