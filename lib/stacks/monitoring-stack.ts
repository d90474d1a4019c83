/**
 * Alarms and the dashboard, which reach the engineers on duty before a shop has to call them.
 *
 * An alarm exists for what a shop would notice or what would be lost, not for every number that can move. The alarms are a
 * table: each row has its entry in docs/runbook.md.
 */
import { Aws, Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type CfnTopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { AisleAlarm, type AisleAlarmProps } from '../constructs/aisle-alarm.ts';
import { AisleDashboard } from '../constructs/aisle-dashboard.ts';
import { AisleStack, type AisleStackProps } from '../constructs/aisle-stack.ts';
import {
  ageOf,
  countOf,
  deadLettersOf,
  figureTablesOf,
  oldestIn,
  sumOf,
  systemErrorsOf,
  throttlesOf,
  visionTablesOf,
  waitingIn,
} from '../constructs/metrics.ts';
import type { DataStack } from './data-stack.ts';
import type { EngagementStack } from './engagement-stack.ts';
import type { FiguresStack } from './figures-stack.ts';
import type { IngestStack } from './ingest-stack.ts';
import type { VisionStack } from './vision-stack.ts';
import type { WebStack } from './web-stack.ts';

const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);

/** Figures are promised within five minutes; this leaves three of them to act. */
const ITERATOR_AGE_MS_MAX = 120_000;
const SUMS_AGE_S_MAX = 120;

/** Rankings are batched for up to 30 s by design, and no screen needs them by the second. */
const RANKINGS_AGE_S_MAX = 300;

/** A single failed invocation is retried at once and mostly succeeds; this many in five minutes do not. */
const COUNT_ERRORS_MAX = 3;
const REQUESTS_FAILED_MAX = 5;

/** `close-visits` runs each minute, and a run completes what the one before it left. */
const CLOSE_ERRORS_MAX = 3;

/** `sync-geofences` runs each minute, and a run completes what the one before it left. */
const SYNC_ERRORS_MAX = 3;

export interface MonitoringStackProps extends AisleStackProps {
  readonly data: DataStack;
  readonly ingest: IngestStack;
  readonly figures: FiguresStack;
  readonly vision: VisionStack;
  readonly engagement: EngagementStack;
  readonly web: WebStack;
}

interface AlarmSpec extends Omit<AisleAlarmProps, 'topic'> {
  /** Construct id, and the end of the alarm's name. */
  readonly id: string;
}

/** Returns every alarm, in the order of the path from the till to the figure, then visits, then pushes. */
function alarmSpecs(props: MonitoringStackProps): readonly AlarmSpec[] {
  return [countingAlarms, sumAlarms, requestAlarms, visitAlarms, engagementAlarms].flatMap((specs) =>
    specs(props),
  );
}

/** Returns the alarms of counted and uncounted events. */
function countingAlarms({ ingest }: MonitoringStackProps): readonly AlarmSpec[] {
  return [
    {
      id: 'CountEventsBehind',
      staffNotice: 'Figures stop moving: screens show what was sold more than two minutes ago.',
      entry: 'count-events-behind',
      metric: ageOf(ingest.countEvents),
      threshold: ITERATOR_AGE_MS_MAX,
      periods: 3,
    },
    {
      id: 'CountEventsErrors',
      staffNotice: 'Figures of some stores move in jumps or stand still.',
      entry: 'count-events-errors',
      metric: ingest.countEvents.metricErrors({ period: FIVE_MINUTES }),
      threshold: COUNT_ERRORS_MAX,
      periods: 1,
    },
    {
      id: 'DeadLetters',
      staffNotice:
        'Some receipts are missing from the figures, and the totals of a till differ from its own.',
      entry: 'dead-letters',
      metric: deadLettersOf(ingest),
      threshold: 1,
      periods: 1,
    },
    {
      id: 'DeadLettersNotStored',
      staffNotice: 'Nothing yet: but receipts that could not be counted will be lost for good within days.',
      entry: 'dead-letters-not-stored',
      metric: waitingIn(ingest.deadLetterNotices.dead),
      threshold: 1,
      periods: 1,
    },
  ];
}

/** Returns the alarms of the sums above the stores. */
function sumAlarms({ ingest }: MonitoringStackProps): readonly AlarmSpec[] {
  return [
    {
      id: 'RollUpBehind',
      staffNotice: 'City, region and chain figures lag behind their stores by more than two minutes.',
      entry: 'roll-up-behind',
      metric: oldestIn(ingest.cellsChanged),
      threshold: SUMS_AGE_S_MAX,
      periods: 3,
    },
    {
      id: 'RankingsBehind',
      staffNotice: 'Product rankings of cities, regions and the chain are more than five minutes old.',
      entry: 'roll-up-behind',
      metric: oldestIn(ingest.productsChanged),
      threshold: RANKINGS_AGE_S_MAX,
      periods: 3,
    },
    {
      id: 'RollUpDeadLetters',
      staffNotice: 'City, region and chain figures do not add up to their stores until the next full hour.',
      entry: 'roll-up-dead-letters',
      metric: sumOf('dead', 'change notices given up on', MINUTE, [
        waitingIn(ingest.cellsChanged.dead),
        waitingIn(ingest.productsChanged.dead),
      ]),
      threshold: 1,
      periods: 1,
    },
  ];
}

