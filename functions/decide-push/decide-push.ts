/**
 * Decides which campaigns send a push to the owner of a phone that entered a store's geofence.
 *
 * Amazon Location delivers an entry at least once, a phone near the boundary crosses it repeatedly, and two phones of one
 * customer cross it together. So a customer's push history is one row with a version: it is read, the campaigns are decided
 * one after the other, and a push is claimed by writing the row; a concurrent invocation finds a newer version and decides
 * again. Only claimed pushes are sent, and a send is marked before the push service is called and never repeated: after a
 * crash in between, the push may be lost and is never doubled.
 */
import type { CampaignStore } from '#application/ports/campaign-store.ts';
import type { PersonStore } from '#application/ports/person-store.ts';
import type { PhonePush, SendOutcome } from '#application/ports/phone-push.ts';
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
import { covers } from '#domain/chain/staff-scope.ts';
import type { Store } from '#domain/chain/store.ts';
import type { Person } from '#domain/people/customers/customer.ts';

export interface RunningCampaign {
  readonly campaign: Campaign;
  /** Undefined where the expression no longer compiles. */
  readonly audience: Audience | undefined;
}

export interface DecidePushPorts {
  readonly people: Pick<PersonStore, 'load'>;
  readonly phones: Pick<PhoneStore, 'get' | 'holderOf'>;
  readonly pushDecisions: Pick<
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
  /** Returns the name of the chain, which every push shows as its sender. */
  readonly sender: () => Promise<string>;
  /** Returns an unguessable token for the push's link. */
  readonly newToken: () => string;
  readonly nowMs: () => number;
}

export interface GeofenceCrossing {
  readonly deviceId: DeviceId;
  readonly storeId: StoreId;
  /** When the phone was there, by its own clock. */
  readonly sampleAtMs: number;
  /** When the service received the position. */
  readonly receivedAtMs: number;
}

/** The result for the log line and the metrics; it names no customer. */
export interface DecidedPushes {
  readonly decisions: ReadonlyArray<Pick<Decision, 'campaignId' | 'reason'>>;
  readonly sent: number;
}

const NO_DECISIONS: DecidedPushes = { decisions: [], sent: 0 };

/** Enough for the phones of one customer that enter together; more tries would hide a bug. */
const TRIES_MAX = 8;

/** A push that is not delivered within half an hour is stale: the customer has left. */
const PUSH_TTL_SECONDS = 1_800;

/** Decides every running campaign for a geofence entry, and sends the pushes that were claimed. */
export async function decidePush(ports: DecidePushPorts, crossing: GeofenceCrossing): Promise<DecidedPushes> {
  const { deviceId, storeId } = crossing;
  const [phone, store] = await Promise.all([ports.phones.get(deviceId), ports.store(storeId)]);
  // The phone was unlinked or the store deleted since.
  if (phone === undefined || store === undefined) return NO_DECISIONS;
  const person = await ports.people.load(phone.personId);
  if (person === undefined) return NO_DECISIONS;
  const entry: GeofenceEntry = { ...crossing, personId: phone.personId };
  const [running] = await Promise.all([ports.running(), ports.pushDecisions.putEntry(entry)]);

  const targets = await targetsOf(ports, phone, person);
  const nowMs = ports.nowMs();
  const decisions: Decision[] = [];
  let sent = 0;
  for (const { campaign, audience } of running) {
    if (!campaign.stores.some((scope) => covers(scope, store))) continue;
    const { decision, token } = await decideCampaign(ports, campaign, audience, entry, {
      // A phone without an endpoint that is theirs cannot be reached, so nothing is claimed for it.
      person: targets.length > 0 ? person : { ...person, links: [] },
      store,
      nowMs,
    });
    decisions.push(decision);
    if (token === undefined) continue;
    if (await deliver(ports, campaign, targets, decision, refOf(decision, entry), token)) sent++;
  }
  return { decisions: decisions.map(({ campaignId, reason }) => ({ campaignId, reason })), sent };
}

