/**
 * What a campaign has brought: for each person its first decision that pushed them or held them out, and what their rows say
 * of the days after it. Nothing was counted along the way, so a purchase that came late, or was taken back, is in it.
 */

import type { PersonStore } from '#application/ports/person-store.ts';
import type { PushDecisionStore } from '#application/ports/push-decision-store.ts';
import { mapConcurrent } from '#application/support/concurrency.ts';
import type { ReportResponse } from '#contracts/http/campaign-reports.ts';
import { armsOf, attribute, firstDecisions } from '#domain/campaigns/attribution.ts';
import type { Campaign } from '#domain/campaigns/campaign.ts';
import {
  type ArmReport,
  BUYERS_MIN,
  campaignReport,
  EVENTS_MIN,
  PERSONS_MIN,
} from '#domain/campaigns/campaign-report.ts';
import type { Decision, DecisionReason } from '#domain/campaigns/push-decision.ts';
import { formatAmount } from '#domain/chain/money.ts';

export interface ReportPorts {
  readonly moments: Pick<PushDecisionStore, 'decisions'>;
  readonly people: Pick<PersonStore, 'load'>;
  readonly nowMs: () => number;
}

/** As many people as are read while somebody waits: some thousands a second. */
export const PERSONS_MAX = 50_000;
const PEOPLE_AT_ONCE_MAX = 64;

const METHOD =
  'Intervals of 95 %: Wilson’s score for shares, Newcombe’s hybrid score (method 10) for their differences, Welch’s t for money. ' +
  `Nothing is said below ${PERSONS_MIN} people an arm and ${EVENTS_MIN} events, nor of money below ${BUYERS_MIN} buyers an arm. Whoever was pushed is compared with whoever was held out by lot; ` +
  'clicks are set beside a broadcast to other people on another day.';

export async function reportCampaign(
  ports: ReportPorts,
  campaign: Campaign,
  currency: string,
): Promise<ReportResponse> {
  const nowMs = ports.nowMs();
  const reasons: Partial<Record<DecisionReason, number>> = {};
  const all: Array<Parameters<typeof attribute>[0]> = [];
  for await (const decision of ports.moments.decisions(campaign.campaignId)) {
    reasons[decision.reason] = (reasons[decision.reason] ?? 0) + 1;
    if (isOfProof(decision)) all.push(decision);
  }
  const first = firstDecisions(all);
  const looked = first.slice(0, PERSONS_MAX);
  const attributed = await mapConcurrent(looked, PEOPLE_AT_ONCE_MAX, async (decision) => {
    const person = await ports.people.load(decision.personId);
    // Of somebody who was forgotten since, what they did is gone with them; that they were reached is not.
    return attribute(decision, person ?? { visits: [], purchases: [] }, campaign.attributionDays, nowMs);
  });
  const proof = campaignReport(armsOf(attributed), campaign.baseline);
  return {
    campaign: campaign.campaignId,
    currency,
    asOf: new Date(nowMs).toISOString(),
    attributionDays: campaign.attributionDays,
    method: METHOD,
    pushed: toldArm(proof.pushed),
    heldOut: toldArm(proof.heldOut),
    lift: proof.lift,
    incremental: proof.incremental,
    clicks: {
      ...proof.clicks,
      ...(campaign.baseline !== undefined && { baselineSource: campaign.baseline.source }),
    },
    decisions: reasons,
    isCut: first.length > looked.length,
  };
}

const isOfProof = ({ reason }: Decision): boolean => reason === 'pushed' || reason === 'held out';

const toldArm = ({
  arm: { netSquares: _, net, ...counts },
  ...rates
}: ArmReport): ReportResponse['pushed'] => ({
  ...counts,
  net: formatAmount(net as Parameters<typeof formatAmount>[0]),
  ...rates,
});
