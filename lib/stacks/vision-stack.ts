/**
 * Cameras and sensors in, visits out: the collection of face users, and the functions that ingest frames and sightings,
 * join them into visits and return these.
 *
 * A stack of its own, because a chain can run without it: with faces and sensors off, receipts and figures still work.
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

/** A frame with thirty faces takes thirty searches; faces of a run that takes longer are purged. */
const FRAME_TIMEOUT = Duration.seconds(10);

/** A frame of 4 MB is in memory three times: as the request, as bytes and as the call to the service. */
const FRAME_MEMORY_MB = 1024;

/** A purge reads the collection page by page. */
const PURGE_TIMEOUT = Duration.seconds(60);
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
    const { data } = props;
    this.collection = new CfnCollection(this, 'KnownFaces', { collectionId: `${this.stage}-aisle-faces` });
    this.collection.applyRemovalPolicy(this.removalPolicy);
    this.framesToCheck = new AisleQueue(this, 'FramesToCheck', {
      visibilityTimeout: Duration.seconds(PURGE_TIMEOUT.toSeconds() * VISIBILITY_PER_TIMEOUT),
    });
    this.ingestSightings = this.#pictureFunction(props, {
      folder: 'ingest-sightings',
      description: 'Appends what people sensors and door counters report to the stream',
      timeout: FRAME_TIMEOUT,
    })
      // Consents of members; a customer whose creation crashed is completed by the function that finds it.
      .usesTable(env.peopleTable, data.people, 'GetItem', 'Query', 'PutItem', 'DeleteItem');
    this.recogniseFaces = this.#pictureFunction(props, {
      folder: 'recognise-faces',
      description: "Recognises faces in a frame as the store's law permits; stores no picture",
      timeout: FRAME_TIMEOUT,
      memoryMb: FRAME_MEMORY_MB,
    });
    this.purgeFaces = this.#purgeFaces(props);
    this.trackVisits = this.#trackVisits(props);
    this.closeVisits = this.#closeVisits(props);
    this.readVisits = this.#readVisits(data);
    this.readHeatmap = this.#readHeatmap(data);

    // Read by the `aisle` command, from the file of `cdk deploy --outputs-file`.
    new CfnOutput(this, 'FacesCollection', { value: this.collection.ref });
  }

  /** Declares a function that processes pictures: frames of cameras, or best shots of tracks. */
  #pictureFunction(
    { data, ingest }: VisionStackProps,
    props: ConstructorParameters<typeof AisleFunction>[1],
  ): AisleFunction {
    return new AisleFunction(this, props)
      .usesTable(env.chainTable, data.chain, 'GetItem')
      .usesTable(env.facesTable, data.faces, ...FACE_ROW_ACTIONS)
      .usesStream(env.eventsStream, ingest.events)
      .usesQueue(env.framesQueueUrl, this.framesToCheck)
      .usesCollection(env.collectionId, this.collection, ...FACE_ACTIONS);
  }

  #purgeFaces({ data, ingest }: VisionStackProps): AisleFunction {
    const purgeFaces = new AisleFunction(this, {
      folder: 'purge-faces',
      description: 'Deletes faces that a crash left behind, and visitors whose retention has ended',
      timeout: PURGE_TIMEOUT,
    })
      .usesTable(env.chainTable, data.chain, 'GetItem', 'Query')
      .usesTable(env.facesTable, data.faces, ...FACE_ROW_ACTIONS)
      .usesStream(env.eventsStream, ingest.events)
      .usesCollection(env.collectionId, this.collection, ...FACE_ACTIONS);
    consumeQueue(purgeFaces, this.framesToCheck, { batchSize: FRAMES_AT_ONCE_MAX });
    new Rule(this, 'PurgeFacesHourly', {
      description: 'Deletes visitors whose retention has ended',
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new LambdaTarget(purgeFaces)],
    });
    return purgeFaces;
  }

  #trackVisits({ data, ingest }: VisionStackProps): AisleFunction {
    const trackVisits = new AisleFunction(this, {
      folder: 'track-visits',
      description: 'Joins sightings into visits',
      timeout: Duration.minutes(1),
    })
      .usesTable(env.visitsTable, data.visits, 'GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem')
      .usesStream(env.eventsStream, ingest.events);
    consumeStream(trackVisits, ingest.events, ingest.deadLetterNotices);
    return trackVisits;
  }

  #closeVisits({ data, ingest }: VisionStackProps): AisleFunction {
    const closeVisits = new AisleFunction(this, {
      folder: 'close-visits',
      description: 'Ends visits without a sighting in the last 15 minutes',
      timeout: Duration.seconds(50),
    })
      .usesTable(env.visitsTable, data.visits, 'GetItem', 'BatchGetItem', 'Query', 'PutItem')
      .usesStream(env.eventsStream, ingest.events);
    new Rule(this, 'CloseVisitsEachMinute', {
      description: 'Ends visits that are due',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaTarget(closeVisits)],
    });
    return closeVisits;
  }

  #readVisits({ chain, visits, facts }: DataStack): AisleFunction {
    return new AisleFunction(this, {
      folder: 'read-visits',
      description: 'Returns the visits of a store and their paths through its zones',
      timeout: READER_TIMEOUT,
    })
      .usesTable(env.chainTable, chain, 'GetItem', 'Query')
      .usesTable(env.visitsTable, visits, 'GetItem', 'Query')
      .usesTable(env.factsTable, facts, 'Query');
  }

  #readHeatmap({ chain, cells, visits }: DataStack): AisleFunction {
    return new AisleFunction(this, {
      folder: 'read-heatmap',
      description: 'Returns how many people were in each zone, and for how long',
      timeout: READER_TIMEOUT,
    })
      .usesTable(env.chainTable, chain, 'GetItem', 'Query')
      .usesTable(env.cellsTable, cells, 'Query')
      .usesTable(env.visitsTable, visits, 'Query');
  }
}

/** Frames are claimed and answered from their rows; face users are created, merged and deleted. */
const FACE_ROW_ACTIONS = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'] as const;

/** Indexing, searching, enrolling and deleting faces, and listing those that a crash left behind. */
const FACE_ACTIONS = [
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
