/** The dashboard: alarms first, then the path of a receipt from request to figure, then the causes. */
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
import type { AisleFunction } from './aisle-function.ts';
import type { AisleStack } from './aisle-stack.ts';
import {
  ageOf,
  deadLettersOf,
  figureTablesOf,
  oldestIn,
  systemErrorsOf,
  throttlesOf,
  visionTablesOf,
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
    const { alarms } = props;
    this.addWidgets(new AlarmStatusWidget({ title: 'Alarms', width: FULL_WIDTH, alarms: [...alarms] }));
    this.addWidgets(...requestGraphs(props));
    this.addWidgets(...delayGraphs(props));
    this.addWidgets(...causeGraphs(props));
  }
}

/** Returns every function, in the order of the stacks. */
function functionsOf({ ingest, figures, vision, engagement }: AisleDashboardProps): AisleFunction[] {
  return [
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
    engagement.recordPushOpen,
    engagement.ingestPositions,
    engagement.decidePush,
    engagement.followLink,
    engagement.syncGeofences,
    engagement.recordPurchases,
    engagement.editCampaigns,
    engagement.reportCampaigns,
    engagement.readCustomer,
    engagement.erasePerson,
  ];
}

/** Returns the graphs of requests and appended events. */
function requestGraphs({ ingest, web: { gateway } }: AisleDashboardProps): GraphWidget[] {
  return [
    graph('Requests and events', [
      gateway.metricCount({ period: MINUTE, label: 'requests' }),
      ingest.events.metricIncomingRecords({ period: MINUTE, label: 'events appended' }),
    ]),
    graph('Rejected and failed requests', [
      gateway.metricClientError({ period: MINUTE, label: 'rejected (4xx)' }),
      gateway.metricServerError({ period: MINUTE, label: 'failed (5xx)' }),
    ]),
    graph('Response time, ms', [
      gateway.metricLatency({ period: MINUTE, statistic: Stats.p(50), label: 'p50' }),
      gateway.metricLatency({ period: MINUTE, statistic: Stats.p(99), label: 'p99' }),
    ]),
  ];
}

/** Returns the graphs of events and changes that wait or failed. */
function delayGraphs({ ingest, vision }: AisleDashboardProps): GraphWidget[] {
  return [
    graph('Age of events when counted, ms', [ageOf(ingest.countEvents), ageOf(vision.trackVisits)]),
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
  ];
}

/** Returns the graphs of functions and tables. */
function causeGraphs(props: AisleDashboardProps): GraphWidget[] {
  const { data } = props;
  const functions = functionsOf(props);
  return [
    graph(
      'Failed invocations',
      functions.map((fn) => fn.metricErrors({ period: MINUTE, label: fn.folder })),
    ),
    graph(
      'Duration p99, ms',
      functions.map((fn) => fn.metricDuration({ period: MINUTE, statistic: Stats.p(99), label: fn.folder })),
    ),
    graph('DynamoDB', [throttlesOf(figureTablesOf(data)), systemErrorsOf(data)]),
    graph('DynamoDB, visits and faces', [throttlesOf(visionTablesOf(data))]),
  ];
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: THIRD_WIDTH });
}
