/** ListQueues, by name. As on AWS there is a next page only for callers who say how long a page is. */
import { operation } from '../../wire/json-service.ts';
import { integer, text } from '../../wire/shape.ts';
import { LIST_QUEUES_MAX } from '../limits.ts';
import { invalidValue } from '../refusals.ts';
import { type Sqs, urlOf } from '../sqs.ts';

export const listQueues = (sqs: Sqs) =>
  operation(
    { QueueNamePrefix: text(), NextToken: text(), MaxResults: integer() },
    ({ QueueNamePrefix = '', NextToken = '', MaxResults }, { origin }) => {
      const limit = MaxResults ?? LIST_QUEUES_MAX;
      if (limit < 1 || limit > LIST_QUEUES_MAX) {
        throw invalidValue(
          limit,
          'MaxResults',
          `MaxResults must be an integer between 1 and ${LIST_QUEUES_MAX}.`,
        );
      }
      const rest = sqs.queues
        .all()
        .filter(({ name }) => name.startsWith(QueueNamePrefix) && name > NextToken);
      const page = rest.slice(0, limit);
      return {
        QueueUrls: page.length > 0 ? page.map((queue) => urlOf(sqs, origin, queue)) : undefined,
        NextToken: MaxResults !== undefined && rest.length > limit ? page.at(-1)?.name : undefined,
      };
    },
  );