const refOf = ({ campaignId, storeId, personId }: Decision, { sampleAtMs }: GeofenceEntry): DecisionRef => ({
  campaignId,
  storeId,
  personId,
  sampleAtMs,
});

interface Decided {
  readonly decision: Decision;
  /** The token of the push to send now; absent where none is sent. */
  readonly token?: string | undefined;
}

type Situation = Pick<DecisionContext, 'person' | 'store' | 'nowMs'>;

/** Decides one campaign and stores the decision; a push is claimed in the push history before. */
async function decideCampaign(
  ports: DecidePushPorts,
  campaign: Campaign,
  audience: Audience | undefined,
  entry: GeofenceEntry,
  situation: Situation,
): Promise<Decided> {
  const { pushDecisions, campaigns } = ports;
  const { campaignId, offer, budget } = campaign;
  const { personId, storeId } = entry;
  const onHand = offer.productId === undefined ? undefined : await ports.onHand(storeId, offer.productId);
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const [{ history, version }, pushesSoFar] = await Promise.all([
      pushDecisions.pushHistory(personId),
      campaigns.spent(campaignId),
    ]);
    const person = { ...situation.person, pushes: history.pushes.filter((one) => !one.isDryRun) };
    let decision = decide(campaign, audience, entry, {
      ...situation,
      person,
      history,
      onHand,
      pushesSoFar,
    });
    if (decision.reason === 'duplicate') return await resumed(ports, decision, entry);
    if (decision.reason === 'pushed' && (await hasBegun(ports, decision, entry)))
      return { decision: { ...decision, reason: 'duplicate' } };
    if (decision.reason === 'pushed' && !(await campaigns.spend(campaignId, budget.pushesMax)))
      decision = { ...decision, reason: 'budget spent' };
    if (isQualifying(decision)) {
      const isClaimed = await pushDecisions.savePushHistory(
        personId,
        applyDecision(history, decision),
        version,
        situation.nowMs,
      );
      if (!isClaimed) {
        if (decision.reason === 'pushed') await campaigns.unspend(campaignId);
        continue;
      }
    }
    return await stored(ports, decision, entry);
  }
  throw new Error(`a push history is still contended after ${TRIES_MAX} tries`);
}

/** Stores a decision. Where a concurrent invocation has stored it first, the push carries that invocation's token. */
async function stored(ports: DecidePushPorts, decision: Decision, entry: GeofenceEntry): Promise<Decided> {
  const { deviceId, sampleAtMs } = entry;
  const token = decision.reason === 'pushed' ? ports.newToken() : undefined;
  const row = { ...decision, deviceId, sampleAtMs, ...(token !== undefined && { token }) };
  if (await ports.pushDecisions.putDecision(row)) return { decision, token };
  const existing = await ports.pushDecisions.decision(refOf(decision, entry));
  return { decision, token: existing?.token };
}

/** Resumes an entry that was delivered again: a push that was claimed and whose sending never began is sent now. */
async function resumed(ports: DecidePushPorts, duplicate: Decision, entry: GeofenceEntry): Promise<Decided> {
  const existing = await ports.pushDecisions.decision(refOf(duplicate, entry));
  if (existing !== undefined) {
    const { reason, sendingAtMs, token } = existing;
    const isUnsent = reason === 'pushed' && sendingAtMs === undefined;
    return isUnsent ? { decision: { ...duplicate, reason }, token } : { decision: duplicate };
  }
  // An invocation crashed between the claim and the decision's row. The claimed reason follows from the other fields.
  const claimed: Decision = {
    ...duplicate,
    reason: duplicate.isHeldOut ? 'held out' : duplicate.isDryRun ? 'dry run' : 'pushed',
  };
  return await stored(ports, claimed, entry);
}

/** The last line of every push, as the law of advertising asks: its true sender, and that it can be refused. */
const signature = (sender: string, language: Phone['language']): string =>
  language === 'zh' ? `来自${sender}，可在应用内退订。` : `From ${sender}. Unsubscribe in the app.`;

