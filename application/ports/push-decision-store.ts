/** Port: push decisions, the push history of each customer, and geofence entries. */

import type { Decision, GeofenceEntry, PushHistory } from '#domain/campaigns/campaign.ts';
import type { CampaignId, DeviceId, PersonId, StoreId } from '#domain/chain/ids.ts';

export interface StoredPushHistory {
  readonly history: PushHistory;
  /** 0 where nobody ever pushed to them. */
  readonly version: number;
}

/** A decision, and what became of the push. */
export interface StoredDecision extends Decision {
  readonly deviceId: DeviceId;
  /** When the phone was there; with campaign, store and person it names the decision, however often it is taken. */
  readonly sampleAtMs: number;
  /** What the push's link and its opening are told by. */
  readonly token?: string;
  /** Set before the push service is asked, so that after a crash nobody asks it again. */
  readonly sendingAtMs?: number;
  readonly sentAtMs?: number;
  readonly failure?: string;
  readonly openedAtMs?: number;
  readonly clickedAtMs?: number;
}

export type DecisionRef = Pick<Decision, 'campaignId' | 'storeId' | 'personId'> & {
  readonly sampleAtMs: number;
};

/** The key of a row that is about somebody. */
export interface PushRowKey {
  readonly pk: string;
  readonly sk: string;
}

export interface PushDecisionStore {
  /** What somebody was pushed of late. */
  pushHistory(personId: PersonId): Promise<StoredPushHistory>;
  /** Writes it over the version it was read at; false where somebody else has. */
  savePushHistory(
    personId: PersonId,
    history: PushHistory,
    seenVersion: number,
    nowMs: number,
  ): Promise<boolean>;
  /** Keeps a decision, and its link where it has one; false where it is kept already. */
  putDecision(decision: StoredDecision): Promise<boolean>;
  decision(ref: DecisionRef): Promise<StoredDecision | undefined>;
  /** Whether the push may be sent now: true once, for ever. */
  beginSending(ref: DecisionRef, atMs: number): Promise<boolean>;
  sent(ref: DecisionRef, atMs: number): Promise<void>;
  failed(ref: DecisionRef, why: string): Promise<void>;
  /** The decision behind a link; undefined where there is none, or none any more. */
  byToken(token: string): Promise<StoredDecision | undefined>;
  /** Notes the first time. */
  opened(ref: DecisionRef, atMs: number): Promise<void>;
  clicked(ref: DecisionRef, atMs: number): Promise<void>;
  /** Of a campaign, in the order of time; from one moment to another, both counted. */
  decisions(campaignId: CampaignId, fromMs?: number, toMs?: number): AsyncIterable<StoredDecision>;
  putEntry(enter: GeofenceEntry): Promise<void>;
  /** Who came near a store from one moment to another, both counted, in the order of time. */
  entries(storeId: StoreId, fromMs: number, toMs: number): AsyncIterable<GeofenceEntry>;
  /** Every row that is about somebody; a write shows within a second or so. */
  ofPerson(personId: PersonId): AsyncIterable<PushRowKey>;
  remove(key: PushRowKey): Promise<void>;
}
