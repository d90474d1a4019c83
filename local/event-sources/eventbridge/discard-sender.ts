/**
 * Lambda's two outlets for events that failed for good: a record of the failed invocation to the function's
 * on-failure destination, and the bare event to its dead-letter queue. A function may have either, both or
 * none; with none the event is lost, and only the terminal reports it.
 */
import { randomUUID } from 'node:crypto';
import type { FailureQueue } from '../failure-queue.ts';
import type { DiscardedEvent } from './async-invoker.ts';

export interface DiscardDestinations {
  readonly functionName: string;
  readonly functionArn: string;
  readonly onFailureQueueUrl?: string;
  readonly deadLetterQueueUrl?: string;
}

export interface DiscardDeps {
  readonly queue: FailureQueue;
  readonly nowMs: () => number;
  readonly onError: (what: string, error: unknown) => void;
}

/**
 * Returns the `onDiscard` of a function's `AsyncTarget`: it sends, reports what it cannot send, and never
 * rejects.
 */
export function discardSender(
  { functionName, functionArn, onFailureQueueUrl, deadLetterQueueUrl }: DiscardDestinations,
  { queue, nowMs, onError }: DiscardDeps,
): (discarded: DiscardedEvent) => Promise<void> {
  return async (discarded) => {
    const requestId = randomUUID();
    const { event, invokeCount, error } = discarded;
    if (onFailureQueueUrl === undefined && deadLetterQueueUrl === undefined) {
      const message = `an event is lost after ${invokeCount} attempts, the last of which failed with ${error.errorType}`;
      onError(functionName, new Error(message));
    }
    try {
      if (onFailureQueueUrl !== undefined) {
        const record = failureRecord(discarded, functionArn, requestId, nowMs());
        await queue.send(onFailureQueueUrl, JSON.stringify(record));
      }
      if (deadLetterQueueUrl !== undefined) {
        await queue.send(deadLetterQueueUrl, JSON.stringify(event), {
          RequestID: requestId,
          // The status of the invocation, which is 200 even where the function throws.
          ErrorCode: 200,
          ErrorMessage: error.errorMessage.slice(0, ERROR_MESSAGE_CHARS_MAX) || error.errorType,
        });
      }
    } catch (sendError) {
      onError(functionName, sendError);
    }
  };
}

/** A dead letter carries at most a kilobyte of its error message. */
const ERROR_MESSAGE_CHARS_MAX = 1024;

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
function failureRecord(
  { event, condition, invokeCount, error }: DiscardedEvent,
  functionArn: string,
  requestId: string,
  nowMs: number,
): object {
  const { errorType, errorMessage, trace } = error;
  return {
    version: '1.0',
    timestamp: new Date(nowMs).toISOString(),
    requestContext: {
      requestId,
      functionArn: `${functionArn}:$LATEST`,
      condition,
      approximateInvokeCount: invokeCount,
    },
    requestPayload: event,
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorMessage, errorType, trace },
  };
}
