/**
 * SQS queues, with the attributes of CreateQueue: strings, the redrive policy as JSON. CloudFormation and SQS
 * use the same attribute names.
 */
import * as v from 'valibot';
import type { QueueDescription } from '../description.ts';
import type { ResolvedStacks } from '../resolved-stacks.ts';
import { CfnNumber, parseProperties } from './properties.ts';

const Scalar = v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String));

const QueueProperties = v.object({
  DelaySeconds: v.optional(Scalar),
  MaximumMessageSize: v.optional(Scalar),
  MessageRetentionPeriod: v.optional(Scalar),
  ReceiveMessageWaitTimeSeconds: v.optional(Scalar),
  VisibilityTimeout: v.optional(Scalar),
  RedrivePolicy: v.optional(v.object({ deadLetterTargetArn: v.string(), maxReceiveCount: CfnNumber })),
});

/** Returns the queues. */
export function describeQueues(stacks: ResolvedStacks): QueueDescription[] {
  return stacks.all('AWS::SQS::Queue').map((resource) => {
    const properties = parseProperties(QueueProperties, resource);
    const attributes = Object.entries(properties)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
    return {
      logicalId: resource.logicalId,
      queueName: resource.identity.attribute('QueueName') ?? '',
      url: resource.identity.ref,
      arn: resource.identity.attribute('Arn') ?? '',
      attributes: Object.fromEntries(attributes),
    };
  });
}
