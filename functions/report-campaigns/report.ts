/**
 * Reports a campaign's results: for each customer the first decision that pushed to them or held them out, and their visits
 * and purchases in the days after it. Nothing is counted along the way, so late purchases and returns are included.
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
  readonly pushDecisions: Pick<PushDecisionStore, 'decisions'>;
  readonly people: Pick<PersonStore, 'load'>;
  readonly nowMs: () => number;
}

/** As many people as can be read within one request, at some thousands a second. */
export const PERSONS_MAX = 50_000;
const PEOPLE_AT_ONCE_MAX = 64;

const METHOD =
  '95 % confidence intervals: Wilson’s score for shares, Newcombe’s hybrid score (method 10) for their differences, Welch’s t for money. ' +
  `No result below ${PERSONS_MIN} people per arm and ${EVENTS_MIN} events, and none for money below ${BUYERS_MIN} buyers per arm. Customers who were pushed to are compared with a randomised holdout; ` +
  'clicks are compared with a broadcast to other people on another day.';

/** Returns the lift of a campaign against its holdout, with intervals. */
export async function reportCampaign(
  ports: ReportPorts,
  campaign: Campaign,
  currency: string,
): Promise<ReportResponse> {
  const nowMs = ports.nowMs();
  const reasons: Partial<Record<DecisionReason, number>> = {};
  const all: Array<Parameters<typeof attribute>[0]> = [];
  for await (const decision of ports.pushDecisions.decisions(campaign.campaignId)) {
    reasons[decision.reason] = (reasons[decision.reason] ?? 0) + 1;
    if (isInReport(decision)) all.push(decision);
  }
  const first = firstDecisions(all);
  const included = first.slice(0, PERSONS_MAX);
  const attributed = await mapConcurrent(included, PEOPLE_AT_ONCE_MAX, async (decision) => {
    const person = await ports.people.load(decision.personId);
    // The visits and purchases of an erased customer are gone; the decision about them still counts.
    return attribute(decision, person ?? { visits: [], purchases: [] }, campaign.attributionDays, nowMs);
  });
  const report = campaignReport(armsOf(attributed), campaign.baseline);
  return {
    campaign: campaign.campaignId,
    currency,
    asOf: new Date(nowMs).toISOString(),
    attributionDays: campaign.attributionDays,
    method: METHOD,
    pushed: armResponse(report.pushed),
    heldOut: armResponse(report.heldOut),
    lift: report.lift,
    incremental: report.incremental,
    clicks: {
      ...report.clicks,
      ...(campaign.baseline !== undefined && { baselineSource: campaign.baseline.source }),
    },
    decisions: reasons,
    isTruncated: first.length > included.length,
  };
}

const isInReport = ({ reason }: Decision): boolean => reason === 'pushed' || reason === 'held out';

const armResponse = ({
  arm: { netSquares: _, net, ...counts },
  ...rates
}: ArmReport): ReportResponse['pushed'] => ({
  ...counts,
  net: formatAmount(net as Parameters<typeof formatAmount>[0]),
  ...rates,
});
