/**
 * Campaigns as people read and change them. Whoever changes one has to hold every place it runs in, and says which version
 * they saw: of two who edit at once the second is told, not written over.
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
import type { Scope } from '#domain/chain/scope.ts';

export interface EditCampaignsPorts {
  readonly campaigns: Pick<CampaignStore, 'list' | 'get' | 'put' | 'spent'>;
}

export type ScopeCheck = (scope: Scope) => boolean;

export type EditOutcome =
  | { readonly kind: 'kept'; readonly answer: CampaignResponse; readonly isNew: boolean }
  /** It runs, or shall run, where the caller has nothing to say. */
  | { readonly kind: 'not yours' }
  | { readonly kind: 'changed since'; readonly version: number }
  | { readonly kind: 'immutable'; readonly why: string };

const isHeld = ({ stores }: Pick<Campaign, 'stores'>, mayHold: ScopeCheck): boolean => stores.every(mayHold);

async function told({ campaigns }: EditCampaignsPorts, campaign: Campaign): Promise<CampaignResponse> {
  return campaignResponse(campaign, await campaigns.spent(campaign.campaignId));
}

/** The campaigns of places that the caller holds, by id. */
export async function listCampaigns(
  ports: EditCampaignsPorts,
  mayHold: ScopeCheck,
): Promise<CampaignResponse[]> {
  const all = (await ports.campaigns.list()).filter((campaign) => isHeld(campaign, mayHold));
  return await Promise.all(all.map((campaign) => told(ports, campaign)));
}

/** One campaign; undefined where there is none that the caller may see. */
export async function readCampaign(
  ports: EditCampaignsPorts,
  campaignId: CampaignId,
  mayHold: ScopeCheck,
): Promise<CampaignResponse | undefined> {
  const campaign = await ports.campaigns.get(campaignId);
  return campaign === undefined || !isHeld(campaign, mayHold) ? undefined : await told(ports, campaign);
}

export async function editCampaign(
  ports: EditCampaignsPorts,
  campaignId: CampaignId,
  body: CampaignRequest,
  mayHold: ScopeCheck,
): Promise<EditOutcome> {
  const wanted = campaignOf(campaignId, body);
  if (!isHeld(wanted, mayHold)) return { kind: 'not yours' };
  const standing = await ports.campaigns.get(campaignId);
  if (standing !== undefined) {
    if (!isHeld(standing, mayHold)) return { kind: 'not yours' };
    if (standing.version !== body.version) return { kind: 'changed since', version: standing.version };
    const why = forbiddenChange(standing, { ...wanted, version: standing.version });
    if (why !== undefined) return { kind: 'immutable', why };
  }
  const outcome = await ports.campaigns.put(wanted, body.version);
  if (outcome.kind === 'conflict') return { kind: 'changed since', version: outcome.current?.version ?? 0 };
  return { kind: 'kept', answer: await told(ports, outcome.campaign), isNew: body.version === 0 };
}
