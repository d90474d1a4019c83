/**
 * What Lambda does with an event it gave up on: a record of the failed invocation to the function's on-failure
 * destination, and the bare event to its dead-letter queue. A function may have either, both or none; with none the
 * event is gone, and only the terminal hears of it.
 */
import { randomUUID } from 'node:crypto';
import type { DiscardedEvent } from './async-invoker.ts';
import type { EventQueue } from './failure-queue.ts';

export interface Discards {
  readonly functionName: string;
  readonly functionArn: string;
  readonly onFailureQueueUrl?: string;
  readonly deadLetterQueueUrl?: string;
}

export interface DiscardsDeps {
  readonly queue: EventQueue;
  readonly nowMs: () => number;
  readonly onTrouble: (what: string, error: unknown) => void;
}

/** For `EventTarget.onDiscard`. */
export function keepDiscards(
  { functionName, functionArn, onFailureQueueUrl, deadLetterQueueUrl }: Discards,
  { queue, nowMs, onTrouble }: DiscardsDeps,
): (discarded: DiscardedEvent) => Promise<void> {
  return async (discarded) => {
    const requestId = randomUUID();
    const { event, invokeCount, error } = discarded;
    if (onFailureQueueUrl === undefined && deadLetterQueueUrl === undefined) {
      onTrouble(
        functionName,
        new Error(
          `an event is lost after ${invokeCount} tries, the last of which ended in ${error.errorType}`,
        ),
      );
    }
    try {
      if (onFailureQueueUrl !== undefined) {
        const record = failureRecord(discarded, functionArn, requestId, nowMs());
        await queue.send(onFailureQueueUrl, JSON.stringify(record));
      }
      if (deadLetterQueueUrl !== undefined) {
        await queue.send(deadLetterQueueUrl, JSON.stringify(event), {
          RequestID: requestId,
          // Of the invocation, which Lambda answers with 200 whatever the function did.
          ErrorCode: 200,
          ErrorMessage: error.errorMessage.slice(0, ERROR_MESSAGE_CHARS_MAX) || error.errorType,
        });
      }
    } catch (refusal) {
      onTrouble(functionName, refusal);
    }
  };
}

/** A dead letter names its error in at most a kilobyte. */
const ERROR_MESSAGE_CHARS_MAX = 1024;

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
