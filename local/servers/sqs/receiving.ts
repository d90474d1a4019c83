/**
 * Handing messages out: to one receiver at a time, for a while, and to the dead letters when it has been
 * tried often enough.
 *
 * A message is moved on when it would be handed out once too often, not when its last receiver failed;
 * that is when AWS moves it, so an idle queue keeps it until somebody asks.
 */
import type { Messages, StoredMessage } from './messages.ts';
import type { Queue } from './queues.ts';
import { numberOf, redriveOf } from './settings.ts';
import { queueArn, queueOfArn, type Sqs } from './sqs.ts';

export interface Ask {
  readonly countMax: number;
  readonly hideMs: number;
  readonly waitMs: number;
}

/** Waits up to `waitMs` for the first message, then answers what there is. */
export async function receive(
  sqs: Sqs,
  findQueue: () => Queue,
  ask: Ask,
  hungUp: AbortSignal,
): Promise<StoredMessage[]> {
  const { clock, messages, bell } = sqs;
  const endMs = clock.nowMs() + ask.waitMs;
  while (!hungUp.aborted) {
    // Looked up each time: its settings may have changed while the receiver slept.
    const queue = findQueue();
    const nowMs = clock.nowMs();
    const taken = messages.together(() => take(sqs, queue, ask, nowMs));
    if (taken.length > 0 || nowMs >= endMs) return taken;
    await bell.wait(queue.id, Math.min(endMs, messages.nextVisibleAtMs(queue.id, nowMs) ?? endMs), hungUp);
  }
  return [];
}

function take(sqs: Sqs, queue: Queue, { countMax, hideMs }: Ask, nowMs: number): StoredMessage[] {
  const { messages } = sqs;
  expire(messages, queue, nowMs);
  const receivesMax = redriveOf(queue.settings)?.maxReceiveCount ?? Number.POSITIVE_INFINITY;
  // Each round either hands something out or shortens the queue, so the rounds end.
  for (;;) {
    const found = messages.visible(queue.id, nowMs, countMax);
    const [fresh, spent] = [found.filter(isFresh), found.filter((message) => !isFresh(message))];
    moveOn(sqs, queue, spent, nowMs);
    if (fresh.length > 0 || spent.length === 0) {
      return fresh.map((message) => messages.hide(message, nowMs, nowMs + hideMs));
    }
  }

  function isFresh({ receives }: StoredMessage): boolean {
    return receives < receivesMax;
  }
}

function moveOn(sqs: Sqs, queue: Queue, spent: readonly StoredMessage[], nowMs: number): void {
  if (spent.length === 0) return;
  const redrive = redriveOf(queue.settings);
  const deadLetters = redrive && queueOfArn(sqs, redrive.deadLetterTargetArn);
  // The policy was refused unless its target existed, and queues are never deleted.
  if (deadLetters === undefined) throw new Error(`queue ${queue.name} has lost its dead letter queue`);
  for (const message of spent) sqs.messages.moveTo(message, deadLetters.id, queueArn(sqs, queue), nowMs);
  sqs.bell.ring(deadLetters.id);
}

/** Drops what has outlived the queue's retention, which counts from the day a message was first sent. */
export function expire(messages: Messages, queue: Queue, nowMs: number): void {
  messages.expire(queue.id, nowMs - numberOf(queue.settings, 'MessageRetentionPeriod') * 1000);
}
