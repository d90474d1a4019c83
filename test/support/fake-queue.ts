/** A queue over a list: received messages are gone, or redelivered when a test requests it. */

import { sleep } from '#local/event-sources/sleep.ts';
import type { SqsItem } from '#local/event-sources/sqs/event.ts';
import { CALL_MESSAGES_MAX, type SqsQueue } from '#local/event-sources/sqs/queue.ts';
import type { Clock } from '#local/servers/wire/clock.ts';

export interface FakeQueue extends SqsQueue {
  put(...messageIds: readonly string[]): void;
  failReceives(count: number): void;
  /** The messages that were deleted, in order. */
  readonly removed: string[];
  /** The number of receives. */
  receiveCount(): number;
}

const POLL_MS = 10;

export function fakeQueue(clock: Clock): FakeQueue {
  const waiting: SqsItem[] = [];
  const removed: string[] = [];
  let receives = 0;
  let failures = 0;
  return {
    removed,
    put(...messageIds) {
      for (const messageId of messageIds) {
        const eventRecord = { messageId };
        const eventBytes = Buffer.byteLength(JSON.stringify(eventRecord));
        waiting.push({ messageId, receiptHandle: `handle-${messageId}`, eventRecord, eventBytes });
      }
    },
    failReceives: (count) => {
      failures = count;
    },
    receiveCount: () => receives,
    async receive(count, waitSeconds, signal) {
      receives += 1;
      if (failures-- > 0) throw new Error('queue is away');
      const untilMs = clock.nowMs() + waitSeconds * 1000;
      while (waiting.length === 0 && clock.nowMs() < untilMs) {
        await sleep(clock, POLL_MS, signal);
        if (signal.aborted) throw signal.reason;
      }
      return waiting.splice(0, Math.min(count, CALL_MESSAGES_MAX));
    },
    async remove(items) {
      removed.push(...items.map(({ messageId }) => messageId));
    },
  };
}
