/**
 * Decides whether a geofence entry leads to a push: gates, daily cap, cooldown, budget and holdout. A decision is a pure
 * function of rows, so that last week's entries can be decided again before a campaign goes live (dry run).
 *
 * A phone at the edge of a geofence enters it twenty times an hour, its events arrive twice and in any order, and some
 * customers carry two phones. So a customer gets at most one push per store and cooldown, whatever arrives. Both consents
 * are checked before anything of the profile is read. The holdout is the last gate: a customer who is held out has
 * passed every other one, so the two arms differ in nothing but the push; for the same reason a customer who is held out
 * counts for caps and cooldowns as if the push had been sent.
 */

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../chain/duration.ts';
import type { CampaignId, DeviceId, PersonId, StoreId } from '../chain/ids.ts';
import { isOpen } from '../chain/opening-hours.ts';
import { covers } from '../chain/staff-scope.ts';
import type { Store } from '../chain/store.ts';
import { dayAt } from '../chain/store-clock.ts';
import { wallClockAt } from '../chain/wall-clock.ts';
import { isHealthFence } from '../law/health-fence.ts';
import { isOfAge, pushRulesOf } from '../law/push-rules.ts';
import { hasConsent, hasRefused } from '../people/customers/consent.ts';
import type { Person } from '../people/customers/customer.ts';
import { isBuy, profileOf } from '../people/customers/profile.ts';
import type { Audience } from './audience.ts';
import { CAP_PER_DAY_MAX, type Campaign, isPersonalised } from './campaign.ts';
import { isHeldOut } from './holdout.ts';
import { isQuiet } from './quiet-hours.ts';

/** An older geofence entry is stale: the customer has probably left. */
export const ENTRY_AGE_MS_MAX = 10 * MINUTE_MS;
/** Clocks of phones differ from ours by seconds; a sample further ahead comes from a wrong clock and is rejected. */
export const ENTRY_AHEAD_MS_MAX = 2 * MINUTE_MS;

/** A phone entered a store's geofence. */
export interface GeofenceEntry {
  readonly personId: PersonId;
  readonly deviceId: DeviceId;
  readonly storeId: StoreId;
  /** By the phone's clock. */
  readonly sampleAtMs: number;
  readonly receivedAtMs: number;
}

/** A push that was sent, or would have been but for the holdout or the dry run. */
export interface SentPush {
  readonly decisionId: string;
  readonly campaignId: CampaignId;
  readonly storeId: StoreId;
  /** The time of the decision. */
  readonly atMs: number;
  /** A dry run sent nothing, so it counts for the dry run of its own campaign only. */
  readonly isDryRun: boolean;
}

/** A customer's recent pushes of all campaigns, in order of time. */
export interface PushHistory {
  readonly pushes: readonly SentPush[];
}

export const NO_PUSHES: PushHistory = { pushes: [] };

/** Pushes older than this change no decision. */
export const PUSH_HISTORY_DAYS_MAX = 31;
/** Per customer; at this limit no more pushes are sent until the oldest expire. Dry runs have the same limit of their own. */
export const PUSH_HISTORY_MAX = CAP_PER_DAY_MAX * (PUSH_HISTORY_DAYS_MAX + 1);

/** Two stores of one mall are entered at once: an approach to both is one, and brings one push of a campaign. */
export const APPROACH_MS = 30 * MINUTE_MS;

/** In the order of the gates: the first gate that fails is the reason. */
export const DECISION_REASONS = [
  'duplicate',
  'not live',
  'not this store',
  'stale',
  'no location consent',
  'no push consent',
  'refused',
  'under age',
  'no phone',
  'not bought before',
  'not audience',
  'audience unreadable',
  'health service',
  'store closed',
  'quiet hours',
  'stock unknown',
  'out of stock',
  'capped',
  'cooling down',
  'budget spent',
  'held out',
  'dry run',
  'pushed',
] as const;
export type DecisionReason = (typeof DECISION_REASONS)[number];

export interface Decision {
  readonly decisionId: string;
  readonly campaignId: CampaignId;
  readonly personId: PersonId;
  readonly storeId: StoreId;
  /** The time as of which it was decided; see `decidedAtMs`. */
  readonly atMs: number;
  readonly reason: DecisionReason;
  /** Whether the customer is in the campaign's holdout, whatever the reason. */
  readonly isHeldOut: boolean;
  readonly isDryRun: boolean;
}

/** The rows that a decision is made from. */
export interface DecisionContext {
  readonly person: Person;
  readonly store: Store;
  readonly history: PushHistory;
  /** Pieces of the offered product at the store; absent where the stock is unknown. */
  readonly onHand?: number | undefined;
  /** Of this campaign. Once the budget is spent no customer is held out either, because there is no arm to compare with. */
  readonly pushesSoFar: number;
  readonly nowMs: number;
}

