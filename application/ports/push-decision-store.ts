/** Port: push decisions, the push history of each customer, and geofence entries. */

import type { Decision, GeofenceEntry, PushHistory } from '#domain/campaigns/push-decision.ts';
import type { CampaignId, DeviceId, PersonId, StoreId } from '#domain/chain/ids.ts';

export interface StoredPushHistory {
  readonly history: PushHistory;
  /** 0 for a customer without pushes. */
  readonly version: number;
}

/** A decision and the outcome of its push. */
export interface StoredDecision extends Decision {
  readonly deviceId: DeviceId;
  /** Time of the position sample; with campaign, store and person it identifies the decision, so a repeated one is the same. */
  readonly sampleAtMs: number;
  /** Identifies the push in its link and in the report that it was opened. */
  readonly token?: string;
  /** Set before the push is sent, so that it is not sent again after a crash. */
  readonly sendingAtMs?: number;
  readonly sentAtMs?: number;
  readonly failure?: string;
  readonly openedAtMs?: number;
  readonly clickedAtMs?: number;
}

export type DecisionRef = Pick<Decision, 'campaignId' | 'storeId' | 'personId'> & {
  readonly sampleAtMs: number;
};

/** The key of a row about a customer. */
export interface PushRowKey {
  readonly pk: string;
  readonly sk: string;
}

export interface PushDecisionStore {
  /** Returns a customer's recent pushes. */
  pushHistory(personId: PersonId): Promise<StoredPushHistory>;
  /** Writes the history if its stored version is still `seenVersion`; false otherwise. */
  savePushHistory(
    personId: PersonId,
    history: PushHistory,
    seenVersion: number,
    nowMs: number,
  ): Promise<boolean>;
  /** Stores a decision, and its link if it has one; false if the decision exists. */
  putDecision(decision: StoredDecision): Promise<boolean>;
  decision(ref: DecisionRef): Promise<StoredDecision | undefined>;
  /** Returns whether the push may be sent now: true exactly once. */
  beginSending(ref: DecisionRef, atMs: number): Promise<boolean>;
  sent(ref: DecisionRef, atMs: number): Promise<void>;
  failed(ref: DecisionRef, why: string): Promise<void>;
  /** Returns the decision of a link; undefined if it does not exist or has expired. */
  byToken(token: string): Promise<StoredDecision | undefined>;
  /** Records the first time the push was opened. */
  opened(ref: DecisionRef, atMs: number): Promise<void>;
  /** Records the first time the link was followed. */
  clicked(ref: DecisionRef, atMs: number): Promise<void>;
  /** Returns a campaign's decisions in time order, both instants inclusive. */
  decisions(campaignId: CampaignId, fromMs?: number, toMs?: number): AsyncIterable<StoredDecision>;
  putEntry(entry: GeofenceEntry): Promise<void>;
  /** Returns the entries into a store's geofence in time order, both instants inclusive. */
  entries(storeId: StoreId, fromMs: number, toMs: number): AsyncIterable<GeofenceEntry>;
  /** Returns every row about a customer; eventually consistent, within about a second. */
  ofPerson(personId: PersonId): AsyncIterable<PushRowKey>;
  remove(key: PushRowKey): Promise<void>;
}
