/**
 * The retries and the failure destinations of asynchronous invocations. A template declares them in two
 * places: in an EventInvokeConfig (retries, age, on-failure destination) and in the function itself
 * (dead-letter queue).
 */
import * as v from 'valibot';
import type { EventInvokeConfigDescription, FunctionDescription, QueueDescription } from '../description.ts';
import type { ResolvedStacks } from '../resolved-stacks.ts';
import { CfnNumber, parseProperties } from './properties.ts';
import { functionOf, queueOf } from './references.ts';

const InvokeProperties = v.object({
  FunctionName: v.string(),
  Qualifier: v.optional(v.literal('$LATEST', 'versions and aliases are not run locally')),
  MaximumRetryAttempts: v.optional(CfnNumber),
  MaximumEventAgeInSeconds: v.optional(CfnNumber),
  DestinationConfig: v.optional(
    v.object({
      OnFailure: v.optional(v.object({ Destination: v.string() })),
      OnSuccess: v.optional(v.never('an on-success destination is not run locally')),
    }),
  ),
});

const FunctionProperties = v.object({
  DeadLetterConfig: v.optional(v.object({ TargetArn: v.optional(v.string()) })),
});

/** Returns one description for each function that declares any; the others have Lambda's defaults. */
export function describeEventInvokeConfigs(
  stacks: ResolvedStacks,
  functions: readonly FunctionDescription[],
  queues: readonly QueueDescription[],
): EventInvokeConfigDescription[] {
  const described = new Map<string, EventInvokeConfigDescription>();
  const add = ({ name, arn }: FunctionDescription, declared: Partial<EventInvokeConfigDescription>) =>
    described.set(name, { functionName: name, functionArn: arn, ...described.get(name), ...declared });

  for (const resource of stacks.all('AWS::Lambda::EventInvokeConfig')) {
    const properties = parseProperties(InvokeProperties, resource);
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = properties;
    const destination = DestinationConfig?.OnFailure?.Destination;
    add(functionOf(properties.FunctionName, functions, resource), {
      ...(MaximumRetryAttempts !== undefined && { retriesMax: MaximumRetryAttempts }),
      ...(MaximumEventAgeInSeconds !== undefined && { eventAgeMsMax: MaximumEventAgeInSeconds * 1000 }),
      ...(destination !== undefined && { onFailureQueueUrl: queueOf(destination, queues, resource).url }),
    });
  }
  for (const resource of stacks.all('AWS::Lambda::Function')) {
    const target = parseProperties(FunctionProperties, resource).DeadLetterConfig?.TargetArn;
    const found = functions.find(({ name }) => name === resource.identity.ref);
    // Functions of the deployment alone are not run locally.
    if (target === undefined || found === undefined) continue;
    add(found, { deadLetterQueueUrl: queueOf(target, queues, resource).url });
  }
  return [...described.values()];
}
