/**
 * The SQS event source mapping: a queue into one function, several batches at once.
 *
 * A queue needs no checkpoints. Processed messages are deleted; failed ones become visible again after their
 * visibility timeout, until the queue's redrive policy moves them to its dead-letter queue.
 */
import type { SQSClient } from '@aws-sdk/client-sqs';
import { type Clock, systemClock } from '../../servers/wire/clock.ts';
import { cutBatch } from '../batch-cut.ts';
import { readBatchResponse } from '../batch-response.ts';
import type { EventSource, EventSourceDeps } from '../event-source.ts';
import { sleep } from '../sleep.ts';
import { type SqsItem, toSqsEvent } from './event.ts';
import { type SqsQueue, sqsQueue } from './queue.ts';

export interface SqsMappingConfig {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  /** Invocations at once, at most. */
  readonly maximumConcurrency?: number;
  readonly reportBatchItemFailures: boolean;
}

export interface SqsMappingDeps extends EventSourceDeps {
  readonly sqs: SQSClient | SqsQueue;
}

/** The longest wait that SQS allows. */
const LONG_POLL_SECONDS = 20;

/** Long polls count in whole seconds; within an open window an empty queue is polled this often. */
const WINDOW_POLL_MS = 100;

/** AWS starts with five pollers too, but scales to hundreds, which a laptop cannot. */
const CONCURRENCY_MAX = 5;

/** The pause after a failed receive. */
const ERROR_PAUSE_MS = 1000;

/** Starts the mapping: it polls the queue until it is closed. */
export function startSqsMapping(config: SqsMappingConfig, deps: SqsMappingDeps): EventSource {
  const { clock = systemClock, onError = () => {} } = deps;
  const queue = 'receive' in deps.sqs ? deps.sqs : sqsQueue(deps.sqs, config.queueUrl, config.queueArn);
  const closing = new AbortController();
  const { signal } = closing;
  const underWay = new Set<Promise<void>>();

  async function handle(items: readonly SqsItem[]): Promise<void> {
    const invocation = await deps.invoke(toSqsEvent(items));
    const sent = new Set(items.map(({ messageId }) => messageId));
    const response = readBatchResponse(invocation, config.reportBatchItemFailures, sent);
    if (response.kind === 'all-failed') return;
    const done =
      response.kind === 'all-done'
        ? items
        : items.filter(({ messageId }) => !response.failedIds.has(messageId));
    try {
      await queue.remove(done);
    } catch (error) {
      // They are delivered again, which a function must tolerate anyway: delivery is at least once.
      onError('deleting processed messages', error);
    }
  }

  const polling = (async () => {
    let leftover: readonly SqsItem[] = [];
    while (!signal.aborted) {
      const gathered = await gather(queue, config, leftover, { clock, signal, onError });
      const { count } = cutBatch(gathered, config.batchSize);
      leftover = gathered.slice(count);
      if (count === 0) continue;
      const task = handle(gathered.slice(0, count)).finally(() => underWay.delete(task));
      underWay.add(task);
      if (underWay.size >= (config.maximumConcurrency ?? CONCURRENCY_MAX)) await Promise.race(underWay);
    }
    if (leftover.length > 0) await handle(leftover);
  })();

  return {
    async close() {
      closing.abort();
      await polling;
      await Promise.all(underWay);
    },
  };
}

interface GatherDeps {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onError: (what: string, error: unknown) => void;
}

/** Receives until a batch is full or its window, which opens with the first message, is over. */
async function gather(
  queue: SqsQueue,
  { batchSize, batchingWindowMs }: SqsMappingConfig,
  leftover: readonly SqsItem[],
  { clock, signal, onError }: GatherDeps,
): Promise<readonly SqsItem[]> {
  const items = [...leftover];
  let windowEndsAtMs = items.length > 0 ? clock.nowMs() + batchingWindowMs : Number.POSITIVE_INFINITY;
  while (!signal.aborted && !cutBatch(items, batchSize).full && clock.nowMs() < windowEndsAtMs) {
    const isFirst = items.length === 0;
    try {
      const received = await queue.receive(batchSize - items.length, isFirst ? LONG_POLL_SECONDS : 0, signal);
      items.push(...received);
      if (isFirst && received.length > 0) windowEndsAtMs = clock.nowMs() + batchingWindowMs;
      if (!isFirst && received.length === 0) await sleep(clock, WINDOW_POLL_MS, signal);
    } catch (error) {
      if (signal.aborted) break;
      onError('receiving messages', error);
      await sleep(clock, ERROR_PAUSE_MS, signal);
    }
  }
  return items;
}