/** Returns the alarms of the API and of the tables of receipts and figures. */
function requestAlarms({ data, ingest, web }: MonitoringStackProps): readonly AlarmSpec[] {
  return [
    {
      id: 'RequestsFail',
      staffNotice:
        'Screens show an error instead of figures, and tills keep their receipts to send them again.',
      entry: 'requests-fail',
      metric: web.gateway.metricServerError({ period: FIVE_MINUTES, statistic: Stats.SUM }),
      threshold: REQUESTS_FAILED_MAX,
      periods: 1,
    },
    {
      id: 'TillsThrottled',
      staffNotice: 'Tills report that receipts wait to be sent; figures fall behind the shop.',
      entry: 'tills-throttled',
      metric: ingest.ingestReceipts.metricThrottles({ period: FIVE_MINUTES }),
      threshold: 1,
      periods: 1,
    },
    {
      id: 'DynamoDbThrottled',
      staffNotice: 'Screens load slowly, and figures move later than usual.',
      entry: 'dynamodb-throttled',
      metric: throttlesOf(figureTablesOf(data)),
      threshold: 1,
      periods: 2,
    },
    {
      id: 'DynamoDbErrors',
      staffNotice: 'Screens show an error now and then, and figures move later than usual.',
      entry: 'dynamodb-errors',
      metric: systemErrorsOf(data),
      threshold: 1,
      periods: 2,
    },
  ];
}

/** Returns the alarms of footfall and faces. */
function visitAlarms({ data, vision }: MonitoringStackProps): readonly AlarmSpec[] {
  return [
    {
      id: 'VisitTablesThrottled',
      staffNotice: 'Footfall moves later than usual, and cameras get 429 and send their frames again.',
      entry: 'dynamodb-throttled',
      metric: throttlesOf(visionTablesOf(data)),
      threshold: 1,
      periods: 2,
    },
    {
      id: 'TrackVisitsBehind',
      staffNotice: 'Footfall stops moving, while sales go on: screens show who came in minutes ago.',
      entry: 'track-visits-behind',
      metric: ageOf(vision.trackVisits),
      threshold: ITERATOR_AGE_MS_MAX,
      periods: 3,
    },
    {
      id: 'VisitsNotClosed',
      staffNotice: 'Shops seem to fill up: people who left are still counted as inside.',
      entry: 'visits-not-closed',
      metric: vision.closeVisits.metricErrors({ period: FIVE_MINUTES }),
      threshold: CLOSE_ERRORS_MAX,
      periods: 1,
    },
    {
      id: 'FacesNotPurged',
      staffNotice: 'Nothing: but a face may be kept that the law of the store does not let it keep.',
      entry: 'faces-not-purged',
      metric: sumOf('unpurged', 'frames whose faces could not be purged', MINUTE, [
        waitingIn(vision.framesToCheck.dead),
        vision.purgeFaces.metricErrors({ period: MINUTE }),
        countOf(vision.purgeFaces, 'RetentionPurgesIncomplete', MINUTE),
      ]),
      threshold: 1,
      periods: 1,
    },
  ];
}

/** Returns the alarms of pushes, customers and erasures. */
function engagementAlarms({ engagement }: MonitoringStackProps): readonly AlarmSpec[] {
  return [
    {
      id: 'PushDecisionsFailed',
      staffNotice: 'Earlier buyers walk by and get no push, though a campaign runs.',
      entry: 'push-decisions-failed',
      metric: waitingIn(engagement.pushDecisionDeadLetters),
      threshold: 1,
      periods: 1,
    },
    {
      id: 'CustomersIteratorAge',
      staffNotice: 'Campaigns do not know yet what customers bought in the last minutes.',
      entry: 'customers-iterator-age',
      metric: ageOf(engagement.recordPurchases),
      threshold: ITERATOR_AGE_MS_MAX,
      periods: 3,
    },
    {
      id: 'GeofencesNotSynced',
      staffNotice: 'Customers get pushes for where a store was, or none for one that opened.',
      entry: 'geofences-not-synced',
      metric: engagement.syncGeofences.metricErrors({ period: FIVE_MINUTES }),
      threshold: SYNC_ERRORS_MAX,
      periods: 1,
    },
    {
      id: 'ErasureFailed',
      staffNotice: 'Nothing: but the data of a customer who requested erasure is not deleted yet.',
      entry: 'erasure-failed',
      metric: sumOf('failed', 'erasures that failed', MINUTE, [
        waitingIn(engagement.erasures.dead),
        engagement.erasePerson.metricErrors({ period: MINUTE }),
      ]),
      threshold: 1,
      periods: 1,
    },
  ];
}

export class MonitoringStack extends AisleStack {
  constructor(scope: Construct, props: MonitoringStackProps) {
    super(scope, 'Monitoring', props, 'Aisle: alarms and the dashboard');
    const topic = alarmTopic(this);
    const alarms = alarmSpecs(props).map(({ id, ...spec }) => new AisleAlarm(this, id, { ...spec, topic }));
    new AisleDashboard(this, 'Dashboard', { ...props, alarms });
  }
}

/** Engineers on duty subscribe to this topic by the console or a chat integration: people change more often than stacks. */
function alarmTopic(scope: AisleStack): Topic {
  const topic = new Topic(scope, 'Alarms', { displayName: `Aisle ${scope.stage}`, enforceSSL: true });
  // Its subscribers are not in the template: a topic that is replaced would lose them.
  (topic.node.defaultChild as CfnTopic).overrideLogicalId('Alarms');
  // This policy replaces the topic's default one, which admits the alarms of this account.
  topic.grantPublish(
    new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
  return topic;
}
