/**
 * From the cells of the stores to the figures people read: the sums of cities, regions and the chain, and the
 * functions behind the routes that serve them.
 */
import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { env } from '#contracts/env.ts';
import { AisleFunction } from '../constructs/aisle-function.ts';
import { AisleStack, type AisleStackProps } from '../constructs/aisle-stack.ts';
import { consumeQueue } from '../constructs/event-sources.ts';
import type { DataStack } from './data-stack.ts';
import { type IngestStack, ROLL_UP_TIMEOUT } from './ingest-stack.ts';

/** How long a change of a store's cell may wait for company before its city, region and chain are summed again. */
const CELLS_WINDOW = Duration.seconds(1);

/** Nobody watches a ranking by the second, and summing thousands of products costs what it costs. */
const PRODUCTS_WINDOW = Duration.seconds(30);

/** A thousand notices name a handful of cities; the more come together, the fewer sums are made. */
const ROLL_UP_BATCH_SIZE = 1000;

/** The least SQS allows. Sums overwrite one another, so more of them at once would only repeat each other's work. */
const ROLL_UPS_AT_ONCE_MAX = 2;

/** Screens wait for these; API Gateway itself gives up at 30 s. */
const READER_TIMEOUT = Duration.seconds(29);

/** A whole processor: years of days of products are unpacked and summed while somebody waits. */
const RANKING_MEMORY_MB = 1769;

export interface FiguresStackProps extends AisleStackProps {
  readonly data: DataStack;
  readonly ingest: IngestStack;
}

export class FiguresStack extends AisleStack {
  readonly rollUp: AisleFunction;
  readonly readFigures: AisleFunction;
  readonly rankProducts: AisleFunction;
  readonly listStores: AisleFunction;
  readonly serveDocs: AisleFunction;

  constructor(scope: Construct, props: FiguresStackProps) {
    super(scope, 'Figures', props, 'Aisle: sums and the functions that serve them');
    const { chain, cells } = props.data;
    const { cellsChanged, productsChanged } = props.ingest;

    this.rollUp = new AisleFunction(this, {
      folder: 'roll-up',
      description: 'Sums the cells of stores into cities, regions and the chain',
      timeout: ROLL_UP_TIMEOUT,
    })
      .usesTable(env.chainTable, chain, 'Query', 'BatchGetItem')
      .usesTable(env.cellsTable, cells, 'GetItem', 'BatchGetItem', 'Query', 'PutItem')
      .usesQueue(env.changesQueueUrl, cellsChanged)
      .usesQueue(env.productChangesQueueUrl, productsChanged);
    const together = { batchSize: ROLL_UP_BATCH_SIZE, maxConcurrency: ROLL_UPS_AT_ONCE_MAX };
    consumeQueue(this.rollUp, cellsChanged, { ...together, maxBatchingWindow: CELLS_WINDOW });
    consumeQueue(this.rollUp, productsChanged, { ...together, maxBatchingWindow: PRODUCTS_WINDOW });
    // A notice of change may be lost between the cell and the queue; an hour later the sums are right all the same.
    new Rule(this, 'RollUpHourly', {
      description: 'Sums today and yesterday again, whatever was or was not announced',
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new LambdaTarget(this.rollUp, { event: RuleTargetInput.fromObject({ source: 'schedule' }) })],
    });

    this.readFigures = new AisleFunction(this, {
      folder: 'read-figures',
      description: 'Serves the figures of a store, city, region or the chain',
      timeout: READER_TIMEOUT,
    })
      .usesTable(env.chainTable, chain, 'GetItem', 'Query')
      .usesTable(env.cellsTable, cells, 'Query');

    this.rankProducts = new AisleFunction(this, {
      folder: 'rank-products',
      description: 'Serves the best and worst selling products',
      timeout: READER_TIMEOUT,
      memoryMb: RANKING_MEMORY_MB,
    })
      .usesTable(env.chainTable, chain, 'GetItem', 'Query')
      .usesTable(env.cellsTable, cells, 'GetItem', 'Query');

    this.listStores = new AisleFunction(this, {
      folder: 'list-stores',
      description: 'Serves the stores that the caller may see',
      timeout: READER_TIMEOUT,
    }).usesTable(env.chainTable, chain, 'GetItem', 'Query');

    this.serveDocs = new AisleFunction(this, {
      folder: 'serve-docs',
      description: 'Serves the OpenAPI document and its page',
      timeout: READER_TIMEOUT,
    });
  }
}
