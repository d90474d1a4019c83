/**
 * What becomes of events that a function fails at when it is invoked asynchronously. A template says it in two places:
 * in an EventInvokeConfig (tries, age, an on-failure destination) and in the function itself (a dead-letter queue).
 */
import * as v from 'valibot';
import type { EventInvokeDescription, FunctionDescription, QueueDescription } from '../description.ts';
import type { World } from '../world.ts';
import { functionOf, queueOf } from './event-ends.ts';
import { CfnNumber, parseProperties } from './properties.ts';

const InvokeProperties = v.object({
  FunctionName: v.string(),
  Qualifier: v.optional(v.literal('$LATEST', 'versions and aliases are not run locally')),
  MaximumRetryAttempts: v.optional(CfnNumber),
  MaximumEventAgeInSeconds: v.optional(CfnNumber),
  DestinationConfig: v.optional(
    v.object({
      OnFailure: v.optional(v.object({ Destination: v.string() })),
      OnSuccess: v.optional(v.never('a destination of successes is not run locally')),
    }),
  ),
});

const FunctionProperties = v.object({
  DeadLetterConfig: v.optional(v.object({ TargetArn: v.optional(v.string()) })),
});

/** One for each function that says anything; the others have Lambda's defaults. */
export function describeEventInvokes(
  world: World,
  functions: readonly FunctionDescription[],
  queues: readonly QueueDescription[],
): EventInvokeDescription[] {
  const described = new Map<string, EventInvokeDescription>();
  const add = ({ name, arn }: FunctionDescription, said: Partial<EventInvokeDescription>) =>
    described.set(name, { functionName: name, functionArn: arn, ...described.get(name), ...said });

  for (const resource of world.all('AWS::Lambda::EventInvokeConfig')) {
    const properties = parseProperties(InvokeProperties, resource);
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = properties;
    const destination = DestinationConfig?.OnFailure?.Destination;
    add(functionOf(properties.FunctionName, functions, resource), {
      ...(MaximumRetryAttempts !== undefined && { retriesMax: MaximumRetryAttempts }),
      ...(MaximumEventAgeInSeconds !== undefined && { eventAgeMsMax: MaximumEventAgeInSeconds * 1000 }),
      ...(destination !== undefined && { onFailureQueueUrl: queueOf(destination, queues, resource).url }),
    });
  }
  for (const resource of world.all('AWS::Lambda::Function')) {
    const target = parseProperties(FunctionProperties, resource).DeadLetterConfig?.TargetArn;
    const found = functions.find(({ name }) => name === resource.identity.ref);
    // What serves only the deployment is not run here, and neither are its dead letters.
    if (target === undefined || found === undefined) continue;
    add(found, { deadLetterQueueUrl: queueOf(target, queues, resource).url });
  }
  return [...described.values()];
}
