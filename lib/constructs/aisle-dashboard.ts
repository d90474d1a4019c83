/** One page that answers, top to bottom, in the order somebody asks: is it wrong, where do receipts stop, why. */
import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  PeriodOverride,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { DataStack } from '../stacks/data-stack.ts';
import type { EngagementStack } from '../stacks/engagement-stack.ts';
import type { FiguresStack } from '../stacks/figures-stack.ts';
import type { IngestStack } from '../stacks/ingest-stack.ts';
import type { VisionStack } from '../stacks/vision-stack.ts';
import type { WebStack } from '../stacks/web-stack.ts';
import type { AisleStack } from './aisle-stack.ts';
import {
  ageOf,
  figureTablesOf,
  deadLettersOf,
  oldestIn,
  visionTablesOf,
  systemErrorsOf,
  throttlesOf,
  waitingIn,
} from './metrics.ts';

/** CloudWatch's grid is 24 wide. */
const FULL_WIDTH = 24;
const THIRD_WIDTH = 8;

const MINUTE = Duration.minutes(1);

export interface AisleDashboardProps {
  readonly data: DataStack;
  readonly ingest: IngestStack;
  readonly figures: FiguresStack;
  readonly vision: VisionStack;
  readonly engagement: EngagementStack;
  readonly web: WebStack;
  readonly alarms: readonly Alarm[];
}

export class AisleDashboard extends Dashboard {
  constructor(scope: AisleStack, id: string, props: AisleDashboardProps) {
    super(scope, id, {
      dashboardName: `${scope.stage}-Aisle`,
      defaultInterval: Duration.hours(3),
      periodOverride: PeriodOverride.INHERIT,
    });
    const { data, ingest, figures, vision, engagement, alarms } = props;
    const { gateway } = props.web;
    const functions = [
      ingest.authorizeDevice,
      ingest.ingestReceipts,
      ingest.countEvents,
      ingest.storeDeadLetters,
      figures.rollUp,
      figures.readFigures,
      figures.rankProducts,
      figures.listStores,
      figures.serveDocs,
      vision.ingestSightings,
      vision.recogniseFaces,
      vision.purgeFaces,
      vision.trackVisits,
      vision.closeVisits,
      vision.readVisits,
      vision.readHeatmap,
      engagement.registerPhone,
      engagement.recordConsents,
      engagement.ingestPositions,
      engagement.decidePush,
      engagement.followLink,
      engagement.syncGeofences,
      engagement.projectCustomers,
      engagement.editCampaigns,
      engagement.reportCampaigns,
      engagement.readCustomer,
      engagement.erasePerson,
    ];
    this.addWidgets(new AlarmStatusWidget({ title: 'Alarms', width: FULL_WIDTH, alarms: [...alarms] }));
    this.addWidgets(
      graph('Receipts and requests', [
        gateway.metricCount({ period: MINUTE, label: 'requests' }),
        ingest.events.metricIncomingRecords({ period: MINUTE, label: 'events taken' }),
      ]),
      graph('Refused and failed requests', [
        gateway.metricClientError({ period: MINUTE, label: 'refused (4xx)' }),
        gateway.metricServerError({ period: MINUTE, label: 'failed (5xx)' }),
      ]),
      graph('Time to answer, ms', [
        gateway.metricLatency({ period: MINUTE, statistic: Stats.p(50), label: 'half of them' }),
        gateway.metricLatency({ period: MINUTE, statistic: Stats.p(99), label: '99 of 100' }),
      ]),
    );
    this.addWidgets(
      graph('Age of events when folded, ms', [ageOf(ingest.countEvents), ageOf(vision.trackVisits)]),
      graph('Age of changes not yet summed, s', [
        oldestIn(ingest.cellsChanged),
        oldestIn(ingest.productsChanged),
      ]),
      graph('Dead letters', [
        deadLettersOf(ingest),
        waitingIn(ingest.deadLetterNotices.dead),
        waitingIn(ingest.cellsChanged.dead),
        waitingIn(ingest.productsChanged.dead),
        waitingIn(vision.framesToCheck.dead),
      ]),
    );
    this.addWidgets(
      graph(
        'Failed invocations',
        functions.map((fn) => fn.metricErrors({ period: MINUTE, label: fn.folder })),
      ),
      graph(
        'Duration, 99 of 100, ms',
        functions.map((fn) =>
          fn.metricDuration({ period: MINUTE, statistic: Stats.p(99), label: fn.folder }),
        ),
      ),
      graph('DynamoDB', [throttlesOf(figureTablesOf(data)), systemErrorsOf(data)]),
      graph('DynamoDB, visits and faces', [throttlesOf(visionTablesOf(data))]),
    );
  }
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: THIRD_WIDTH });
}
