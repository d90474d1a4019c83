/**
 * Alarms and the dashboard: what tells the people who run Aisle before a shop has to.
 *
 * An alarm exists for what a shop would notice or what would be lost, not for every number that can move.
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
  figureTablesOf,
  lettersOf,
  oldestIn,
  sightTablesOf,
  sumOf,
  systemErrorsOf,
  throttlesOf,
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
const FOLD_AGE_MS_MAX = 120_000;
const SUMS_AGE_S_MAX = 120;

/** Rankings wait up to half a minute by design, and nobody reads them by the second. */
const RANKINGS_AGE_S_MAX = 300;

/** One failed invocation is tried again at once and mostly mends itself; this many in five minutes do not. */
const FOLD_ERRORS_MAX = 3;
const REQUESTS_FAILED_MAX = 5;

/** It runs each minute, and a run makes good what the one before it left. */
const VISITS_NOT_CLOSED_MAX = 3;

/** It runs each minute, and a run makes good what the one before it left. */
const FENCES_NOT_SYNCED_MAX = 3;

export interface MonitoringStackProps extends AisleStackProps {
  readonly data: DataStack;
  readonly ingest: IngestStack;
  readonly figures: FiguresStack;
  readonly sight: VisionStack;
  readonly near: EngagementStack;
  readonly web: WebStack;
}

export class MonitoringStack extends AisleStack {
  readonly #topic: Topic;

