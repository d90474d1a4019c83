/**
 * Event source mappings: how Lambda feeds a stream or a queue to a function.
 *
 * Both report failures item by item, so that one bad record never makes its neighbours come again, and both give
 * up at a bound and say where the rest went.
 */
import type { Duration } from 'aws-cdk-lib';
import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import { type CfnEventSourceMapping, EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { AisleFunction } from './aisle-function.ts';

/** As many as a folding pass holds in memory with ease; the 6 MB payload cap cuts the batch first. */
const STREAM_BATCH_SIZE = 1000;

/** With bisection this isolates one bad record of a thousand in ten passes, and holds a shard up for seconds only. */
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

/** Never too old: tills deliver after days offline, and an old receipt counts like a new one. */
const RECORD_AGE_UNBOUNDED_S = -1;

/** Feeds a stream to a function in order, one batch per shard at a time; what cannot be taken is noted in `notices`. */
export function consumeStream(consumer: AisleFunction, stream: Stream, notices: Queue): EventSourceMapping {
  consumer.may(stream.streamArn, ...STREAM_READ_ACTIONS);
  consumer.may(notices.queueArn, 'sqs:SendMessage');
  const mapping = new EventSourceMapping(consumer, `${stream.node.id}Mapping`, {
    target: consumer,
    eventSourceArn: stream.streamArn,
    // From the oldest record still kept: a mapping that is made anew must not skip what waits in the stream.
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: STREAM_BATCH_SIZE,
    bisectBatchOnError: true,
    retryAttempts: STREAM_RETRIES_MAX,
    parallelizationFactor: 1,
    reportBatchItemFailures: true,
    onFailure: { bind: () => ({ destination: notices.queueArn }) },
  });
  // Said aloud in the template; a Duration of the CDK cannot be negative.
  (mapping.node.defaultChild as CfnEventSourceMapping).maximumRecordAgeInSeconds = RECORD_AGE_UNBOUNDED_S;
  return mapping;
}

export interface QueueConsumption {
  readonly batchSize: number;
  readonly maxBatchingWindow?: Duration;
  readonly maxConcurrency?: number;
}

/** Feeds a queue to a function; SQS itself redelivers what failed and gives up by the queue's redrive policy. */
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
