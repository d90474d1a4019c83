/** The context of every operation: the server's state, its clock, and how requests reference queues. */
import { type Account, arnOf } from '../wire/account.ts';
import type { Clock } from '../wire/clock.ts';
import { required, text } from '../wire/shape.ts';
import { noSuchQueue } from './errors.ts';
import type { Messages } from './messages.ts';
import type { Queue, Queues } from './queues.ts';
import type { Waiters } from './waiters.ts';

export interface Sqs {
  readonly account: Account;
  readonly clock: Clock;
  readonly queues: Queues;
  readonly messages: Messages;
  readonly waiters: Waiters;
}

export const queueUrl = { QueueUrl: required(text()) };

/** Returns a queue's URL under the origin by which the client reached the server. */
export function urlOf({ account }: Sqs, origin: string, queue: Queue): string {
  return `${origin}/${account.accountId}/${queue.name}`;
}

/** Returns the ARN of a queue. */
export function queueArn({ account }: Sqs, queue: Queue): string {
  return arnOf('sqs', account, queue.name);
}

/**
 * Returns the queue of a URL. Only the path counts: a URL from before a restart names the same queue, though
 * the server may have another port now.
 *
 * @throws QueueDoesNotExist
 */
export function queueOf({ account, queues }: Sqs, { QueueUrl }: { readonly QueueUrl: string }): Queue {
  const [accountId, name] = QueueUrl.split('/').slice(-2);
  const queue = accountId === account.accountId && name !== undefined ? queues.byName(name) : undefined;
  if (queue === undefined) throw noSuchQueue();
  return queue;
}

/** Returns the queue of an ARN, or undefined where there is none. */
export function queueOfArn(sqs: Sqs, arn: string): Queue | undefined {
  const queue = sqs.queues.byName(arn.slice(arn.lastIndexOf(':') + 1));
  return queue !== undefined && queueArn(sqs, queue) === arn ? queue : undefined;
}
