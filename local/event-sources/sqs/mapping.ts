/**
 * The SQS event source mapping: a queue into one function, some batches side by side.
 *
 * A queue needs no checkpoints. What the function has handled is deleted, and what it has not comes back
 * by itself when its visibility timeout is over, until the queue's own redrive policy has had enough.
 */
import type { SQSClient } from '@aws-sdk/client-sqs';
import { type Clock, systemClock } from '../../servers/wire/clock.ts';
import { cutBatch } from '../batch-cut.ts';
import { readBatchAnswer } from '../batch-response.ts';
import type { Mapping, MappingDeps } from '../event-source.ts';
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

export interface SqsMappingDeps extends MappingDeps {
  readonly sqs: SQSClient | SqsQueue;
}

/** The longest SQS lets a receive wait. */
const LONG_POLL_SECONDS = 20;

/** Long polls count in whole seconds; inside an open window an empty queue is asked again this often. */
const WINDOW_POLL_MS = 100;

/** What AWS starts with; it would go on to hundreds, which a laptop would not. */
const CONCURRENCY_MAX = 5;

/** How long a queue that answers with an error is left alone. */
const TROUBLE_PAUSE_MS = 1000;

export function startSqsMapping(config: SqsMappingConfig, deps: SqsMappingDeps): Mapping {
  const { clock = systemClock, onTrouble = () => {} } = deps;
  const queue = 'receive' in deps.sqs ? deps.sqs : sqsQueue(deps.sqs, config.queueUrl, config.queueArn);
  const closing = new AbortController();
  const { signal } = closing;
  const underWay = new Set<Promise<void>>();

  async function handle(items: readonly SqsItem[]): Promise<void> {
    const invocation = await deps.invoke(toSqsEvent(items));
    const sent = new Set(items.map(({ messageId }) => messageId));
    const answer = readBatchAnswer(invocation, config.reportBatchItemFailures, sent);
    if (answer.kind === 'all-failed') return;
    const done =
      answer.kind === 'all-done' ? items : items.filter(({ messageId }) => !answer.failedIds.has(messageId));
    try {
      await queue.remove(done);
    } catch (error) {
      // They will come again, and the function has to bear that anyway: delivery is at least once.
      onTrouble('deleting handled messages', error);
    }
  }

  const polling = (async () => {
    let leftOver: readonly SqsItem[] = [];
    while (!signal.aborted) {
      const gathered = await gather(queue, config, leftOver, { clock, signal, onTrouble });
      const { count } = cutBatch(gathered, config.batchSize);
      leftOver = gathered.slice(count);
      if (count === 0) continue;
      const task = handle(gathered.slice(0, count)).finally(() => underWay.delete(task));
      underWay.add(task);
      if (underWay.size >= (config.maximumConcurrency ?? CONCURRENCY_MAX)) await Promise.race(underWay);
    }
    if (leftOver.length > 0) await handle(leftOver);
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
  readonly onTrouble: (what: string, error: unknown) => void;
}

/** Receives until a batch is full or its window, which opens with the first message, is over. */
async function gather(
  queue: SqsQueue,
  { batchSize, batchingWindowMs }: SqsMappingConfig,
  leftOver: readonly SqsItem[],
  { clock, signal, onTrouble }: GatherDeps,
): Promise<readonly SqsItem[]> {
  const items = [...leftOver];
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
      onTrouble('receiving messages', error);
      await sleep(clock, TROUBLE_PAUSE_MS, signal);
    }
  }
  return items;
}
