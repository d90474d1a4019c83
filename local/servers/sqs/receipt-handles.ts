/**
 * Receipt handles: opaque tokens, each for one delivery of one message.
 *
 * AWS promises nothing of any but the latest handle of a message. Here an older one never deletes it, so a
 * consumer that works longer than its visibility timeout fails on a laptop, too.
 */
import type { StoredMessage } from './messages.ts';
import type { Queue } from './queues.ts';
import { invalidReceiptHandle } from './refusals.ts';
import type { Sqs } from './sqs.ts';

interface Receipt {
  readonly rowId: number;
  readonly queueId: number;
  /** The ordinal of the delivery: 1 for the message's first. */
  readonly receives: number;
}

/** Returns the handle of a message's present delivery. */
export function writeReceiptHandle({ id, queue_id, receives, message_id }: StoredMessage): string {
  return Buffer.from([id, queue_id, receives, message_id].join('/')).toString('base64');
}

/**
 * Deletes the message of a handle. As on AWS, a second deletion and one with a stale handle succeed without
 * effect.
 *
 * @throws ReceiptHandleIsInvalid where this server did not issue the handle.
 */
export function deleteByHandle({ messages }: Sqs, queue: Queue, handle: string): void {
  const receipt = readReceiptHandle(handle);
  const message = messages.byId(receipt.rowId);
  if (message !== undefined && isCurrent(receipt, queue, message)) messages.delete(message.id);
}

function readReceiptHandle(handle: string): Receipt {
  const match = /^(\d+)\/(\d+)\/(\d+)\/[\da-f-]{36}$/.exec(Buffer.from(handle, 'base64').toString('latin1'));
  if (match === null) throw invalidReceiptHandle(handle);
  const [rowId = 0, queueId = 0, receives = 0] = match.slice(1).map(Number);
  return { rowId, queueId, receives };
}

/** Returns whether the receipt is of the message's latest delivery, and from this queue. */
function isCurrent(receipt: Receipt, queue: Queue, message: StoredMessage): boolean {
  return (
    receipt.queueId === queue.id && message.queue_id === queue.id && receipt.receives === message.receives
  );
}
