/**
 * The notice of discarded records, as an event source mapping sends it to its on-failure queue.
 *
 * It names the position of the records and not their content: the consumer has to read the bytes from the
 * stream before their retention ends.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
import { randomUUID } from 'node:crypto';
import { functionArn } from '../arns.ts';
import type { KinesisItem, ShardSource } from './event.ts';

/** The two reasons for which a stream mapping discards records. */
export type DiscardCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export interface Discard {
  readonly items: readonly [KinesisItem, ...KinesisItem[]];
  readonly condition: DiscardCondition;
  readonly invokeCount: number;
  /** The last invocation: it failed, it reported failed items, or there was none. */
  readonly lastOutcome: 'error' | 'reported' | 'none';
}

/** Returns the notice of discarded records. */
export function onFailureNotice(discard: Discard, source: ShardSource, nowMs: number): object {
  const [first] = discard.items;
  const last = discard.items.at(-1) ?? first;
  return {
    requestContext: {
      requestId: randomUUID(),
      functionArn: functionArn(source.streamArn, source.functionName),
      condition: discard.condition,
      approximateInvokeCount: discard.invokeCount,
    },
    ...responseContext(discard.lastOutcome),
    version: '1.0',
    timestamp: new Date(nowMs).toISOString(),
    KinesisBatchInfo: {
      shardId: source.shardId,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: new Date(first.arrivedAtMs).toISOString(),
      approximateArrivalOfLastRecord: new Date(last.arrivedAtMs).toISOString(),
      batchSize: discard.items.length,
      streamArn: source.streamArn,
    },
  };
}

/**
 * Absent where the function was never invoked; without functionError where it reported the failed items
 * itself.
 */
function responseContext(lastOutcome: Discard['lastOutcome']): object {
  if (lastOutcome === 'none') return {};
  const functionError = lastOutcome === 'error' ? 'Unhandled' : null;
  return { responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError } };
}