/** Returns the deterministic id of a geofence entry's decision: every delivery, from any of the customer's phones, gets the same id. */
export const decisionIdOf = (
  { campaignId }: Pick<Campaign, 'campaignId'>,
  { storeId, personId, sampleAtMs }: Pick<GeofenceEntry, 'storeId' | 'personId' | 'sampleAtMs'>,
): string => `${campaignId}~${storeId}~${personId}~${sampleAtMs}`;

/**
 * Returns the time as of which an entry is decided. A push reaches the phone now, so quiet hours, consents and all else
 * are checked as of now, whatever the phone's clock says. A dry run pushes nothing and is decided as of the entry.
 */
export const decidedAtMs = (campaign: Campaign, entry: GeofenceEntry, nowMs: number): number =>
  campaign.status === 'dry-run' ? entry.sampleAtMs : nowMs;

/** Reports whether a customer was already pushed or held out by this decision. */
export const isDecided = ({ pushes }: PushHistory, decisionId: string): boolean =>
  pushes.some((one) => one.decisionId === decisionId);

/**
 * Decides whether a customer is pushed, with the first failing gate as the reason where not.
 *
 * @param audience undefined where the campaign's expression no longer compiles
 */
export function decide(
  campaign: Campaign,
  audience: Audience | undefined,
  entry: GeofenceEntry,
  context: DecisionContext,
): Decision {
  const { campaignId } = campaign;
  const { personId, storeId } = entry;
  const atMs = decidedAtMs(campaign, entry, context.nowMs);
  const heldOut = isHeldOut(campaignId, personId, campaign.holdoutShare);
  const isDryRun = campaign.status === 'dry-run';
  return {
    decisionId: decisionIdOf(campaign, entry),
    campaignId,
    personId,
    storeId,
    atMs,
    reason:
      failedEntryGate(campaign, entry, context, atMs) ??
      failedCustomerGate(campaign, audience, context, atMs) ??
      failedStoreGate(campaign, context, atMs) ??
      failedFrequencyGate(campaign, context, atMs) ??
      (heldOut ? 'held out' : isDryRun ? 'dry run' : 'pushed'),
    isHeldOut: heldOut,
    isDryRun,
  };
}

/** Gates of the campaign and of the entry itself. */
function failedEntryGate(
  campaign: Campaign,
  entry: GeofenceEntry,
  { store, history, nowMs }: DecisionContext,
  atMs: number,
): DecisionReason | undefined {
  if (isDecided(history, decisionIdOf(campaign, entry))) return 'duplicate';
  const isRunning = campaign.status === 'live' || campaign.status === 'dry-run';
  if (!isRunning || atMs < campaign.fromMs || atMs >= campaign.untilMs) return 'not live';
  if (store.storeId !== entry.storeId || !campaign.stores.some((scope) => covers(scope, store)))
    return 'not this store';
  const { sampleAtMs, receivedAtMs } = entry;
  if (sampleAtMs - receivedAtMs > ENTRY_AHEAD_MS_MAX) return 'stale';
  // An entry that was received in time may have waited for a retry since.
  const isOld = Math.max(receivedAtMs, nowMs) - sampleAtMs > ENTRY_AGE_MS_MAX;
  return isOld && campaign.status !== 'dry-run' ? 'stale' : undefined;
}

/** Gates of the customer. Without both consents nothing else of the customer is read. */
function failedCustomerGate(
  campaign: Campaign,
  audience: Audience | undefined,
  { person, store }: DecisionContext,
  atMs: number,
): DecisionReason | undefined {
  if (!hasConsent(person.consents, 'location', atMs)) return 'no location consent';
  if (!hasConsent(person.consents, 'push', atMs)) return 'no push consent';
  if (isRefused(campaign, person, store, atMs)) return 'refused';
  if (isUnderAge(person, store, atMs)) return 'under age';
  if (!hasPhone(person, atMs)) return 'no phone';
  if (!hasBought(campaign, person, store, atMs)) return 'not bought before';
  if (audience === undefined) return 'audience unreadable';
  const { storeId, cityId, timeZone } = store;
  const isIn = audience.isIn(profileOf(person, { nowMs: atMs, storeId, cityId, timeZone }));
  if (typeof isIn !== 'boolean') return 'audience unreadable';
  return isIn ? undefined : 'not audience';
}

/**
 * Whether a refusal of personal offers or of profiling ends the push: by some laws every push, by the others those that are
 * selected by the customer's purchases or profile.
 */
function isRefused(campaign: Campaign, { consents }: Person, store: Store, atMs: number): boolean {
  if (!hasRefused(consents, 'personal-offers', atMs) && !hasRefused(consents, 'profile', atMs)) return false;
  return isPersonalised(campaign) || pushRulesOf(store, dayAt(atMs, store)).refusalEnds === 'all';
}

