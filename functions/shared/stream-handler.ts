/** Handlers of the event stream: a batch may hold many stores, and a store that fails is retried alone. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import type { LogRecord } from '#application/ports/event-log.ts';
import { createCounter } from './counter.ts';
import { eventHandler } from './event-handler.ts';
import { kinesisBatch } from './kinesis-batch.ts';

interface StreamOutcome {
  /** The first record of each store that failed, from which Lambda retries it. */
  readonly failures: ReadonlyArray<{ readonly sequence: string; readonly error: unknown }>;
}

export interface StreamFunction<Outcome extends StreamOutcome> {
  readonly serviceName: string;
  readonly consume: (records: readonly LogRecord[]) => Promise<Outcome>;
  /** The metrics of a batch, by name. */
  readonly countsOf: (outcome: Omit<Outcome, 'failures'>) => Readonly<Record<string, number>>;
  /** Logs what an operator should notice in a batch. */
  readonly report?: (outcome: Omit<Outcome, 'failures'>, logger: Logger) => void;
}

/** Returns a Lambda handler for batches of the stream; stores that failed are reported item by item. */
export function streamHandler<Outcome extends StreamOutcome>({
  serviceName,
  consume,
  countsOf,
  report,
}: StreamFunction<Outcome>) {
  const count = createCounter(serviceName);
  return eventHandler<KinesisStreamEvent, KinesisStreamBatchResponse>({
    serviceName,
    handle: async (event, { logger }) => {
      const batch = kinesisBatch(event);
      const { failures, ...outcome } = await consume(batch.records);
      count(countsOf(outcome));
      report?.(outcome, logger);
      for (const { error } of failures)
        logger.error('failed to process the events of a store', error as Error);
      return batch.response(failures);
    },
  });
}
