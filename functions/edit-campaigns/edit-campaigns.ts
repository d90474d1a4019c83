/**
 * Reads and edits campaigns. A caller must hold every place in which a campaign runs, and sends the version that was read:
 * of two concurrent edits, the second is rejected and overwrites nothing.
 */
import type { CampaignStore } from '#application/ports/campaign-store.ts';
import {
  type CampaignRequest,
  type CampaignResponse,
  campaignOf,
  campaignResponse,
} from '#contracts/http/campaigns.ts';
import { type Campaign, forbiddenChange } from '#domain/campaigns/campaign.ts';
import type { CampaignId } from '#domain/chain/ids.ts';
import type { Scope } from '#domain/chain/staff-scope.ts';

export interface EditCampaignsPorts {
  readonly campaigns: Pick<CampaignStore, 'list' | 'get' | 'put' | 'spent'>;
}

export type ScopeCheck = (scope: Scope) => boolean;

export type EditOutcome =
  | { readonly kind: 'saved'; readonly campaign: CampaignResponse; readonly isNew: boolean }
  /** The old or the new campaign runs in a place that the caller does not hold. */
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'conflict'; readonly version: number }
  | { readonly kind: 'immutable'; readonly why: string };

const isAllowed = ({ stores }: Pick<Campaign, 'stores'>, isHeld: ScopeCheck): boolean => stores.every(isHeld);

async function responseOf({ campaigns }: EditCampaignsPorts, campaign: Campaign): Promise<CampaignResponse> {
  return campaignResponse(campaign, await campaigns.spent(campaign.campaignId));
}

/** Returns the campaigns of the places that the caller holds, by id. */
export async function listCampaigns(
  ports: EditCampaignsPorts,
  isHeld: ScopeCheck,
): Promise<CampaignResponse[]> {
  const all = (await ports.campaigns.list()).filter((campaign) => isAllowed(campaign, isHeld));
  return await Promise.all(all.map((campaign) => responseOf(ports, campaign)));
}

/** Returns one campaign; undefined where there is none that the caller may read. */
export async function readCampaign(
  ports: EditCampaignsPorts,
  campaignId: CampaignId,
  isHeld: ScopeCheck,
): Promise<CampaignResponse | undefined> {
  const campaign = await ports.campaigns.get(campaignId);
  return campaign === undefined || !isAllowed(campaign, isHeld)
    ? undefined
    : await responseOf(ports, campaign);
}

/** Creates or replaces a campaign. */
export async function editCampaign(
  ports: EditCampaignsPorts,
  campaignId: CampaignId,
  body: CampaignRequest,
  isHeld: ScopeCheck,
): Promise<EditOutcome> {
  const edited = campaignOf(campaignId, body);
  if (!isAllowed(edited, isHeld)) return { kind: 'forbidden' };
  const current = await ports.campaigns.get(campaignId);
  if (current !== undefined) {
    if (!isAllowed(current, isHeld)) return { kind: 'forbidden' };
    if (current.version !== body.version) return { kind: 'conflict', version: current.version };
    const why = forbiddenChange(current, { ...edited, version: current.version });
    if (why !== undefined) return { kind: 'immutable', why };
  }
  const outcome = await ports.campaigns.put(edited, body.version);
  if (outcome.kind === 'conflict') return { kind: 'conflict', version: outcome.current?.version ?? 0 };
  return { kind: 'saved', campaign: await responseOf(ports, outcome.campaign), isNew: body.version === 0 };
}
