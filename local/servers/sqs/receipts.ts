/** What may be done with a message by its receipt handle: delete it, or change how long it stays hidden. */
import { VISIBILITY_SECONDS_MAX } from './limits.ts';
import type { Queue } from './queues.ts';
import { isCurrent, readReceiptHandle } from './receipt-handles.ts';
import { invalidValue, notInFlight } from './refusals.ts';
import type { Sqs } from './sqs.ts';

/** Deleting twice, or with a handle that has become stale, succeeds and changes nothing. */
export function deleteByHandle({ messages }: Sqs, queue: Queue, handle: string): void {
  const receipt = readReceiptHandle(handle);
  const message = messages.byId(receipt.rowId);
  if (message !== undefined && isCurrent(receipt, queue, message)) messages.delete(message.id);
}

export function changeVisibility(
  { clock, messages, bell }: Sqs,
  queue: Queue,
  handle: string,
  seconds: number,
): void {
  if (seconds < 0 || seconds > VISIBILITY_SECONDS_MAX) {
    throw invalidValue(seconds, 'VisibilityTimeout', `Must be between 0 and ${VISIBILITY_SECONDS_MAX}.`);
  }
  const receipt = readReceiptHandle(handle);
  const message = messages.byId(receipt.rowId);
  if (message === undefined || message.queue_id !== queue.id) {
    const reason = 'Message does not exist or is not available for visibility timeout change.';
    throw invalidValue(handle, 'ReceiptHandle', reason);
  }
  const nowMs = clock.nowMs();
  if (!isCurrent(receipt, queue, message) || message.visible_at_ms <= nowMs) throw notInFlight();
  messages.showAt(message.id, nowMs + seconds * 1000);
  // Sleeping receivers reckon with the old time.
  bell.ring(queue.id);
}
