/**
 * Receiving: a message goes to one receiver at a time, is hidden for a while, and moves to the dead-letter
 * queue once it has been received too often.
 *
 * As on AWS it moves when it would be received once too often, not when its last receiver failed; an idle
 * queue keeps it until the next receive.
 */
import type { Messages, StoredMessage } from './messages.ts';
import type { Queue } from './queues.ts';
import { numberOf, redriveOf } from './settings.ts';
import { queueArn, queueOfArn, type Sqs } from './sqs.ts';

export interface ReceiveRequest {
  readonly countMax: number;
  /** The visibility timeout. */
  readonly hideMs: number;
  /** How long to wait for the first message. */
  readonly waitMs: number;
}

/**
 * Returns up to `countMax` messages, waiting for the first; none where the wait ends or the signal aborts.
 *
 * @param findQueue is called after each wait, since the queue's settings may have changed.
 */
export async function receive(
  sqs: Sqs,
  findQueue: () => Queue,
  request: ReceiveRequest,
  signal: AbortSignal,
): Promise<StoredMessage[]> {
  const { clock, messages, waiters } = sqs;
  const endMs = clock.nowMs() + request.waitMs;
  while (!signal.aborted) {
    const queue = findQueue();
    const nowMs = clock.nowMs();
    const received = messages.inTransaction(() => receiveVisible(sqs, queue, request, nowMs));
    if (received.length > 0 || nowMs >= endMs) return received;
    const nextMs = messages.nextVisibleAtMs(queue.id, nowMs) ?? endMs;
    await waiters.wait(queue.id, Math.min(endMs, nextMs), signal);
  }
  return [];
}

function receiveVisible(
  sqs: Sqs,
  queue: Queue,
  { countMax, hideMs }: ReceiveRequest,
  nowMs: number,
): StoredMessage[] {
  const { messages } = sqs;
  expire(messages, queue, nowMs);
  const receivesMax = redriveOf(queue.settings)?.maxReceiveCount ?? Number.POSITIVE_INFINITY;
  // Each round either returns or moves messages out of the queue, so the rounds end.
  for (;;) {
    const visible = messages.visible(queue.id, nowMs, countMax);
    const { true: receivable = [], false: exhausted = [] } = Object.groupBy(visible, ({ receives }) =>
      receives < receivesMax ? 'true' : 'false',
    );
    moveToDeadLetters(sqs, queue, exhausted, nowMs);
    if (receivable.length > 0 || exhausted.length === 0) {
      return receivable.map((message) => messages.hide(message, nowMs, nowMs + hideMs));
    }
  }
}

function moveToDeadLetters(sqs: Sqs, queue: Queue, exhausted: readonly StoredMessage[], nowMs: number): void {
  if (exhausted.length === 0) return;
  const redrive = redriveOf(queue.settings);
  const deadLetters = redrive && queueOfArn(sqs, redrive.deadLetterTargetArn);
  // A policy is rejected unless its target exists, and queues are never deleted.
  if (deadLetters === undefined) throw new Error(`queue ${queue.name} has no dead-letter queue`);
  for (const message of exhausted) {
    sqs.messages.moveTo(message, deadLetters.id, queueArn(sqs, queue), nowMs);
  }
  sqs.waiters.notify(deadLetters.id);
}

/** Deletes the messages past the queue's retention, which counts from the time a message was first sent. */
export function expire(messages: Messages, queue: Queue, nowMs: number): void {
  messages.expire(queue.id, nowMs - numberOf(queue.settings, 'MessageRetentionPeriod') * 1000);
}
