/**
 * An alarm that somebody can act on at three in the morning: its text says what the staff of a shop will notice,
 * and where the runbook says what to do.
 */
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { AisleStack } from './aisle-stack.ts';

export interface AisleAlarmProps {
  /** What the staff of a shop see or miss while this lasts, in a full sentence. */
  readonly staffNotice: string;
  /** The heading of the runbook's entry: docs/runbook.md#<entry>. */
  readonly entry: string;
  readonly metric: IMetric;
  /** The alarm goes off at this value and above … */
  readonly threshold: number;
  /** … in this many of the metric's periods in a row. */
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
      // At night no till speaks and no metric is written; silence is not a fault here.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    this.addAlarmAction(new SnsAction(topic));
    this.addOkAction(new SnsAction(topic));
  }
}
