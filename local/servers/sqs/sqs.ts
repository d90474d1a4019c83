/** What every operation works with: the state, the time, and how a queue is named. */
import { type Account, arnOf } from '../wire/account.ts';
import type { Clock } from '../wire/clock.ts';
import { required, text } from '../wire/shape.ts';
import type { Bell } from './bell.ts';
import type { Messages } from './messages.ts';
import type { Queue, Queues } from './queues.ts';
import { noSuchQueue } from './refusals.ts';

export interface Sqs {
  readonly account: Account;
  readonly clock: Clock;
  readonly queues: Queues;
  readonly messages: Messages;
  readonly bell: Bell;
}

export const queueUrl = { QueueUrl: required(text()) };

export function urlOf({ account }: Sqs, origin: string, queue: Queue): string {
  return `${origin}/${account.accountId}/${queue.name}`;
}

export function queueArn({ account }: Sqs, queue: Queue): string {
  return arnOf('sqs', account, queue.name);
}

/**
 * The queue of a URL. Only the path counts: a URL kept from before a restart names the same queue, though
 * the server may now be found under another port.
 */
export function queueOf({ account, queues }: Sqs, { QueueUrl }: { readonly QueueUrl: string }): Queue {
  const [accountId, name] = QueueUrl.split('/').slice(-2);
  const queue = accountId === account.accountId && name !== undefined ? queues.byName(name) : undefined;
  if (queue === undefined) throw noSuchQueue();
  return queue;
}

export function queueOfArn(sqs: Sqs, arn: string): Queue | undefined {
  return sqs.queues.all().find((queue) => queueArn(sqs, queue) === arn);
}
