/**
 * The notice of a discarded batch, as an event source mapping sends it to its on-failure queue.
 *
 * It says where the records are and not what they were: whoever gets it has to fetch the bytes from the
 * stream before retention takes them.
 */
import { randomUUID } from 'node:crypto';
import { functionArn } from '../arns.ts';
import type { EventSource, KinesisItem } from './event.ts';

/** The two reasons a stream mapping gives up on records. */
export type DiscardCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export interface Discard {
  readonly items: readonly [KinesisItem, ...KinesisItem[]];
  readonly condition: DiscardCondition;
  readonly invokeCount: number;
  /** What the last invocation was: an error, an answer that named failures, or none at all. */
  readonly lastOutcome: 'error' | 'reported' | 'none';
}

export function onFailureNotice(discard: Discard, source: EventSource, nowMs: number): object {
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

/** Absent when the function was never called; no functionError when it answered and named the failures. */
function responseContext(lastOutcome: Discard['lastOutcome']): object {
  if (lastOutcome === 'none') return {};
  const functionError = lastOutcome === 'error' ? 'Unhandled' : null;
  return { responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError } };
}
