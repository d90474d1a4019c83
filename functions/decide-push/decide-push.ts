/**
 * Somebody's phone came near a store: is there anything they should be told?
 *
 * Amazon Location tells of it at least once, a phone on the fence crosses it again and again, and two phones of one person
 * cross it together. So what somebody was pushed is one row with a version: it is read, the campaigns are asked in turn,
 * and a push is claimed by writing the row; whoever comes second finds it changed and asks anew. Only what was claimed is
 * sent, and once the push service is about to be asked nobody asks it again: after a crash in that very moment the
 * push may be lost and is never doubled.
 */
import type { CampaignStore } from '#application/ports/campaign-store.ts';
import type { PersonStore } from '#application/ports/person-store.ts';
import type { PhonePush } from '#application/ports/phone-push.ts';
import type { Phone, PhoneStore } from '#application/ports/phone-store.ts';
import type { DecisionRef, PushDecisionStore } from '#application/ports/push-decision-store.ts';
import type { Audience } from '#domain/campaigns/audience.ts';
import type { Campaign } from '#domain/campaigns/campaign.ts';
import {
  applyDecision,
  type Decision,
  type DecisionContext,
  decide,
  type GeofenceEntry,
  isQualifying,
} from '#domain/campaigns/push-decision.ts';
import type { DeviceId, ProductId, StoreId } from '#domain/chain/ids.ts';
import { covers } from '#domain/chain/scope.ts';
import type { Store } from '#domain/chain/store.ts';

export interface RunningCampaign {
  readonly campaign: Campaign;
  /** Undefined where its text can no longer be read. */
  readonly audience: Audience | undefined;
}

export interface DecidePushPorts {
  readonly people: Pick<PersonStore, 'load'>;
  readonly phones: Pick<PhoneStore, 'get' | 'holderOf'>;
  readonly moments: Pick<
    PushDecisionStore,
    | 'pushHistory'
    | 'savePushHistory'
    | 'putDecision'
    | 'decision'
    | 'beginSending'
    | 'sent'
    | 'failed'
    | 'putEntry'
  >;
  readonly campaigns: Pick<CampaignStore, 'spend' | 'unspend' | 'spent'>;
  readonly push: Pick<PhonePush, 'send'>;
  readonly running: () => Promise<readonly RunningCampaign[]>;
  readonly store: (storeId: StoreId) => Promise<Store | undefined>;
  readonly onHand: (storeId: StoreId, productId: ProductId) => Promise<number | undefined>;
  /** What no one can guess; it stands in the push's link. */
  readonly newToken: () => string;
  readonly nowMs: () => number;
}

export interface FenceCrossing {
  readonly deviceId: DeviceId;
  readonly storeId: StoreId;
  /** When the phone was there, by its own clock. */
  readonly sampleAtMs: number;
  /** When the position reached us. */
  readonly receivedAtMs: number;
}

/** For the log line and the metrics: what each campaign said, without a name. */
export interface DecidedPushes {
  readonly decisions: ReadonlyArray<Pick<Decision, 'campaignId' | 'reason'>>;
  readonly sent: number;
}

const NOBODY: DecidedPushes = { decisions: [], sent: 0 };

/** Phones of one person that come by at once; more tries would hide a bug. */
const TRIES_MAX = 8;

/** A person who is not at home in half an hour was not thinking of coming in. */
const PUSH_TTL_SECONDS = 1_800;

export async function decidePush(ports: DecidePushPorts, crossing: FenceCrossing): Promise<DecidedPushes> {
  const { deviceId, storeId } = crossing;
  const [phone, store] = await Promise.all([ports.phones.get(deviceId), ports.store(storeId)]);
  // A phone that was let go of, or the fence of a store that is gone.
  if (phone === undefined || store === undefined) return NOBODY;
  const person = await ports.people.load(phone.personId);
  if (person === undefined) return NOBODY;
  const enter: GeofenceEntry = { ...crossing, personId: phone.personId };
  const [running] = await Promise.all([ports.running(), ports.moments.putEntry(enter)]);

  const nowMs = ports.nowMs();
  const decisions: Decision[] = [];
  let sent = 0;
  for (const { campaign, audience } of running) {
    if (!campaign.stores.some((scope) => covers(scope, store))) continue;
    const { decision, token } = await settle(ports, campaign, audience, enter, { person, store, nowMs });
    decisions.push(decision);
    if (token === undefined) continue;
    if (await deliver(ports, campaign, phone, refOf(decision, enter), token)) sent++;
  }
  return { decisions: decisions.map(({ campaignId, reason }) => ({ campaignId, reason })), sent };
}

