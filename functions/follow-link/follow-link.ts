/**
 * The link of a push leads here and on to what it offers. That it was followed is noted once; whoever holds the link sees
 * the offer and nothing of whom it was sent to.
 */
import type { CampaignStore } from '#application/ports/campaign-store.ts';
import type { PushDecisionStore } from '#application/ports/push-decision-store.ts';
import type { Offer } from '#domain/campaigns/campaign.ts';

export interface FollowLinkPorts {
  readonly moments: Pick<PushDecisionStore, 'byToken' | 'clicked'>;
  readonly campaigns: Pick<CampaignStore, 'get'>;
  readonly nowMs: () => number;
}

/** What a token of ours looks like; anything else is not worth a look. */
const TOKEN = /^[A-Za-z0-9_-]{22}$/;

export type FollowedLink = { readonly kind: 'offer'; readonly offer: Offer } | { readonly kind: 'unknown' };

export async function followLink(ports: FollowLinkPorts, token: string): Promise<FollowedLink> {
  if (!TOKEN.test(token)) return { kind: 'unknown' };
  const decision = await ports.moments.byToken(token);
  if (decision === undefined) return { kind: 'unknown' };
  await ports.moments.clicked(decision, ports.nowMs());
  const campaign = await ports.campaigns.get(decision.campaignId);
  return campaign === undefined ? { kind: 'unknown' } : { kind: 'offer', offer: campaign.offer };
}
