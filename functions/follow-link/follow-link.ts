/**
 * Follows the link of a push to its offer. The first click is recorded; the holder of a link sees the offer and nothing
 * about the customer.
 */
import type { CampaignStore } from '#application/ports/campaign-store.ts';
import type { PushDecisionStore } from '#application/ports/push-decision-store.ts';
import type { Offer } from '#domain/campaigns/campaign.ts';

export interface FollowLinkPorts {
  readonly pushDecisions: Pick<PushDecisionStore, 'byToken' | 'clicked'>;
  readonly campaigns: Pick<CampaignStore, 'get'>;
  readonly nowMs: () => number;
}

/** The form of a token; any other text costs no read. */
const TOKEN = /^[A-Za-z0-9_-]{22}$/;

/** Reports whether a text has the form of a push's token. */
export const isPushToken = (text: string): boolean => TOKEN.test(text);

export type FollowedLink = { readonly kind: 'offer'; readonly offer: Offer } | { readonly kind: 'unknown' };

/** Records a click and returns the offer. */
export async function followLink(ports: FollowLinkPorts, token: string): Promise<FollowedLink> {
  if (!isPushToken(token)) return { kind: 'unknown' };
  const decision = await ports.pushDecisions.byToken(token);
  if (decision === undefined) return { kind: 'unknown' };
  await ports.pushDecisions.clicked(decision, ports.nowMs());
  const campaign = await ports.campaigns.get(decision.campaignId);
  return campaign === undefined ? { kind: 'unknown' } : { kind: 'offer', offer: campaign.offer };
}
