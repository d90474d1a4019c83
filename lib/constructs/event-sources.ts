/**
 * Event source mappings of streams and queues.
 *
 * Both report failures item by item, so that one bad record never causes its neighbours to be delivered again, and both
 * stop retrying at a bound, with a destination for what failed.
 */
import type { Duration } from 'aws-cdk-lib';
import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import { type CfnEventSourceMapping, EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { AisleFunction } from './aisle-function.ts';

/** A batch of this size fits into memory; the 6 MB payload limit of Lambda cuts it first. */
const STREAM_BATCH_SIZE = 1000;

/** With bisection this isolates one bad record of a thousand in ten passes, and delays a shard for seconds only. */
const STREAM_RETRIES_MAX = 8;

const STREAM_READ_ACTIONS = [
  'kinesis:DescribeStream',
  'kinesis:DescribeStreamSummary',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListShards',
];

const QUEUE_RECEIVE_ACTIONS = [
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ReceiveMessage',
];

/** No record is too old: tills deliver after days offline, and an old receipt counts like a new one. */
const RECORD_AGE_UNBOUNDED_S = -1;

/** Maps a stream to a function, in order, one batch per shard at a time. Batches that exhaust their retries go to `notices`. */
export function consumeStream(consumer: AisleFunction, stream: Stream, notices: Queue): EventSourceMapping {
  consumer.may(stream.streamArn, ...STREAM_READ_ACTIONS);
  consumer.may(notices.queueArn, 'sqs:SendMessage');
  const mapping = new EventSourceMapping(consumer, `${stream.node.id}Mapping`, {
    target: consumer,
    eventSourceArn: stream.streamArn,
    // From the oldest record: a mapping that is created again must not skip what is in the stream.
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: STREAM_BATCH_SIZE,
    bisectBatchOnError: true,
    retryAttempts: STREAM_RETRIES_MAX,
    parallelizationFactor: 1,
    reportBatchItemFailures: true,
    onFailure: { bind: () => ({ destination: notices.queueArn }) },
  });
  // Set on the resource, because a Duration of the CDK cannot be negative.
  (mapping.node.defaultChild as CfnEventSourceMapping).maximumRecordAgeInSeconds = RECORD_AGE_UNBOUNDED_S;
  return mapping;
}

export interface QueueConsumption {
  readonly batchSize: number;
  readonly maxBatchingWindow?: Duration;
  readonly maxConcurrency?: number;
}

/** Maps a queue to a function. SQS redelivers what failed, up to the bound of the queue's redrive policy. */
export function consumeQueue(
  consumer: AisleFunction,
  queue: Queue,
  how: QueueConsumption,
): EventSourceMapping {
  consumer.may(queue.queueArn, ...QUEUE_RECEIVE_ACTIONS);
  return new EventSourceMapping(consumer, `${queue.node.id}Mapping`, {
    target: consumer,
    eventSourceArn: queue.queueArn,
    reportBatchItemFailures: true,
    ...how,
  });
}
