/**
 * Creates the tables, streams, queues, trackers and collections of the template that do not exist yet. After
 * a restart on kept data all of them exist, and their content is kept.
 */
import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException as NoTable,
} from '@aws-sdk/client-dynamodb';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  IncreaseStreamRetentionPeriodCommand,
  type KinesisClient,
  ResourceNotFoundException as NoStream,
} from '@aws-sdk/client-kinesis';
import {
  AssociateTrackerConsumerCommand,
  ConflictException,
  CreateGeofenceCollectionCommand,
  CreateTrackerCommand,
  type LocationClient,
  UpdateTrackerCommand,
} from '@aws-sdk/client-location';
import {
  CreateCollectionCommand,
  type RekognitionClient,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-rekognition';
import { CreateQueueCommand, SetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type {
  CloudDescription,
  CollectionDescription,
  QueueDescription,
  StreamDescription,
  TableDescription,
  TrackerDescription,
} from '../template/description.ts';
import type { Clients } from './clients.ts';
import { createPushApplications } from './push-applications.ts';

/** The retention of a new stream. */
const RETENTION_HOURS_DEFAULT = 24;
const ACTIVE_POLL_MS = 20;
const ACTIVE_POLLS_MAX = 500;

/** Creates the resources; rejects where a server rejects one. */
export async function createResources(cloud: CloudDescription, clients: Clients): Promise<void> {
  await Promise.all([
    ...cloud.tables.map((table) => createTable(clients.dynamodb, table)),
    ...cloud.streams.map((stream) => createStream(clients.kinesis, stream)),
    createQueues(clients.sqs, cloud.queues),
    ...cloud.collections.map((collection) => createCollection(clients.rekognition, collection)),
    createTrackersAndFences(clients.location, cloud),
    createPushApplications(clients.sns),
  ]);
}

async function createTable(client: DynamoDBClient, table: TableDescription): Promise<void> {
  const status = async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table.tableName }));
    return Table?.TableStatus;
  };
  if (await exists(status, NoTable)) return;
  await client.send(
    new CreateTableCommand({
      TableName: table.tableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [...table.keySchema],
      AttributeDefinitions: [...table.attributeDefinitions],
      ...(table.indexes.length > 0 && { GlobalSecondaryIndexes: table.indexes.map(toIndex) }),
    }),
  );
  await untilActive(status, table.tableName);
}

function toIndex({ indexName, keySchema, projection }: TableDescription['indexes'][number]) {
  const { NonKeyAttributes, ...rest } = projection;
  return {
    IndexName: indexName,
    KeySchema: [...keySchema],
    Projection: { ...rest, ...(NonKeyAttributes && { NonKeyAttributes: [...NonKeyAttributes] }) },
  };
}

async function createStream(client: KinesisClient, stream: StreamDescription): Promise<void> {
  const StreamName = stream.streamName;
  const status = async () => {
    const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
    return StreamDescriptionSummary?.StreamStatus;
  };
  if (await exists(status, NoStream)) return;
  const capacity =
    stream.shardCount === undefined
      ? { StreamModeDetails: { StreamMode: 'ON_DEMAND' as const } }
      : { ShardCount: stream.shardCount };
  await client.send(new CreateStreamCommand({ StreamName, ...capacity }));
  await untilActive(status, StreamName);
  if (stream.retentionHours <= RETENTION_HOURS_DEFAULT) return;
  const RetentionPeriodHours = stream.retentionHours;
  await client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
}

/**
 * CreateQueue on an existing queue returns its URL, but rejects a changed attribute, and the template may
 * have changed since. So attributes are set separately, once all queues exist: a redrive policy may refer to
 * any of them.
 */
async function createQueues(client: SQSClient, queues: readonly QueueDescription[]): Promise<void> {
  await Promise.all(
    queues.map(({ queueName }) => client.send(new CreateQueueCommand({ QueueName: queueName }))),
  );
  await Promise.all(
    queues
      .filter(({ attributes }) => Object.keys(attributes).length > 0)
      .map(({ url, attributes }) =>
        client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { ...attributes } })),
      ),
  );
}

async function createCollection(
  client: RekognitionClient,
  { collectionId }: CollectionDescription,
): Promise<void> {
  try {
    await client.send(new CreateCollectionCommand({ CollectionId: collectionId }));
  } catch (error) {
    if (!(error instanceof ResourceAlreadyExistsException)) throw error;
  }
}

/** A tracker consumer links existing resources, so it is created last. */
async function createTrackersAndFences(client: LocationClient, cloud: CloudDescription): Promise<void> {
  await Promise.all([
    ...cloud.trackers.map((tracker) => createTracker(client, tracker)),
    ...cloud.fenceCollections.map(({ collectionName: CollectionName }) =>
      unlessExists(() => client.send(new CreateGeofenceCollectionCommand({ CollectionName }))),
    ),
  ]);
  for (const { trackerName: TrackerName, consumerArn: ConsumerArn } of cloud.trackerConsumers) {
    await unlessExists(() => client.send(new AssociateTrackerConsumerCommand({ TrackerName, ConsumerArn })));
  }
}

/** An existing tracker gets the template's current settings. */
async function createTracker(client: LocationClient, tracker: TrackerDescription): Promise<void> {
  const settings = {
    TrackerName: tracker.trackerName,
    PositionFiltering: tracker.positionFiltering,
    EventBridgeEnabled: tracker.publishesPositions,
  };
  await unlessExists(() => client.send(new CreateTrackerCommand(settings)));
  await client.send(new UpdateTrackerCommand(settings));
}

async function unlessExists(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!(error instanceof ConflictException)) throw error;
  }
}

async function exists(
  describe: () => Promise<unknown>,
  NotFound: abstract new (...args: never[]) => Error,
): Promise<boolean> {
  try {
    await describe();
    return true;
  } catch (error) {
    if (error instanceof NotFound) return false;
    throw error;
  }
}

async function untilActive(status: () => Promise<string | undefined>, name: string): Promise<void> {
  for (let polls = 0; polls < ACTIVE_POLLS_MAX; polls++) {
    if ((await status()) === 'ACTIVE') return;
    await new Promise((resolve) => setTimeout(resolve, ACTIVE_POLL_MS));
  }
  throw new Error(`${name} did not become active`);
}
