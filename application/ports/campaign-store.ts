/** Port: campaigns, each under a version. */

import type { Campaign } from '#domain/campaigns/campaign.ts';
import type { CampaignId } from '#domain/chain/ids.ts';

export type PutCampaignOutcome =
  | { readonly kind: 'put'; readonly campaign: Campaign }
  /** The campaign was changed or created since it was read. */
  | { readonly kind: 'conflict'; readonly current: Campaign | undefined };

export interface CampaignStore {
  list(): Promise<Campaign[]>;
  get(campaignId: CampaignId): Promise<Campaign | undefined>;
  /** Writes a campaign if its stored version is still `seenVersion`; 0 creates it. */
  put(campaign: Omit<Campaign, 'version'>, seenVersion: number): Promise<PutCampaignOutcome>;
  /** Takes one push from the budget; false if the budget is spent. */
  spend(campaignId: CampaignId, pushesMax: number): Promise<boolean>;
  /** Returns one push to the budget, for a push that was not sent. */
  unspend(campaignId: CampaignId): Promise<void>;
  /** Returns the pushes taken from the budget so far. */
  spent(campaignId: CampaignId): Promise<number>;
}