/** Returns whether the push of an entry was begun and given back: the entry was delivered again. */
async function hasBegun(
  { pushDecisions }: DecidePushPorts,
  decision: Decision,
  entry: GeofenceEntry,
): Promise<boolean> {
  return (await pushDecisions.decision(refOf(decision, entry)))?.sendingAtMs !== undefined;
}

/**
 * Returns the phones that may receive a push, the one that entered first, and then the newest. An endpoint belongs to the
 * phone that was linked with it last: to another customer where the phone was sold, to a newer credential of the same customer
 * where they linked it again.
 */
async function targetsOf(
  { phones }: DecidePushPorts,
  entered: Phone,
  { links }: Pick<Person, 'links'>,
): Promise<Phone[]> {
  const devices = links.filter(({ kind }) => kind === 'device').map(({ value }) => value as DeviceId);
  const own = new Set([entered.deviceId, ...devices]);
  const targets = new Map<string, Phone>();
  for (const deviceId of [entered.deviceId, ...devices.toReversed()]) {
    const linked = deviceId === entered.deviceId ? entered : await phones.get(deviceId);
    if (linked === undefined || targets.has(linked.endpointArn)) continue;
    const holder = await phones.holderOf(linked.endpointArn);
    if (holder === undefined || !own.has(holder)) continue;
    const phone = holder === deviceId ? linked : await phones.get(holder);
    if (phone !== undefined) targets.set(phone.endpointArn, phone);
  }
  return [...targets.values()];
}

/**
 * Sends a claimed push, at most once; returns whether it was sent. Where the push service has not taken it, the next phone is
 * tried; where none has, cap, cooldown and budget are given back. An error leaves it unknown, and the claim stays.
 */
async function deliver(
  ports: DecidePushPorts,
  campaign: Campaign,
  targets: readonly Phone[],
  decision: Decision,
  ref: DecisionRef,
  token: string,
): Promise<boolean> {
  const { pushDecisions, nowMs } = ports;
  const sender = await ports.sender();
  if (!(await pushDecisions.beginSending(ref, nowMs()))) return false;
  let failure = 'the customer has no phone by now';
  for (const phone of targets) {
    const outcome = await sendTo(ports, campaign, phone, sender, token);
    if (outcome.kind === 'sent') {
      await pushDecisions.sent(ref, nowMs());
      return true;
    }
    failure = outcome.kind === 'gone' ? 'the app was removed from the phone' : outcome.reason;
  }
  await giveBack(ports, decision);
  await pushDecisions.failed(ref, failure);
  return false;
}

/** Takes a push that was not sent out of the customer's history, and returns it to the budget. */
async function giveBack(
  { pushDecisions, campaigns, nowMs }: DecidePushPorts,
  { personId, campaignId, decisionId }: Decision,
): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const { history, version } = await pushDecisions.pushHistory(personId);
    const pushes = history.pushes.filter((one) => one.decisionId !== decisionId);
    if (pushes.length === history.pushes.length) return;
    if (!(await pushDecisions.savePushHistory(personId, { pushes }, version, nowMs()))) continue;
    await campaigns.unspend(campaignId);
    return;
  }
  throw new Error(`a push history is still contended after ${TRIES_MAX} tries`);
}

/** Sends the push of a campaign to one phone, in the phone's language. */
async function sendTo(
  { push }: DecidePushPorts,
  { offer }: Campaign,
  phone: Phone,
  sender: string,
  token: string,
): Promise<SendOutcome> {
  const link = `${phone.linkBase}/c/${token}`;
  return await push.send(phone.endpointArn, phone.platform, {
    title: offer.title[phone.language],
    body: `${offer.body[phone.language]}\n${signature(sender, phone.language)}`,
    link,
    sender,
    refuseLink: `${link}/refuse`,
    pushId: token,
    ttlSeconds: PUSH_TTL_SECONDS,
  });
}
