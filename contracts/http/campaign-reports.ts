/**
 * Reports on campaigns: the preview of an audience and the results. They are apart from the campaign itself, so that a
 * report's bundle does not carry the validation of campaigns.
 *
 * A statistic is never a bare number: beside it are its sample size and its interval, or the reason for which it is withheld.
 */
import * as v from 'valibot';
import { DECISION_REASONS } from '#domain/campaigns/push-decision.ts';
import { count } from '../primitives.ts';

/** The decisions that a stored campaign would have made in the last days. */
export const PreviewResponse = v.pipe(
  v.object({
    campaign: v.pipe(v.string(), v.description('The id of the campaign.')),
    from: v.pipe(v.string(), v.description('The beginning of the period, in UTC.')),
    until: v.pipe(v.string(), v.description('The time of the request, in UTC.')),
    entries: v.pipe(count, v.description('Geofence entries at the stores of the campaign.')),
    people: v.pipe(count, v.description('Customers of these entries.')),
    reached: v.pipe(count, v.description('Customers who would have received a push.')),
    heldOut: v.pipe(count, v.description('Customers who would have been held out for comparison.')),
    reasons: v.pipe(
      v.record(v.picklist(DECISION_REASONS), count),
      v.description('Entries by the reason of their decision; they add up to `entries`.'),
    ),
    stores: v.pipe(
      v.array(
        v.object({
          store: v.pipe(v.string(), v.description('The store.')),
          entries: v.pipe(count, v.description('Geofence entries.')),
          pushes: v.pipe(count, v.description('Pushes.')),
        }),
      ),
      v.description('The same by store.'),
    ),
    isTruncated: v.pipe(
      v.boolean(),
      v.description('Whether there were more entries than a preview evaluates; it evaluates the latest.'),
    ),
  }),
  v.metadata({ title: 'PreviewResponse' }),
);
export type PreviewResponse = v.InferInput<typeof PreviewResponse>;

export const Estimate = v.pipe(
  v.variant('kind', [
    v.object({
      kind: v.literal('known'),
      value: v.pipe(v.number(), v.finite(), v.description('The estimate.')),
      low: v.pipe(v.number(), v.finite(), v.description('The lower end of its 95 % interval.')),
      high: v.pipe(v.number(), v.finite(), v.description('The upper end of its 95 % interval.')),
      of: v.pipe(count, v.description('The sample size: persons, or pushes.')),
      against: v.exactOptional(
        v.pipe(count, v.description('For a comparison: the sample size of the other side.')),
      ),
    }),
    v.object({
      kind: v.literal('withheld'),
      reason: v.pipe(v.string(), v.minLength(1), v.description('The missing sample, in words.')),
    }),
  ]),
  v.metadata({
    title: 'Estimate',
    description:
      'A statistic with its 95 % interval and its sample size, or the reason for which it is withheld.',
  }),
);

export const ReportArm = v.pipe(
  v.object({
    persons: v.pipe(count, v.description('Number of persons.')),
    pending: v.pipe(count, v.description('Persons whose attribution period has not ended.')),
    visitors: v.pipe(count, v.description('Persons who visited afterwards.')),
    buyers: v.pipe(count, v.description('Persons who bought afterwards.')),
    net: v.pipe(
      v.string(),
      v.description('The sum of their receipts minus returns, in the currency of the chain.'),
    ),
    sent: v.pipe(count, v.description('Persons to whom the push was sent.')),
    opened: v.pipe(count, v.description('Persons who opened it.')),
    clicked: v.pipe(count, v.description('Persons who followed its link.')),
    visitRate: v.pipe(Estimate, v.description('The share of persons who visited.')),
    buyerRate: v.pipe(Estimate, v.description('The share of persons who bought.')),
    moneyPerPerson: v.pipe(Estimate, v.description('Net amount per person, buyers or not.')),
  }),
  v.metadata({
    title: 'ReportArm',
    description:
      'One side of the comparison. The first decision assigns a person to a side. Rates and money are per person, buyers or not.',
  }),
);

/** The results of a campaign: pushed customers against the randomised holdout. */
export const ReportResponse = v.pipe(
  v.object({
    campaign: v.pipe(v.string(), v.description('The id of the campaign.')),
    currency: v.pipe(v.string(), v.description('ISO 4217: the currency of the amounts.')),
    asOf: v.pipe(v.string(), v.description('The time of the report, in UTC.')),
    attributionDays: v.pipe(count, v.description('Days after a push in which visits and purchases count.')),
    method: v.pipe(v.string(), v.description('The statistical methods and the least sample sizes.')),
    pushed: v.pipe(ReportArm, v.description('Persons who were pushed.')),
    heldOut: v.pipe(ReportArm, v.description('Persons who were held out.')),
    lift: v.pipe(
      v.object({ visitRate: Estimate, buyerRate: Estimate, moneyPerPerson: Estimate }),
      v.description('Pushed minus held out; for rates, 0.01 is a percentage point.'),
    ),
    incremental: v.pipe(
      v.object({ visitors: Estimate, buyers: Estimate, money: Estimate }),
      v.description('The lift times the pushed persons: results that the campaign caused.'),
    ),
    clicks: v.pipe(
      v.object({
        openRate: v.pipe(Estimate, v.description('The share of pushes that were opened.')),
        rate: v.pipe(Estimate, v.description('The share of pushes whose link was followed.')),
        baseline: v.pipe(Estimate, v.description('The click-through rate of the broadcast.')),
        difference: v.pipe(
          Estimate,
          v.description('The rate minus that of the baseline; 0.01 is a percentage point.'),
        ),
        baselineSource: v.optional(v.pipe(v.string(), v.description('The broadcast, in words.'))),
      }),
      v.description('Opens and clicks of the pushes sent, beside the baseline.'),
    ),
    decisions: v.pipe(
      v.record(v.picklist(DECISION_REASONS), count),
      v.description('Decisions by their reason, since the campaign began.'),
    ),
    isTruncated: v.pipe(
      v.boolean(),
      v.description('Whether there were more persons than a report evaluates.'),
    ),
  }),
  v.metadata({ title: 'ReportResponse', description: 'Pushed customers against the randomised holdout.' }),
);
export type ReportResponse = v.InferInput<typeof ReportResponse>;
