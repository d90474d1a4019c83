/** Port: campaigns, each under a version. */

import type { Campaign } from '#domain/campaigns/campaign.ts';
import type { CampaignId } from '#domain/chain/ids.ts';

export type PutCampaignOutcome =
  | { readonly kind: 'put'; readonly campaign: Campaign }
  /** Somebody has changed it since it was read, or it is there and was thought not to be. */
  | { readonly kind: 'conflict'; readonly current: Campaign | undefined };

export interface CampaignStore {
  list(): Promise<Campaign[]>;
  get(campaignId: CampaignId): Promise<Campaign | undefined>;
  /** Writes a campaign over the version it was read at: 0 where there was none. */
  put(campaign: Omit<Campaign, 'version'>, seenVersion: number): Promise<PutCampaignOutcome>;
  /** Takes one push out of the budget; false where it is spent. */
  spend(campaignId: CampaignId, pushesMax: number): Promise<boolean>;
  /** Puts one back that was not sent after all. */
  unspend(campaignId: CampaignId): Promise<void>;
  spent(campaignId: CampaignId): Promise<number>;
}
