/**
 * From what cameras and sensors see to visits: who may post it, the collection of faces that may be known, and the
 * functions that join sightings into visits and serve them.
 *
 * It is a stack of its own because a chain may run without it: where no law, no sign and no wish lets a store look at
 * people, nothing here is ever called.
 */
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { CfnCollection } from 'aws-cdk-lib/aws-rekognition';
import type { Construct } from 'constructs';
import { env } from '#contracts/env.ts';
import { AisleFunction } from '../constructs/aisle-function.ts';
import { AisleQueue } from '../constructs/aisle-queue.ts';
import { AisleStack, type AisleStackProps } from '../constructs/aisle-stack.ts';
import { consumeQueue, consumeStream } from '../constructs/event-sources.ts';
import type { DataStack } from './data-stack.ts';
import type { IngestStack } from './ingest-stack.ts';

/** A frame with thirty faces is thirty searches; what takes longer than this is swept. */
const FRAME_TIMEOUT = Duration.seconds(10);

/** A frame of 4 MB is held three times over: as the request, as bytes and on its way to the service. */
const FRAME_MEMORY_MB = 1024;

/** A sweep reads the collection page by page. */
const SWEEP_TIMEOUT = Duration.seconds(60);
const VISIBILITY_PER_TIMEOUT = 6;
const FRAMES_AT_ONCE_MAX = 10;

const READER_TIMEOUT = Duration.seconds(29);

export interface VisionStackProps extends AisleStackProps {
  readonly data: DataStack;
  readonly ingest: IngestStack;
}

export class VisionStack extends AisleStack {
  readonly collection: CfnCollection;
  readonly framesToCheck: AisleQueue;
  readonly ingestSightings: AisleFunction;
  readonly recogniseFaces: AisleFunction;
  readonly purgeFaces: AisleFunction;
  readonly trackVisits: AisleFunction;
  readonly closeVisits: AisleFunction;
  readonly readVisits: AisleFunction;
  readonly readHeatmap: AisleFunction;

  constructor(scope: Construct, props: VisionStackProps) {
    super(scope, 'Vision', props, 'Aisle: frames and sightings in, visits out');
    const { chain, cells, facts, faces, visits } = props.data;
    const { events, deadLetterNotices } = props.ingest;

    this.collection = new CfnCollection(this, 'KnownFaces', { collectionId: `${this.stage}-aisle-faces` });
    this.collection.applyRemovalPolicy(this.removalPolicy);
    const { collection } = this;
    this.framesToCheck = new AisleQueue(this, 'FramesToCheck', {
      visibilityTimeout: Duration.seconds(SWEEP_TIMEOUT.toSeconds() * VISIBILITY_PER_TIMEOUT),
    });

    this.ingestSightings = new AisleFunction(this, {
      folder: 'ingest-sightings',
      description: 'Takes what people sensors and door counters tell and puts it on the stream',
      timeout: FRAME_TIMEOUT,
    })
      .usesTable(env.chainTable, chain, 'GetItem')
      .usesTable(env.facesTable, faces, ...FACE_ROW_ACTIONS)
      .usesStream(env.eventsStream, events)
      .usesQueue(env.framesQueueUrl, this.framesToCheck)
      .usesCollection(env.collectionId, collection, ...SEE_ACTIONS);

    this.recogniseFaces = new AisleFunction(this, {
      folder: 'recognise-faces',
      description: 'Looks at a camera frame as far as the law of the store permits, and keeps no picture',
      timeout: FRAME_TIMEOUT,
      memoryMb: FRAME_MEMORY_MB,
    })
      .usesTable(env.chainTable, chain, 'GetItem')
      .usesTable(env.facesTable, faces, ...FACE_ROW_ACTIONS)
      .usesStream(env.eventsStream, events)
      .usesQueue(env.framesQueueUrl, this.framesToCheck)
      .usesCollection(env.collectionId, collection, ...SEE_ACTIONS);

    this.purgeFaces = new AisleFunction(this, {
      folder: 'purge-faces',
      description: 'Removes faces that a crash left behind, and those kept long enough',
      timeout: SWEEP_TIMEOUT,
    })
      .usesTable(env.chainTable, chain, 'GetItem', 'Query')
      .usesTable(env.facesTable, faces, ...FACE_ROW_ACTIONS)
      .usesStream(env.eventsStream, events)
      .usesCollection(env.collectionId, collection, ...SEE_ACTIONS);
    consumeQueue(this.purgeFaces, this.framesToCheck, { batchSize: FRAMES_AT_ONCE_MAX });
    new Rule(this, 'PurgeFacesHourly', {
      description: 'Forgets visitors that have been kept for as long as their store may',
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new LambdaTarget(this.purgeFaces)],
    });

    this.trackVisits = new AisleFunction(this, {
      folder: 'track-visits',
      description: 'Joins sightings into visits',
      timeout: Duration.minutes(1),
    })
      .usesTable(env.visitsTable, visits, 'GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem')
      .usesStream(env.eventsStream, events);
    consumeStream(this.trackVisits, events, deadLetterNotices);

    this.closeVisits = new AisleFunction(this, {
      folder: 'close-visits',
      description: 'Ends visits of people who have not been seen for a quarter of an hour',
      timeout: Duration.seconds(50),
    })
      .usesTable(env.visitsTable, visits, 'GetItem', 'BatchGetItem', 'Query', 'PutItem')
      .usesStream(env.eventsStream, events);
    new Rule(this, 'CloseVisitsEachMinute', {
      description: 'Looks for visits that are over',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaTarget(this.closeVisits)],
    });

    this.readVisits = new AisleFunction(this, {
      folder: 'read-visits',
      description: 'Serves the visits of a store, and the way of each through it',
      timeout: READER_TIMEOUT,
    })
      .usesTable(env.chainTable, chain, 'GetItem', 'Query')
      .usesTable(env.visitsTable, visits, 'GetItem', 'Query')
      .usesTable(env.factsTable, facts, 'Query');

    this.readHeatmap = new AisleFunction(this, {
      folder: 'read-heatmap',
      description: 'Serves how many people were where and for how long',
      timeout: READER_TIMEOUT,
    })
      .usesTable(env.chainTable, chain, 'GetItem', 'Query')
      .usesTable(env.cellsTable, cells, 'Query')
      .usesTable(env.visitsTable, visits, 'Query');

    // What the `aisle` command needs to know, from the file of `cdk deploy --outputs-file`.
    new CfnOutput(this, 'FacesCollection', { value: collection.ref });
  }
}

/** Frames are claimed and answered from their rows; users come, are joined and are forgotten. */
const FACE_ROW_ACTIONS = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'] as const;

/** To know a face: index it, search it, keep it or let go of it; and to find what a crash has left. */
const SEE_ACTIONS = [
  'IndexFaces',
  'SearchFaces',
  'SearchUsers',
  'CreateUser',
  'DeleteUser',
  'AssociateFaces',
  'DisassociateFaces',
  'DeleteFaces',
  'ListFaces',
] as const;
