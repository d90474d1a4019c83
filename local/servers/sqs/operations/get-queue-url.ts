/** GetQueueUrl: a queue by its name. */
import { operation } from '../../wire/json-service.ts';
import { required, text } from '../../wire/shape.ts';
import { noSuchQueue } from '../refusals.ts';
import { type Sqs, urlOf } from '../sqs.ts';

export const getQueueUrl = (sqs: Sqs) =>
  operation({ QueueName: required(text()), QueueOwnerAWSAccountId: text() }, (input, { origin }) => {
    const { QueueName, QueueOwnerAWSAccountId: owner = sqs.account.accountId } = input;
    const queue = owner === sqs.account.accountId ? sqs.queues.byName(QueueName) : undefined;
    if (queue === undefined) throw noSuchQueue();
    return { QueueUrl: urlOf(sqs, origin, queue) };
  });