const refOf = ({ campaignId, storeId, personId }: Decision, { sampleAtMs }: GeofenceEntry): DecisionRef => ({
  campaignId,
  storeId,
  personId,
  sampleAtMs,
});

interface Settled {
  readonly decision: Decision;
  /** Of the push that is now to be sent; absent where there is none. */
  readonly token?: string | undefined;
}

type Seen = Pick<DecisionContext, 'person' | 'store' | 'nowMs'>;

/** Decides, and keeps the decision; whose attention it takes is claimed before. */
async function settle(
  ports: DecidePushPorts,
  campaign: Campaign,
  audience: Audience | undefined,
  enter: GeofenceEntry,
  seen: Seen,
): Promise<Settled> {
  const { moments, campaigns } = ports;
  const { campaignId, offer, budget } = campaign;
  const { personId, storeId } = enter;
  const onHand = offer.productId === undefined ? undefined : await ports.onHand(storeId, offer.productId);
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const [{ history, version }, pushesSoFar] = await Promise.all([
      moments.pushHistory(personId),
      campaigns.spent(campaignId),
    ]);
    const person = { ...seen.person, pushes: history.pushes.filter((one) => !one.isDryRun) };
    let decision = decide(campaign, audience, enter, { ...seen, person, history, onHand, pushesSoFar });
    if (decision.reason === 'duplicate') return await resumed(ports, decision, enter);
    if (decision.reason === 'pushed' && !(await campaigns.spend(campaignId, budget.pushesMax)))
      decision = { ...decision, reason: 'budget spent' };
    if (isQualifying(decision)) {
      const isClaimed = await moments.savePushHistory(
        personId,
        applyDecision(history, decision),
        version,
        seen.nowMs,
      );
      if (!isClaimed) {
        if (decision.reason === 'pushed') await campaigns.unspend(campaignId);
        continue;
      }
    }
    return await kept(ports, decision, enter);
  }
  throw new Error(`what somebody was pushed is still contended after ${TRIES_MAX} tries`);
}

/** Keeps a decision. Where a twin of this invocation was first, its token is the one that the push is sent under. */
async function kept(ports: DecidePushPorts, decision: Decision, enter: GeofenceEntry): Promise<Settled> {
  const { deviceId, sampleAtMs } = enter;
  const token = decision.reason === 'pushed' ? ports.newToken() : undefined;
  const stored = { ...decision, deviceId, sampleAtMs, ...(token !== undefined && { token }) };
  if (await ports.moments.putDecision(stored)) return { decision, token };
  const standing = await ports.moments.decision(refOf(decision, enter));
  return { decision, token: standing?.token };
}

/** The same crossing once more: what was claimed and never begun to be sent goes out now. */
async function resumed(ports: DecidePushPorts, duplicate: Decision, enter: GeofenceEntry): Promise<Settled> {
  const standing = await ports.moments.decision(refOf(duplicate, enter));
  if (standing !== undefined) {
    const { reason, sendingAtMs, token } = standing;
    const isUnsent = reason === 'pushed' && sendingAtMs === undefined;
    return isUnsent ? { decision: { ...duplicate, reason }, token } : { decision: duplicate };
  }
  // Claimed, and then came the crash. What it was claimed as follows from the rest.
  const claimed: Decision = {
    ...duplicate,
    reason: duplicate.isHeldOut ? 'held out' : duplicate.isDryRun ? 'dry run' : 'pushed',
  };
  return await kept(ports, claimed, enter);
}

/** Sends what was claimed, at most once; whether it went out. */
async function deliver(
  { moments, push, phones, nowMs }: DecidePushPorts,
  campaign: Campaign,
  phone: Phone,
  ref: DecisionRef,
  token: string,
): Promise<boolean> {
  if ((await phones.holderOf(phone.endpointArn)) !== phone.deviceId) {
    await moments.failed(ref, 'the phone is bound to somebody else');
    return false;
  }
  if (!(await moments.beginSending(ref, nowMs()))) return false;
  const { offer } = campaign;
  const outcome = await push.send(phone.endpointArn, phone.platform, {
    title: offer.title[phone.language],
    body: offer.body[phone.language],
    link: `${phone.linkBase}/c/${token}`,
    pushId: token,
    ttlSeconds: PUSH_TTL_SECONDS,
  });
  if (outcome.kind === 'sent') {
    await moments.sent(ref, nowMs());
    return true;
  }
  await moments.failed(ref, outcome.kind === 'gone' ? 'the phone has no app any more' : outcome.reason);
  return false;
}
