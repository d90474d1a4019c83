/**
 * EventBridge rules that wait for events: the pattern as it is written, and the functions that are told. Targets of any
 * other kind, buses of one's own and inputs made out of the event are refused by name: none of it is run here.
 */
import * as v from 'valibot';
import type {
  EventRuleDescription,
  EventTargetDescription,
  FunctionDescription,
  QueueDescription,
} from '../description.ts';
import type { ResolvedResource, World } from '../world.ts';
import { functionOf, queueOf } from './event-ends.ts';
import { CfnNumber, parseProperties } from './properties.ts';

const Target = v.object({
  Arn: v.string(),
  Input: v.optional(v.string()),
  InputPath: v.optional(v.never('an input path is not run locally')),
  InputTransformer: v.optional(v.never('an input transformer is not run locally')),
  DeadLetterConfig: v.optional(v.object({ Arn: v.optional(v.string()) })),
  RetryPolicy: v.optional(
    v.object({
      MaximumRetryAttempts: v.optional(CfnNumber),
      MaximumEventAgeInSeconds: v.optional(CfnNumber),
    }),
    {},
  ),
});

const RuleProperties = v.object({
  EventPattern: v.optional(v.record(v.string(), v.unknown())),
  ScheduleExpression: v.optional(v.string()),
  EventBusName: v.optional(v.literal('default', 'only the default event bus is run locally')),
  State: v.optional(v.picklist(['ENABLED', 'DISABLED']), 'ENABLED'),
  Targets: v.optional(v.array(Target), []),
});

export function describeEventRules(
  world: World,
  functions: readonly FunctionDescription[],
  queues: readonly QueueDescription[],
): EventRuleDescription[] {
  return world.all('AWS::Events::Rule').flatMap((resource) => {
    const properties = parseProperties(RuleProperties, resource);
    if (properties.EventPattern === undefined) {
      if (properties.ScheduleExpression !== undefined) return [];
      throw new Error(`${resource.stack}/${resource.logicalId} waits neither for an event nor for a time`);
    }
    return [
      {
        name: resource.identity.ref,
        arn: resource.identity.attribute('Arn') ?? '',
        pattern: properties.EventPattern,
        enabled: properties.State === 'ENABLED',
        targets: properties.Targets.map((target) => describeTarget(target, resource, functions, queues)),
      },
    ];
  });
}

function describeTarget(
  { Arn, Input, DeadLetterConfig, RetryPolicy }: v.InferOutput<typeof Target>,
  resource: ResolvedResource,
  functions: readonly FunctionDescription[],
  queues: readonly QueueDescription[],
): EventTargetDescription {
  const { name, arn } = functionOf(Arn, functions, resource);
  return {
    functionName: name,
    functionArn: arn,
    ...(Input !== undefined && { input: JSON.parse(Input) as unknown }),
    ...(RetryPolicy.MaximumRetryAttempts !== undefined && { retriesMax: RetryPolicy.MaximumRetryAttempts }),
    ...(RetryPolicy.MaximumEventAgeInSeconds !== undefined && {
      eventAgeMsMax: RetryPolicy.MaximumEventAgeInSeconds * 1000,
    }),
    ...(DeadLetterConfig?.Arn !== undefined && {
      deadLetterQueueUrl: queueOf(DeadLetterConfig.Arn, queues, resource).url,
    }),
  };
}