  constructor(scope: Construct, props: MonitoringStackProps) {
    super(scope, 'Watch', props, 'Aisle: alarms and the dashboard');
    const { data, ingest, sight, near, web } = props;
    this.#topic = alarmTopic(this);

    const alarms = [
      this.#alarm('CountEventsBehind', {
        staffNotice: 'Figures stop moving: screens show what was sold more than two minutes ago.',
        entry: 'count-events-behind',
        metric: ageOf(ingest.countEvents),
        threshold: FOLD_AGE_MS_MAX,
        periods: 3,
      }),
      this.#alarm('CountEventsErrors', {
        staffNotice: 'Figures of some stores move in jumps or stand still.',
        entry: 'count-events-errors',
        metric: ingest.countEvents.metricErrors({ period: FIVE_MINUTES }),
        threshold: FOLD_ERRORS_MAX,
        periods: 1,
      }),
      this.#alarm('DeadLetters', {
        staffNotice:
          'Some receipts are missing from the figures, and the totals of a till differ from its own.',
        entry: 'dead-letters',
        metric: lettersOf(ingest),
        threshold: 1,
        periods: 1,
      }),
      this.#alarm('DeadLettersNotKept', {
        staffNotice: 'Nothing yet: but receipts that could not be counted will be lost for good within days.',
        entry: 'dead-letters-not-kept',
        metric: waitingIn(ingest.deadLetterNotices.dead),
        threshold: 1,
        periods: 1,
      }),
      this.#alarm('RollUpBehind', {
        staffNotice: 'City, region and chain figures lag behind their stores by more than two minutes.',
        entry: 'roll-up-behind',
        metric: oldestIn(ingest.cellsChanged),
        threshold: SUMS_AGE_S_MAX,
        periods: 3,
      }),
      this.#alarm('RankingsBehind', {
        staffNotice: 'Product rankings of cities, regions and the chain are more than five minutes old.',
        entry: 'roll-up-behind',
        metric: oldestIn(ingest.productsChanged),
        threshold: RANKINGS_AGE_S_MAX,
        periods: 3,
      }),
      this.#alarm('RollUpDeadLetters', {
        staffNotice: 'City, region and chain figures do not add up to their stores until the next full hour.',
        entry: 'roll-up-dead-letters',
        metric: sumOf('dead', 'notices of change given up on', MINUTE, [
          waitingIn(ingest.cellsChanged.dead),
          waitingIn(ingest.productsChanged.dead),
        ]),
        threshold: 1,
        periods: 1,
      }),
      this.#alarm('RequestsFail', {
        staffNotice:
          'Screens show an error instead of figures, and tills keep their receipts to send them again.',
        entry: 'requests-fail',
        metric: web.gateway.metricServerError({ period: FIVE_MINUTES, statistic: Stats.SUM }),
        threshold: REQUESTS_FAILED_MAX,
        periods: 1,
      }),
      this.#alarm('TillsThrottled', {
        staffNotice: 'Tills report that receipts wait to be sent; figures fall behind the shop.',
        entry: 'tills-throttled',
        metric: ingest.ingestReceipts.metricThrottles({ period: FIVE_MINUTES }),
        threshold: 1,
        periods: 1,
      }),
      this.#alarm('DynamoDbThrottled', {
        staffNotice: 'Screens load slowly, and figures move later than usual.',
        entry: 'dynamodb-throttled',
        metric: throttlesOf(figureTablesOf(data)),
        threshold: 1,
        periods: 2,
      }),
      this.#alarm('VisitTablesThrottled', {
        staffNotice: 'Footfall moves later than usual, and cameras are told to send their frames again.',
        entry: 'dynamodb-throttled',
        metric: throttlesOf(sightTablesOf(data)),
        threshold: 1,
        periods: 2,
      }),
      this.#alarm('TrackVisitsBehind', {
        staffNotice: 'Footfall stops moving, while sales go on: screens show who came in minutes ago.',
        entry: 'track-visits-behind',
        metric: ageOf(sight.trackVisits),
        threshold: FOLD_AGE_MS_MAX,
        periods: 3,
      }),
      this.#alarm('VisitsNotClosed', {
        staffNotice: 'Shops seem to fill up: people who left are still counted as inside.',
        entry: 'visits-not-closed',
        metric: sight.closeVisits.metricErrors({ period: FIVE_MINUTES }),
        threshold: VISITS_NOT_CLOSED_MAX,
        periods: 1,
      }),
      this.#alarm('FacesNotSwept', {
        staffNotice: 'Nothing: but a face may be kept that the law of the store does not let it keep.',
        entry: 'faces-not-swept',
        metric: sumOf('unswept', 'frames whose faces could not be swept', MINUTE, [
          waitingIn(sight.framesToCheck.dead),
          sight.purgeFaces.metricErrors({ period: MINUTE }),
        ]),
        threshold: 1,
        periods: 1,
      }),
      this.#alarm('PushesNotDecided', {
        staffNotice: 'Earlier buyers walk by and hear nothing, though a campaign runs.',
        entry: 'pushes-not-decided',
        metric: waitingIn(near.greetings),
        threshold: 1,
        periods: 1,
      }),
      this.#alarm('BuyersBehind', {
        staffNotice: 'Campaigns do not know yet what customers bought in the last minutes.',
        entry: 'buyers-behind',
        metric: ageOf(near.projectCustomers),
        threshold: FOLD_AGE_MS_MAX,
        periods: 3,
      }),
      this.#alarm('FencesNotSynced', {
        staffNotice: 'A store that was opened, moved or closed is still greeted for where it was.',
        entry: 'fences-not-synced',
        metric: near.syncGeofences.metricErrors({ period: FIVE_MINUTES }),
        threshold: FENCES_NOT_SYNCED_MAX,
        periods: 1,
      }),
      this.#alarm('NotForgotten', {
        staffNotice: 'Nothing: but somebody who asked to be forgotten is not forgotten yet.',
        entry: 'not-forgotten',
        metric: sumOf('kept', 'erasures that failed', MINUTE, [
          waitingIn(near.erasures.dead),
          near.erasePerson.metricErrors({ period: MINUTE }),
        ]),
        threshold: 1,
        periods: 1,
      }),
      this.#alarm('DynamoDbErrors', {
        staffNotice: 'Screens show an error now and then, and figures move later than usual.',
        entry: 'dynamodb-errors',
        metric: systemErrorsOf(data),
        threshold: 1,
        periods: 2,
      }),
    ];
    new AisleDashboard(this, 'Dashboard', { ...props, alarms });
  }

  #alarm(id: string, props: Omit<AisleAlarmProps, 'topic'>): AisleAlarm {
    return new AisleAlarm(this, id, { ...props, topic: this.#topic });
  }
}

/** Whoever is on duty subscribes here, by the console or a chat's integration: people change more often than stacks. */
function alarmTopic(scope: AisleStack): Topic {
  const topic = new Topic(scope, 'Alarms', { displayName: `Aisle ${scope.stage}`, enforceSSL: true });
  // Its subscribers are nowhere in the source: a topic that is replaced wakes nobody.
  (topic.node.defaultChild as CfnTopic).overrideLogicalId('Alarms');
  // A policy of one's own replaces the topic's default, which let the alarms of this account in.
  topic.grantPublish(
    new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
  return topic;
}
