/**
 * What is told of a campaign beside itself: whom it would have reached, and what it has brought. It is apart from what people
 * write of one, so that whoever reads a report does not carry what checks a campaign.
 *
 * No figure is ever a bare number: beside each stands of how many it was taken and how sure it is, or why it is withheld.
 */
import * as v from 'valibot';
import { DECISION_REASONS } from '#domain/campaigns/push-decision.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What a campaign as it stands would have done on the last days. */
export const PreviewResponse = v.pipe(
  v.object({
    campaign: v.string(),
    from: v.string(),
    until: v.string(),
    enters: v.pipe(count, v.description('How often somebody with a phone came near one of its stores.')),
    people: v.pipe(count, v.description('How many people those were.')),
    reached: v.pipe(count, v.description('How many people would have been pushed to.')),
    heldOut: v.pipe(count, v.description('How many would have been held out to compare with.')),
    reasons: v.record(v.picklist(DECISION_REASONS), count),
    stores: v.array(v.object({ store: v.string(), enters: count, pushes: count })),
    isCut: v.pipe(v.boolean(), v.description('Whether there was more than could be looked at.')),
  }),
  v.metadata({ title: 'PreviewResponse' }),
);
export type PreviewResponse = v.InferInput<typeof PreviewResponse>;

/** A number with its interval of 95 % and what it was taken of, or why there is none. */
const told = v.variant('kind', [
  v.object({
    kind: v.literal('known'),
    value: v.pipe(v.number(), v.finite(), v.description('An estimate; what it is made of is exact.')),
    low: v.pipe(v.number(), v.finite()),
    high: v.pipe(v.number(), v.finite()),
    of: v.pipe(count, v.description('How many persons, or pushes, it was taken of.')),
    against: v.exactOptional(
      v.pipe(count, v.description('Of a comparison, how many were on the other side.')),
    ),
  }),
  v.object({
    kind: v.literal('withheld'),
    reason: v.pipe(v.string(), v.minLength(1), v.description('What is missing, in words.')),
  }),
]);

const arm = v.object({
  persons: count,
  pending: v.pipe(
    count,
    v.description('Of them, those of whom more may still come within the days of attribution.'),
  ),
  visitors: count,
  buyers: count,
  net: v.pipe(
    v.string(),
    v.description("What their receipts come to, returns taken off, in the chain's currency."),
  ),
  sent: count,
  opened: count,
  clicked: count,
  visitRate: told,
  buyerRate: told,
  moneyPerPerson: told,
});

/** What a campaign has brought: who was pushed beside who was held out by lot. */
export const ReportResponse = v.pipe(
  v.object({
    campaign: v.string(),
    currency: v.string(),
    asOf: v.string(),
    attributionDays: count,
    /** The methods and the least numbers below which nothing is said. */
    method: v.string(),
    pushed: arm,
    heldOut: arm,
    lift: v.object({ visitRate: told, buyerRate: told, moneyPerPerson: told }),
    incremental: v.object({ visitors: told, buyers: told, money: told }),
    clicks: v.object({
      openRate: told,
      rate: told,
      baseline: told,
      difference: v.pipe(told, v.description('The rate less the baseline’s; 0.01 is a percentage point.')),
      baselineSource: v.optional(v.string()),
    }),
    decisions: v.pipe(
      v.record(v.picklist(DECISION_REASONS), count),
      v.description('How often each campaign’s gate was where it ended.'),
    ),
    isCut: v.pipe(v.boolean(), v.description('Whether there were more people than could be looked at.')),
  }),
  v.metadata({ title: 'ReportResponse' }),
);
export type ReportResponse = v.InferInput<typeof ReportResponse>;
