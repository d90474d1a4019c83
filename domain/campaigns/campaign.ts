/**
 * A campaign: a push about an offer to customers who come near a store, with its audience, limits and holdout. What a
 * campaign does on a geofence entry is decided in `push-decision.ts`.
 */
import type { CampaignId, ProductId } from '../chain/ids.ts';
import type { Scope } from '../chain/staff-scope.ts';
import type { QuietHours } from './quiet-hours.ts';

/** `dry-run` decides everything and pushes nothing. */
export const CAMPAIGN_STATUSES = ['draft', 'dry-run', 'live', 'paused'] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

export const PURCHASE_PLACES = ['store', 'city', 'chain'] as const;

export const CAP_PER_DAY_MAX = 5;
/** The push history goes back one day further than the longest cooldown. */
export const COOLDOWN_HOURS_MAX = 30 * 24;
export const HOLDOUT_SHARE_MAX = 0.5;
export const ATTRIBUTION_DAYS_MAX = 30;
export const BOUGHT_WITHIN_DAYS_MAX = 3_660;

export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

export interface Offer {
  readonly title: Bilingual;
  readonly body: Bilingual;
  /** The target of a click; absent where a page of our own shows the offer. */
  readonly url?: string;
  /** The offered product; where it is set, the store must have it in stock. */
  readonly productId?: ProductId;
}

/** The result of the same message when it was broadcast: the campaign's clicks are compared with it. */
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
  /** Included. */
  readonly fromMs: number;
  /** Excluded. */
  readonly untilMs: number;
  /** Absent where the campaign also is for customers who never bought. */
  readonly boughtBefore?: { readonly where: (typeof PURCHASE_PLACES)[number]; readonly withinDays: number };
  /** CEL over the profile; `true` includes every customer. */
  readonly audience: string;
  readonly quiet: QuietHours;
  /** Pushes of all campaigns to one customer on one day of the store's wall clock. */
  readonly capPerDay: number;
  /** Since the last push of any campaign to the same customer at the same store. */
  readonly cooldownHours: number;
  /** Share of the customers who would be pushed, 0 … HOLDOUT_SHARE_MAX. */
  readonly holdoutShare: number;
  readonly offer: Offer;
  readonly budget: { readonly pushesMax: number };
  /** Visits and purchases within this many times 24 hours are attributed to the push. */
  readonly attributionDays: number;
  readonly baseline?: Baseline;
}

/** Reports whether a campaign selects customers by their purchases or profile, and not by the store alone. */
export const isPersonalised = ({
  audience,
  boughtBefore,
}: Pick<Campaign, 'audience' | 'boughtBefore'>): boolean =>
  boughtBefore !== undefined || audience.trim() !== 'true';

/**
 * Returns why a campaign may not be changed into another, as a predicate of the campaign; undefined where it may.
 * Customers are held out for its whole life, and a changed share would put some of them into both arms of the comparison.
 */
export function forbiddenChange(from: Campaign, to: Campaign): string | undefined {
  const hasRun = from.status === 'live' || from.status === 'paused';
  if (hasRun && from.holdoutShare !== to.holdoutShare)
    return 'has been live, so its holdout cannot change; create a new campaign for the new share';
  if (hasRun && (to.status === 'draft' || to.status === 'dry-run'))
    return 'has been live, so it cannot return to draft or dry run; pause it';
  return undefined;
}
