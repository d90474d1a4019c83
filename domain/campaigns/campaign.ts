/**
 * A campaign greets people near a store, and each time one comes near it is decided anew whether to: purely, from rows, so
 * that the same decision can be taken again on last week's days before a campaign goes live.
 *
 * A phone at the edge of a fence comes near twenty times an hour, the street delivers its events twice and in any order,
 * and people carry two phones. So a person is greeted at most once per store and cooldown, whatever arrives; both
 * consents stand before everything that looks at who they are; and chance comes last: whoever is held out has passed
 * every other gate, so that those who were pushed and those who were not differ in nothing but the push. For the same
 * reason somebody held out counts for caps and cooldowns as if they had been pushed.
 */
import type { CampaignId, DeviceId, PersonId, ProductId, StoreId } from '../chain/ids.ts';
import { isOpen } from '../chain/opening-hours.ts';
import { covers, type Scope } from '../chain/scope.ts';
import type { Store } from '../chain/store.ts';
import { wallClockAt } from '../chain/wall-clock.ts';
import { hasConsent, type Person } from '../people/customers/customer.ts';
import { isBuy, profileOf } from '../people/customers/profile.ts';
import type { Audience } from './audience.ts';
import { isHeldOut } from './holdout.ts';
import { isQuiet, type QuietHours } from './quiet-hours.ts';

/** `dry-run` decides everything and pushes nothing. */
export const CAMPAIGN_STATUSES = ['draft', 'dry-run', 'live', 'paused'] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

export const PURCHASE_PLACES = ['store', 'city', 'chain'] as const;

export const CAP_PER_DAY_MAX = 5;
/** Pushes are remembered for a day longer than the longest cooldown. */
export const COOLDOWN_HOURS_MAX = 30 * 24;
export const HOLDOUT_SHARE_MAX = 0.5;
export const ATTRIBUTION_DAYS_MAX = 30;
export const BOUGHT_WITHIN_DAYS_MAX = 3_660;

/** News of somebody near who is no longer there sends them nowhere. */
export const STALE_MS_MAX = 10 * 60_000;
/** Phones' clocks differ from ours by seconds; one that is further ahead is wrong, and so is what it says. */
export const AHEAD_MS_MAX = 2 * 60_000;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

export interface Offer {
  readonly title: Bilingual;
  readonly body: Bilingual;
  /** Where a click leads; absent where a page of our own shows the offer. */
  readonly url?: string;
  /** What is offered; where it is named, the store has to have it. */
  readonly productId?: ProductId;
}

/** What the same message brought when it was sent to everybody: whom a campaign's clicks are compared with. */
export interface Baseline {
  readonly sent: number;
  readonly clicked: number;
  readonly source: string;
}

export interface Campaign {
  readonly campaignId: CampaignId;
  readonly version: number;
  readonly name: Bilingual;
  readonly status: CampaignStatus;
  readonly stores: readonly Scope[];
  /** The first moment of it. */
  readonly fromMs: number;
  /** The first moment after it. */
  readonly untilMs: number;
  /** Absent where it is for people who never bought, too. */
  readonly boughtBefore?: { readonly where: (typeof PURCHASE_PLACES)[number]; readonly withinDays: number };
  /** CEL over the profile; `true` is everybody. */
  readonly audience: string;
  readonly quiet: QuietHours;
  /** Pushes of all campaigns to one person on one day of the store's wall clock. */
  readonly capPerDay: number;
  /** From a push of any campaign to one person at one store. */
  readonly cooldownHours: number;
  /** 0 … HOLDOUT_SHARE_MAX of those who would have been pushed. */
  readonly holdoutShare: number;
  readonly offer: Offer;
  readonly budget: { readonly pushesMax: number };
  /** What somebody does within so many times 24 hours is told beside the push. */
  readonly attributionDays: number;
  readonly baseline?: Baseline;
}

/** A phone came into a store's fence. */
export interface GeofenceEntry {
  readonly personId: PersonId;
  readonly deviceId: DeviceId;
  readonly storeId: StoreId;
  /** By the phone's clock. */
  readonly sampleAtMs: number;
  readonly receivedAtMs: number;
}

/** That somebody was pushed, or would have been and was held out: for what comes after, the two are one. */
export interface SentPush {
  readonly decisionId: string;
  readonly campaignId: CampaignId;
  readonly storeId: StoreId;
  /** As of when it was decided. */
  readonly atMs: number;
  /** Nothing was sent, so it counts for its own campaign's rehearsal and for nothing else. */
  readonly isDryRun: boolean;
}

