/**
 * An alarm with a text for the engineer on duty: what store staff notice, and the runbook section with the remedy.
 */
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { AisleStack } from './aisle-stack.ts';

export interface AisleAlarmProps {
  /** What store staff see or miss while the alarm lasts, in a full sentence. */
  readonly staffNotice: string;
  /** The heading of the runbook section: docs/runbook.md#<entry>. */
  readonly entry: string;
  readonly metric: IMetric;
  /** The alarm fires at this value or above … */
  readonly threshold: number;
  /** … for this many consecutive periods of the metric. */
  readonly periods: number;
  readonly topic: Topic;
}

export class AisleAlarm extends Alarm {
  constructor(scope: AisleStack, id: string, props: AisleAlarmProps) {
    const { staffNotice, entry, metric, threshold, periods, topic } = props;
    super(scope, id, {
      alarmName: `${scope.stage}-Aisle-${id}`,
      alarmDescription: `${staffNotice} What to do: docs/runbook.md#${entry}`,
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // At night no till sends and no metric is written; missing data is not a fault.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    this.addAlarmAction(new SnsAction(topic));
    this.addOkAction(new SnsAction(topic));
  }
}
