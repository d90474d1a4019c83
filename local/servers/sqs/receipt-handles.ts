/**
 * Receipt handles: one handing-out of one message.
 *
 * AWS promises nothing of any but the latest handle of a message. Here an older one never deletes it, so a
 * consumer that works longer than its visibility timeout is found out on a laptop.
 */

import type { StoredMessage } from './messages.ts';
import type { Queue } from './queues.ts';
import { invalidReceiptHandle } from './refusals.ts';

export interface Receipt {
  readonly rowId: number;
  readonly queueId: number;
  /** Which of the message's handings-out it was. */
  readonly receives: number;
}

export function writeReceiptHandle({ id, queue_id, receives, message_id }: StoredMessage): string {
  return Buffer.from([id, queue_id, receives, message_id].join('/')).toString('base64');
}

export function readReceiptHandle(handle: string): Receipt {
  const match = /^(\d+)\/(\d+)\/(\d+)\/[\da-f-]{36}$/.exec(Buffer.from(handle, 'base64').toString('latin1'));
  if (match === null) throw invalidReceiptHandle(handle);
  const [rowId = 0, queueId = 0, receives = 0] = match.slice(1).map(Number);
  return { rowId, queueId, receives };
}

/** Whether the message is still out under this receipt, from this queue. */
export function isCurrent(receipt: Receipt, queue: Queue, message: StoredMessage): boolean {
  return (
    receipt.queueId === queue.id && message.queue_id === queue.id && receipt.receives === message.receives
  );
}