/** How a person was reached of late, over all campaigns, in order of time. */
export interface PushHistory {
  readonly pushes: readonly SentPush[];
}

export const NO_PUSHES: PushHistory = { pushes: [] };

/** Older pushes than this change no decision. */
export const PUSH_HISTORY_DAYS_MAX = 31;
/** Of a person; whoever has so many is pushed no more until some of them are old. Of rehearsals as many, the newest. */
export const PUSH_HISTORY_MAX = CAP_PER_DAY_MAX * (PUSH_HISTORY_DAYS_MAX + 1);

/** In the order in which the gates stand: the first that somebody does not pass is the reason. */
export const DECISION_REASONS = [
  'duplicate',
  'not live',
  'not this store',
  'stale',
  'no location consent',
  'no push consent',
  'no phone',
  'not bought before',
  'not audience',
  'audience unreadable',
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
  /** The moment as of which it was taken; see `momentOf`. */
  readonly atMs: number;
  readonly reason: DecisionReason;
  /** Whether the person is of the campaign's holdout, whatever the reason. */
  readonly isHeldOut: boolean;
  readonly isDryRun: boolean;
}

/** What is known at the moment of a decision. */
export interface DecisionContext {
  readonly person: Person;
  readonly store: Store;
  readonly history: PushHistory;
  /** Pieces of the offered product at the store; absent where nobody knows. */
  readonly onHand?: number | undefined;
  /** Of this campaign. When they are used up nobody is held out either, for want of anybody to compare them with. */
  readonly pushesSoFar: number;
  readonly nowMs: number;
}

/** One name for everything that is one coming near, however often and by whichever of the person's phones it is told. */
export const decisionIdOf = (
  { campaignId }: Pick<Campaign, 'campaignId'>,
  { storeId, personId, sampleAtMs }: Pick<GeofenceEntry, 'storeId' | 'personId' | 'sampleAtMs'>,
): string => `${campaignId}~${storeId}~${personId}~${sampleAtMs}`;

/**
 * The moment as of which a decision is taken. A push reaches the phone now, so quiet hours, consent and all else are held
 * to now, whatever the phone's clock says. A rehearsal reaches nobody; it may be of last week's days, and is held to theirs.
 */
export const decidedAtMs = (campaign: Campaign, enter: GeofenceEntry, nowMs: number): number =>
  campaign.status === 'dry-run' ? enter.sampleAtMs : nowMs;

/** Whether somebody was already pushed or held out by this very decision. */
export const isDecided = ({ pushes }: PushHistory, decisionId: string): boolean =>
  pushes.some((one) => one.decisionId === decisionId);

/**
 * Whether somebody is to be pushed, and if not, at which gate it ended.
 *
 * @param audience undefined where the campaign's expression can no longer be read
 */
export function decide(
  campaign: Campaign,
  audience: Audience | undefined,
  enter: GeofenceEntry,
  circumstances: DecisionContext,
): Decision {
  const { campaignId } = campaign;
  const { personId, storeId } = enter;
  const atMs = decidedAtMs(campaign, enter, circumstances.nowMs);
  const heldOut = isHeldOut(campaignId, personId, campaign.holdoutShare);
  const isDryRun = campaign.status === 'dry-run';
  return {
    decisionId: decisionIdOf(campaign, enter),
    campaignId,
    personId,
    storeId,
    atMs,
    reason:
      whyNotHere(campaign, enter, circumstances, atMs) ??
      whyNotThem(campaign, audience, circumstances, atMs) ??
      whyNotNow(campaign, circumstances, atMs) ??
      whyNotAgain(campaign, circumstances, atMs) ??
      (heldOut ? 'held out' : isDryRun ? 'dry run' : 'pushed'),
    isHeldOut: heldOut,
    isDryRun,
  };
}

/** Gates of the campaign and of the news itself. */
function whyNotHere(
  campaign: Campaign,
  enter: GeofenceEntry,
  { store, history, nowMs }: DecisionContext,
  atMs: number,
): DecisionReason | undefined {
  if (isDecided(history, decisionIdOf(campaign, enter))) return 'duplicate';
  const isRunning = campaign.status === 'live' || campaign.status === 'dry-run';
  if (!isRunning || atMs < campaign.fromMs || atMs >= campaign.untilMs) return 'not live';
  if (store.storeId !== enter.storeId || !campaign.stores.some((scope) => covers(scope, store)))
    return 'not this store';
  const { sampleAtMs, receivedAtMs } = enter;
  if (sampleAtMs - receivedAtMs > AHEAD_MS_MAX) return 'stale';
  // What was received in time may have waited for a retry since.
  const isOld = Math.max(receivedAtMs, nowMs) - sampleAtMs > STALE_MS_MAX;
  return isOld && campaign.status !== 'dry-run' ? 'stale' : undefined;
}

