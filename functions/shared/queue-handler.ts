/** Handlers of SQS queues: messages are parsed, and each that fails is delivered again by itself. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as v from 'valibot';
import { type EventTools, eventHandler, type ScheduledEvent } from './event-handler.ts';

export interface QueueMessage<Body> {
  readonly messageId: string;
  readonly body: Body;
}

export interface QueueFunction<Body> {
  readonly serviceName: string;
  /** The schema of a message, of which the queue holds the JSON. */
  readonly schema: v.GenericSchema<unknown, Body>;
  /** `discard` where a schedule makes up for a lost message; `retry` moves it to the queue's dead letters in the end. */
  readonly invalid: 'discard' | 'retry';
  /** Processes a batch; returns the ids of the messages to deliver again. */
  readonly consume: (
    messages: ReadonlyArray<QueueMessage<Body>>,
    tools: EventTools,
  ) => Promise<Iterable<string>>;
  /** Runs instead where a schedule invokes the function. */
  readonly onSchedule?: (tools: EventTools) => Promise<void>;
}

/** Returns a Lambda handler for batches of a queue, and for a schedule where the function has one. */
export function queueHandler<Body>({
  serviceName,
  schema,
  invalid,
  consume,
  onSchedule,
}: QueueFunction<Body>) {
  const text = v.pipe(v.string(), v.parseJson(), schema);
  return eventHandler<SQSEvent | ScheduledEvent, SQSBatchResponse>({
    serviceName,
    handle: async (event, tools) => {
      if (!('Records' in event)) {
        if (onSchedule === undefined) throw new Error(`${serviceName} is not invoked by a schedule`);
        await onSchedule(tools);
        return { batchItemFailures: [] };
      }
      const messages: Array<QueueMessage<Body>> = [];
      const failed = new Set<string>();
      for (const { messageId, body } of event.Records) {
        const parsed = v.safeParse(text, body);
        if (parsed.success) messages.push({ messageId, body: parsed.output });
        else {
          tools.logger.error('invalid queue message', { messageId });
          if (invalid === 'retry') failed.add(messageId);
        }
      }
      for (const messageId of await consume(messages, tools)) failed.add(messageId);
      return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
    },
  });
}

/** Processes messages one after the other; logs what fails and returns the ids of those messages. */
export async function failedMessages<Body>(
  messages: ReadonlyArray<QueueMessage<Body>>,
  logger: Logger,
  process: (body: Body) => Promise<void>,
): Promise<string[]> {
  const failed: string[] = [];
  for (const { messageId, body } of messages) {
    try {
      await process(body);
    } catch (error) {
      logger.error('failed to process a queue message', error as Error);
      failed.push(messageId);
    }
  }
  return failed;
}
