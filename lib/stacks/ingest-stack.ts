/**
 * From the till to the cell: the event stream, the functions that append to it and count it, and the dead letters.
 */
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { type CfnStream, Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';
import { env } from '#contracts/env.ts';
import { AisleFunction } from '../constructs/aisle-function.ts';
import { AisleQueue } from '../constructs/aisle-queue.ts';
import { AisleStack, type AisleStackProps } from '../constructs/aisle-stack.ts';
import { consumeQueue, consumeStream } from '../constructs/event-sources.ts';
import type { DataStack } from './data-stack.ts';

/** Time to fix a fault of the consumers, a long weekend included, before records expire. */
const EVENTS_RETENTION = Duration.days(7);

/** AWS recommends six times the consumer's timeout, so that no message is redelivered while it is being processed. */
const CONSUMER_TIMEOUT = Duration.seconds(30);
const VISIBILITY_PER_TIMEOUT = 6;
const CONSUMER_VISIBILITY = Duration.seconds(CONSUMER_TIMEOUT.toSeconds() * VISIBILITY_PER_TIMEOUT);

/** Sums that do not fit into a run go back to the queue; a minute is enough for any single one. */
export const ROLL_UP_TIMEOUT = Duration.seconds(60);

/** Each notice refers to up to one batch of the stream, which is read again within the timeout. */
const NOTICES_AT_ONCE_MAX = 10;

/** The longest retention of SQS; the stream, which has the bytes, expires sooner. */
const NOTICES_RETENTION = Duration.days(14);

export interface IngestStackProps extends AisleStackProps {
  readonly data: DataStack;
}

export class IngestStack extends AisleStack {
  readonly events: Stream;
  readonly cellsChanged: AisleQueue;
  readonly productsChanged: AisleQueue;
  readonly deadLetterNotices: AisleQueue;
  readonly authorizeDevice: AisleFunction;
  readonly ingestReceipts: AisleFunction;
  readonly countEvents: AisleFunction;
  readonly storeDeadLetters: AisleFunction;

  constructor(scope: Construct, props: IngestStackProps) {
    super(scope, 'Ingest', props, 'Aisle: events in, cells counted');
    const { chain, devices, facts, cells, deadLetters } = props.data;

    this.events = new Stream(this, 'Events', {
      streamMode: StreamMode.ON_DEMAND,
      encryption: StreamEncryption.MANAGED,
      retentionPeriod: EVENTS_RETENTION,
      removalPolicy: this.removalPolicy,
    });
    (this.events.node.defaultChild as CfnStream).overrideLogicalId('Events');
    const visibilityTimeout = Duration.seconds(ROLL_UP_TIMEOUT.toSeconds() * VISIBILITY_PER_TIMEOUT);
    this.cellsChanged = new AisleQueue(this, 'CellsChanged', { visibilityTimeout });
    this.productsChanged = new AisleQueue(this, 'ProductsChanged', { visibilityTimeout });
    this.deadLetterNotices = new AisleQueue(this, 'DeadLetterNotices', {
      visibilityTimeout: CONSUMER_VISIBILITY,
      retention: NOTICES_RETENTION,
    });

    this.authorizeDevice = new AisleFunction(this, {
      folder: 'authorize-device',
      description: 'Authorizes devices by their key',
      timeout: Duration.seconds(5),
    }).usesTable(env.devicesTable, devices, 'GetItem');

    this.ingestReceipts = new AisleFunction(this, {
      folder: 'ingest-receipts',
      description: 'Validates receipts and appends them to the stream',
      timeout: Duration.seconds(10),
    })
      .usesTable(env.chainTable, chain, 'GetItem')
      .usesStream(env.eventsStream, this.events);

    this.countEvents = new AisleFunction(this, {
      folder: 'count-events',
      description: 'Claims each event once and adds it to the cells of its store',
      timeout: Duration.minutes(3),
    })
      .usesTable(env.factsTable, facts, 'GetItem', 'BatchGetItem', 'PutItem', 'Query')
      .usesTable(env.cellsTable, cells, 'GetItem', 'UpdateItem')
      .usesTable(env.deadLettersTable, deadLetters, 'PutItem')
      .usesQueue(env.changesQueueUrl, this.cellsChanged)
      .usesQueue(env.productChangesQueueUrl, this.productsChanged);
    consumeStream(this.countEvents, this.events, this.deadLetterNotices);

    this.storeDeadLetters = new AisleFunction(this, {
      folder: 'store-dead-letters',
      description: 'Stores events that exhausted their retries, with their bytes and the reason',
      timeout: CONSUMER_TIMEOUT,
    })
      .usesTable(env.deadLettersTable, deadLetters, 'PutItem')
      .may(this.events.streamArn, 'kinesis:GetRecords', 'kinesis:GetShardIterator');
    consumeQueue(this.storeDeadLetters, this.deadLetterNotices, { batchSize: NOTICES_AT_ONCE_MAX });

    // Read by the `aisle` command, from the file of `cdk deploy --outputs-file`.
    new CfnOutput(this, 'EventsStream', { value: this.events.streamName });
    new CfnOutput(this, 'CellsChangedUrl', { value: this.cellsChanged.queueUrl });
    new CfnOutput(this, 'ProductsChangedUrl', { value: this.productsChanged.queueUrl });
  }
}