/** Gates of the person. Whoever has not agreed is not looked at any further. */
function whyNotThem(
  campaign: Campaign,
  audience: Audience | undefined,
  { person, store }: DecisionContext,
  atMs: number,
): DecisionReason | undefined {
  if (!hasConsent(person.consents, 'location', atMs)) return 'no location consent';
  if (!hasConsent(person.consents, 'push', atMs)) return 'no push consent';
  if (!hasPhone(person, atMs)) return 'no phone';
  if (!hasBought(campaign, person, store, atMs)) return 'not bought before';
  if (audience === undefined) return 'audience unreadable';
  const { storeId, cityId, timeZone } = store;
  const isIn = audience.isIn(profileOf(person, { nowMs: atMs, storeId, cityId, timeZone }));
  if (typeof isIn !== 'boolean') return 'audience unreadable';
  return isIn ? undefined : 'not audience';
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

/** Gates of the hour and of the shelf. */
function whyNotNow(
  campaign: Campaign,
  { store, onHand }: DecisionContext,
  atMs: number,
): DecisionReason | undefined {
  if (!isOpen(store.openingHours, atMs, store.timeZone)) return 'store closed';
  if (isQuiet(campaign.quiet, atMs, store.timeZone)) return 'quiet hours';
  if (campaign.offer.productId === undefined) return undefined;
  if (onHand === undefined) return 'stock unknown';
  return onHand > 0 ? undefined : 'out of stock';
}

/** Gates of what went before. Times are compared both ways, because what happened later may be decided earlier. */
function whyNotAgain(
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
    (one) => one.storeId === store.storeId && Math.abs(atMs - one.atMs) < cooldownMs,
  );
  if (isCooling) return 'cooling down';
  return pushesSoFar >= campaign.budget.pushesMax ? 'budget spent' : undefined;
}

const countsFor = (campaign: Campaign, one: SentPush): boolean =>
  !one.isDryRun || (campaign.status === 'dry-run' && one.campaignId === campaign.campaignId);

const isRecent = ({ atMs }: SentPush, nowMs: number): boolean =>
  atMs >= nowMs - PUSH_HISTORY_DAYS_MAX * DAY_MS;

/** Whether a decision reached somebody, or would have had they not been held out: those are compared with each other. */
export const isQualifying = ({ reason }: Pick<Decision, 'reason'>): boolean =>
  reason === 'pushed' || reason === 'dry run' || reason === 'held out';

/** What is to be remembered of a person after a decision. The same decision twice is remembered once. */
export function applyDecision(state: PushHistory, decision: Decision): PushHistory {
  if (!isQualifying(decision) || isDecided(state, decision.decisionId)) return state;
  const { decisionId, campaignId, storeId, atMs, isDryRun } = decision;
  const pushes = [...state.pushes, { decisionId, campaignId, storeId, atMs, isDryRun }]
    .filter((one) => isRecent(one, atMs))
    .sort((a, b) => a.atMs - b.atMs || (a.decisionId < b.decisionId ? -1 : 1));
  // However many dry runs there are, no push that was sent is forgotten for it.
  const [sent, dryRuns] = [pushes.filter((one) => !one.isDryRun), pushes.filter((one) => one.isDryRun)];
  const kept = new Set([...sent.slice(-PUSH_HISTORY_MAX), ...dryRuns.slice(-PUSH_HISTORY_MAX)]);
  return { pushes: pushes.filter((one) => kept.has(one)) };
}

/**
 * Why a campaign may not become another, as what is said of it; undefined where it may. People are held out for its whole life, and a share that
 * changed on the way would put some of them into both arms of the comparison.
 */
export function forbiddenChange(from: Campaign, to: Campaign): string | undefined {
  const hasRun = from.status === 'live' || from.status === 'paused';
  if (hasRun && from.holdoutShare !== to.holdoutShare)
    return 'has been live, so its holdout cannot change; give the new share to a new campaign';
  if (hasRun && (to.status === 'draft' || to.status === 'dry-run'))
    return 'has been live, so it cannot go back to before; pause it';
  return undefined;
}
