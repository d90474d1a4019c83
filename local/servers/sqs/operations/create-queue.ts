/** CreateQueue. For an existing queue with the same attributes it returns the queue; other attributes are rejected. */
import { operation } from '../../wire/json-service.ts';
import { mapOf, required, text } from '../../wire/shape.ts';
import { invalidValue, queueExists } from '../errors.ts';
import { DEFAULT_SETTINGS, withChanges } from '../settings.ts';
import { queueOfArn, type Sqs, urlOf } from '../sqs.ts';

export const createQueue = (sqs: Sqs) =>
  operation(
    { QueueName: required(text()), Attributes: mapOf(required(text())) },
    ({ QueueName, Attributes = new Map() }, { origin }) => {
      if (!/^[\w-]{1,80}$/.test(QueueName)) {
        throw invalidValue(
          QueueName,
          'QueueName',
          'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
        );
      }
      const isQueue = (arn: string) => queueOfArn(sqs, arn) !== undefined;
      const settings = withChanges(DEFAULT_SETTINGS, Attributes, isQueue);
      const existing = sqs.queues.byName(QueueName);
      if (existing === undefined) {
        return { QueueUrl: urlOf(sqs, origin, sqs.queues.create(QueueName, settings, sqs.clock.nowMs())) };
      }
      for (const name of Attributes.keys()) {
        if (existing.settings[name] !== settings[name]) throw queueExists(name);
      }
      return { QueueUrl: urlOf(sqs, origin, existing) };
    },
  );
