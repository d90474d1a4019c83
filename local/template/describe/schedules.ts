/**
 * EventBridge rules with a schedule; rules with an event pattern are described in event-rules.ts. EventBridge
 * Scheduler, a service of its own, is not run locally.
 */
import * as v from 'valibot';
import type { ScheduleDescription } from '../description.ts';
import type { ResolvedStacks } from '../resolved-stacks.ts';
import { parseProperties, RuleState } from './properties.ts';
import { functionNameOf } from './references.ts';

const Target = v.object({
  Arn: v.string(),
  Input: v.optional(v.string()),
  InputPath: v.optional(v.never('an input path is not run locally')),
  InputTransformer: v.optional(v.never('an input transformer is not run locally')),
});

const RuleProperties = v.object({
  ScheduleExpression: v.optional(v.string()),
  State: RuleState,
  Targets: v.optional(v.array(Target), []),
});

/** Returns the schedules; throws where a target needs what is not run locally. */
export function describeSchedules(stacks: ResolvedStacks): ScheduleDescription[] {
  return stacks.all('AWS::Events::Rule').flatMap((resource) => {
    const properties = parseProperties(RuleProperties, resource);
    if (properties.ScheduleExpression === undefined) return [];
    return [
      {
        name: resource.identity.ref,
        expression: properties.ScheduleExpression,
        enabled: properties.State === 'ENABLED',
        targets: properties.Targets.map(({ Arn, Input }) => ({
          functionName: functionNameOf(Arn),
          ...(Input !== undefined && { input: JSON.parse(Input) as unknown }),
        })),
      },
    ];
  });
}
