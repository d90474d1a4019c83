/**
 * From cells to figures: the sums of cities, regions and the chain, and the functions that return figures, rankings and
 * the API description.
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

/** How long changes of cells are collected before cities, regions and the chain are summed again. */
const CELLS_WINDOW = Duration.seconds(1);

/** Rankings are not read by the second, and summing thousands of products is expensive. */
const PRODUCTS_WINDOW = Duration.seconds(30);

/** A thousand notices name few cities; the larger the batch, the fewer sums. */
const ROLL_UP_BATCH_SIZE = 1000;

/** The minimum of SQS. Sums overwrite one another, so more concurrency would only repeat work. */
const ROLL_UPS_AT_ONCE_MAX = 2;

/** API Gateway itself times out at 30 s. */
const READER_TIMEOUT = Duration.seconds(29);

/** One full vCPU: years of product days are unpacked and summed while the caller waits. */
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
    super(scope, 'Figures', props, 'Aisle: sums and the functions that return figures');
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
    // A change notice may be lost between cell and queue; the hourly run corrects the sums.
    new Rule(this, 'RollUpHourly', {
      description: 'Sums today and yesterday again, regardless of notices',
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new LambdaTarget(this.rollUp, { event: RuleTargetInput.fromObject({ source: 'schedule' }) })],
    });

    this.readFigures = new AisleFunction(this, {
      folder: 'read-figures',
      description: 'Returns the figures of a store, city, region or the chain',
      timeout: READER_TIMEOUT,
    })
      .usesTable(env.chainTable, chain, 'GetItem', 'Query')
      .usesTable(env.cellsTable, cells, 'Query');

    this.rankProducts = new AisleFunction(this, {
      folder: 'rank-products',
      description: 'Returns the best selling and most returned products',
      timeout: READER_TIMEOUT,
      memoryMb: RANKING_MEMORY_MB,
    })
      .usesTable(env.chainTable, chain, 'GetItem', 'Query')
      .usesTable(env.cellsTable, cells, 'GetItem', 'Query');

    this.listStores = new AisleFunction(this, {
      folder: 'list-stores',
      description: 'Returns the stores that the caller may read',
      timeout: READER_TIMEOUT,
    }).usesTable(env.chainTable, chain, 'GetItem', 'Query');

    this.serveDocs = new AisleFunction(this, {
      folder: 'serve-docs',
      description: 'Returns the OpenAPI document and its page',
      timeout: READER_TIMEOUT,
    });
  }
}
