/**
 * EventBridge rules with an event pattern, and the functions that they target. Targets of any other kind,
 * custom buses and input transformers are rejected by name: none of them is run locally.
 */
import * as v from 'valibot';
import type {
  EventRuleDescription,
  EventTargetDescription,
  FunctionDescription,
  QueueDescription,
} from '../description.ts';
import type { ResolvedResource, ResolvedStacks } from '../resolved-stacks.ts';
import { CfnNumber, parseProperties, RuleState } from './properties.ts';
import { functionOf, queueOf } from './references.ts';

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
  State: RuleState,
  Targets: v.optional(v.array(Target), []),
});

/** Returns the rules; throws where a rule or a target needs what is not run locally. */
export function describeEventRules(
  stacks: ResolvedStacks,
  functions: readonly FunctionDescription[],
  queues: readonly QueueDescription[],
): EventRuleDescription[] {
  return stacks.all('AWS::Events::Rule').flatMap((resource) => {
    const properties = parseProperties(RuleProperties, resource);
    if (properties.EventPattern === undefined) {
      if (properties.ScheduleExpression !== undefined) return [];
      throw new Error(`${resource.stack}/${resource.logicalId} has neither an event pattern nor a schedule`);
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