/** A customer whose year of birth is known and who may still be younger than the law of the store asks. */
function isUnderAge({ birthYear }: Person, store: Store, atMs: number): boolean {
  if (birthYear === undefined) return false;
  const today = dayAt(atMs, store);
  return !isOfAge(birthYear, Number(today.slice(0, 'YYYY'.length)), pushRulesOf(store, today).ageMin);
}

const hasPhone = ({ links }: Person, atMs: number): boolean =>
  links.some(
    ({ kind, endpointArn, linkedAtMs }) =>
      kind === 'device' && endpointArn !== undefined && linkedAtMs <= atMs,
  );

function hasBought({ boughtBefore }: Campaign, { purchases }: Person, store: Store, atMs: number): boolean {
  if (boughtBefore === undefined) return true;
  const sinceMs = atMs - boughtBefore.withinDays * DAY_MS;
  return purchases.some(
    (purchase) =>
      purchase.closedAtMs <= atMs &&
      purchase.closedAtMs >= sinceMs &&
      isBuy(purchase) &&
      (boughtBefore.where === 'chain' ||
        (boughtBefore.where === 'city'
          ? purchase.cityId === store.cityId
          : purchase.storeId === store.storeId)),
  );
}

/** Gates of the store: the law of its geofence, its hours and its stock. */
function failedStoreGate(
  campaign: Campaign,
  { store, onHand }: DecisionContext,
  atMs: number,
): DecisionReason | undefined {
  if (store.isHealthService === true && isHealthFence(store, dayAt(atMs, store))) return 'health service';
  if (!isOpen(store.openingHours, atMs, store.timeZone)) return 'store closed';
  if (isQuiet(campaign.quiet, atMs, store.timeZone)) return 'quiet hours';
  if (campaign.offer.productId === undefined) return undefined;
  if (onHand === undefined) return 'stock unknown';
  return onHand > 0 ? undefined : 'out of stock';
}

/** Daily cap, cooldown and budget. Times are compared in both directions, because a later entry may be decided earlier. */
function failedFrequencyGate(
  campaign: Campaign,
  { store, history, pushesSoFar }: DecisionContext,
  atMs: number,
): DecisionReason | undefined {
  const before = history.pushes.filter((one) => countsFor(campaign, one) && isRecent(one, atMs));
  const dayOf = (instantMs: number): number => wallClockAt(instantMs, store.timeZone).dayNumber;
  const today = dayOf(atMs);
  const isFull = before.length >= PUSH_HISTORY_MAX;
  if (isFull || before.filter((one) => dayOf(one.atMs) === today).length >= campaign.capPerDay)
    return 'capped';
  const cooldownMs = campaign.cooldownHours * HOUR_MS;
  const isCooling = before.some(
    (one) =>
      Math.abs(atMs - one.atMs) <
      (one.storeId === store.storeId ? cooldownMs : one.campaignId === campaign.campaignId ? APPROACH_MS : 0),
  );
  if (isCooling) return 'cooling down';
  return pushesSoFar >= campaign.budget.pushesMax ? 'budget spent' : undefined;
}

const countsFor = (campaign: Campaign, one: SentPush): boolean =>
  !one.isDryRun || (campaign.status === 'dry-run' && one.campaignId === campaign.campaignId);

const isRecent = ({ atMs }: SentPush, nowMs: number): boolean =>
  atMs >= nowMs - PUSH_HISTORY_DAYS_MAX * DAY_MS;

/** Reports whether a decision passed every gate but the holdout: pushed, dry run and held out are compared with each other. */
export const isQualifying = ({ reason }: Pick<Decision, 'reason'>): boolean =>
  reason === 'pushed' || reason === 'dry run' || reason === 'held out';

/** Returns the push history after a decision. Idempotent: the same decision twice is recorded once. */
export function applyDecision(history: PushHistory, decision: Decision): PushHistory {
  if (!isQualifying(decision) || isDecided(history, decision.decisionId)) return history;
  const { decisionId, campaignId, storeId, atMs, isDryRun } = decision;
  const pushes = [...history.pushes, { decisionId, campaignId, storeId, atMs, isDryRun }]
    .filter((one) => isRecent(one, atMs))
    .sort((a, b) => a.atMs - b.atMs || (a.decisionId < b.decisionId ? -1 : 1));
  // Dry runs have a limit of their own, so that no number of them displaces a push that was sent.
  const [sent, dryRuns] = [pushes.filter((one) => !one.isDryRun), pushes.filter((one) => one.isDryRun)];
  const kept = new Set([...sent.slice(-PUSH_HISTORY_MAX), ...dryRuns.slice(-PUSH_HISTORY_MAX)]);
  return { pushes: pushes.filter((one) => kept.has(one)) };
}
