/**
 * Receipt handles: opaque tokens, each for one delivery of one message.
 *
 * AWS promises nothing of any but the latest handle of a message. Here an older one never deletes it, so a
 * consumer that works longer than its visibility timeout fails on a laptop, too.
 */
import * as v from 'valibot';
import { readToken, writeToken } from '../wire/opaque-token.ts';
import { invalidReceiptHandle } from './errors.ts';
import type { StoredMessage } from './messages.ts';
import type { Queue } from './queues.ts';
import type { Sqs } from './sqs.ts';

/** The message's row, its queue, the ordinal of the delivery, and the message's id. */
const Parts = v.tuple([v.literal('receipt'), v.number(), v.number(), v.number(), v.string()]);

/** Returns the handle of a message's latest delivery. */
export function writeReceiptHandle({ id, queue_id, receives, message_id }: StoredMessage): string {
  return writeToken(['receipt', id, queue_id, receives, message_id]);
}

/**
 * Deletes the message of a handle. As on AWS, a second deletion and one with a stale handle succeed without
 * effect.
 *
 * @throws ReceiptHandleIsInvalid where this server did not issue the handle.
 */
export function deleteByHandle({ messages }: Sqs, queue: Queue, handle: string): void {
  const parts = readToken(Parts, handle);
  if (parts === undefined) throw invalidReceiptHandle(handle);
  const [, rowId, queueId, receives] = parts;
  const message = messages.byId(rowId);
  if (message?.receives !== receives || message.queue_id !== queueId || queueId !== queue.id) return;
  messages.delete(message.id);
}
