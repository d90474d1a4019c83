/**
 * From the till to the counted cell: the stream of events, who may write to it, who folds it, and where the events
 * go that cannot be folded.
 */
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { type CfnStream, Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';
import { env } from '#contracts/env.ts';
import { AisleStack, type AisleStackProps } from '../constructs/aisle-stack.ts';
import { consumeQueue, consumeStream } from '../constructs/event-sources.ts';
import { FolderFunction } from '../constructs/folder-function.ts';
import { HouseQueue } from '../constructs/house-queue.ts';
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
  readonly cellsChanged: HouseQueue;
  readonly productsChanged: HouseQueue;
  readonly deadLetterNotices: HouseQueue;
  readonly authorizeDevice: FolderFunction;
  readonly takeReceipts: FolderFunction;
  readonly foldStore: FolderFunction;
  readonly keepDeadLetters: FolderFunction;

  constructor(scope: Construct, props: IngestStackProps) {
    super(scope, 'Ingest', props, 'Aisle: events in, cells counted');
    const { chain, devices, facts, cells, letters } = props.data;

    this.events = new Stream(this, 'Events', {
      streamMode: StreamMode.ON_DEMAND,
      encryption: StreamEncryption.MANAGED,
      retentionPeriod: EVENTS_RETENTION,
      removalPolicy: this.removalPolicy,
    });
    (this.events.node.defaultChild as CfnStream).overrideLogicalId('Events');
    const visibilityTimeout = Duration.seconds(ROLL_UP_TIMEOUT.toSeconds() * VISIBILITY_PER_TIMEOUT);
    this.cellsChanged = new HouseQueue(this, 'CellsChanged', { visibilityTimeout });
    this.productsChanged = new HouseQueue(this, 'ProductsChanged', { visibilityTimeout });
    this.deadLetterNotices = new HouseQueue(this, 'DeadLetterNotices', {
      visibilityTimeout: CONSUMER_VISIBILITY,
      retention: NOTICES_RETENTION,
    });

    this.authorizeDevice = new FolderFunction(this, {
      folder: 'authorize-device',
      description: 'Knows a till or a sensor by its key',
      timeout: Duration.seconds(5),
    }).usesTable(env.devicesTable, devices, 'GetItem');

    this.takeReceipts = new FolderFunction(this, {
      folder: 'take-receipts',
      description: 'Takes receipts from the tills and puts them on the stream',
      timeout: Duration.seconds(10),
    })
      .usesTable(env.chainTable, chain, 'GetItem')
      .usesStream(env.eventsStream, this.events);

    this.foldStore = new FolderFunction(this, {
      folder: 'fold-store',
      description: 'Claims each event once and adds it to the cells of its store',
      timeout: Duration.minutes(3),
    })
      .usesTable(env.factsTable, facts, 'PutItem', 'Query')
      .usesTable(env.cellsTable, cells, 'UpdateItem')
      .usesTable(env.lettersTable, letters, 'PutItem')
      .usesQueue(env.changesQueueUrl, this.cellsChanged)
      .usesQueue(env.productChangesQueueUrl, this.productsChanged);
    consumeStream(this.foldStore, this.events, this.deadLetterNotices);

    this.keepDeadLetters = new FolderFunction(this, {
      folder: 'keep-dead-letters',
      description: 'Fetches the bytes of what could not be folded and keeps them',
      timeout: CONSUMER_TIMEOUT,
    })
      .usesTable(env.lettersTable, letters, 'PutItem')
      .may(this.events.streamArn, 'kinesis:GetRecords', 'kinesis:GetShardIterator');
    consumeQueue(this.keepDeadLetters, this.deadLetterNotices, { batchSize: NOTICES_AT_ONCE_MAX });

    // What the `aisle` command needs to know, from the file of `cdk deploy --outputs-file`.
    new CfnOutput(this, 'EventsStream', { value: this.events.streamName });
    new CfnOutput(this, 'CellsChangedUrl', { value: this.cellsChanged.queueUrl });
    new CfnOutput(this, 'ProductsChangedUrl', { value: this.productsChanged.queueUrl });
  }
}
