/**
 * From the till to the counted cell: the stream of events, who may write to it, who folds it, and where the events
 * go that cannot be folded.
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

/** A long weekend to find and repair what stops the folding, before the stream forgets. */
const EVENTS_RETENTION = Duration.days(7);

/** AWS asks for six times the consumer's timeout, so that no message comes back while it is still being handled. */
const CONSUMER_TIMEOUT = Duration.seconds(30);
const VISIBILITY_PER_TIMEOUT = 6;
const CONSUMER_VISIBILITY = Duration.seconds(CONSUMER_TIMEOUT.toSeconds() * VISIBILITY_PER_TIMEOUT);

/** Sums that there is no time for are put back into the queue; a minute is long enough for any single one. */
export const ROLL_UP_TIMEOUT = Duration.seconds(60);

/** Each notice stands for up to a batch of the stream, which has to be read again in the time there is. */
const NOTICES_AT_ONCE_MAX = 10;

/** SQS keeps nothing longer; the stream, where the bytes still are, forgets sooner. */
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
      description: 'Knows a till or a sensor by its key',
      timeout: Duration.seconds(5),
    }).usesTable(env.devicesTable, devices, 'GetItem');

    this.ingestReceipts = new AisleFunction(this, {
      folder: 'ingest-receipts',
      description: 'Takes receipts from the tills and puts them on the stream',
      timeout: Duration.seconds(10),
    })
      .usesTable(env.chainTable, chain, 'GetItem')
      .usesStream(env.eventsStream, this.events);

    this.countEvents = new AisleFunction(this, {
      folder: 'count-events',
      description: 'Claims each event once and adds it to the cells of its store',
      timeout: Duration.minutes(3),
    })
      .usesTable(env.factsTable, facts, 'PutItem', 'Query')
      .usesTable(env.cellsTable, cells, 'UpdateItem')
      .usesTable(env.deadLettersTable, deadLetters, 'PutItem')
      .usesQueue(env.changesQueueUrl, this.cellsChanged)
      .usesQueue(env.productChangesQueueUrl, this.productsChanged);
    consumeStream(this.countEvents, this.events, this.deadLetterNotices);

    this.storeDeadLetters = new AisleFunction(this, {
      folder: 'store-dead-letters',
      description: 'Fetches the bytes of what could not be folded and keeps them',
      timeout: CONSUMER_TIMEOUT,
    })
      .usesTable(env.deadLettersTable, deadLetters, 'PutItem')
      .may(this.events.streamArn, 'kinesis:GetRecords', 'kinesis:GetShardIterator');
    consumeQueue(this.storeDeadLetters, this.deadLetterNotices, { batchSize: NOTICES_AT_ONCE_MAX });

    // What the `aisle` command needs to know, from the file of `cdk deploy --outputs-file`.
    new CfnOutput(this, 'EventsStream', { value: this.events.streamName });
    new CfnOutput(this, 'CellsChangedUrl', { value: this.cellsChanged.queueUrl });
    new CfnOutput(this, 'ProductsChangedUrl', { value: this.productsChanged.queueUrl });
  }
}
