/**
 * What runs by the clock: EventBridge rules with a schedule, and EventBridge Scheduler's schedules. What a rule waits
 * for besides is described with the event rules.
 */
import * as v from 'valibot';
import type { ScheduleDescription } from '../description.ts';
import type { ResolvedResource, World } from '../world.ts';
import { functionNameOf } from './function-name.ts';
import { parseProperties } from './properties.ts';

const TIMEZONE_DEFAULT = 'UTC';

const Target = v.object({
  Arn: v.string(),
  Input: v.optional(v.string()),
  InputPath: v.optional(v.never('an input path is not run locally')),
  InputTransformer: v.optional(v.never('an input transformer is not run locally')),
});

const State = v.optional(v.picklist(['ENABLED', 'DISABLED']), 'ENABLED');

const RuleProperties = v.object({
  ScheduleExpression: v.optional(v.string()),
  State,
  Targets: v.optional(v.array(Target), []),
});

const ScheduleProperties = v.object({
  ScheduleExpression: v.string(),
  ScheduleExpressionTimezone: v.optional(v.string(), TIMEZONE_DEFAULT),
  State,
  Target: v.object({ Arn: v.string(), Input: v.optional(v.string()) }),
});

export function describeSchedules(world: World): ScheduleDescription[] {
  return [
    ...world.all('AWS::Events::Rule').flatMap(fromRule),
    ...world.all('AWS::Scheduler::Schedule').map(fromSchedule),
  ];
}

function fromRule(resource: ResolvedResource): ScheduleDescription[] {
  const properties = parseProperties(RuleProperties, resource);
  if (properties.ScheduleExpression === undefined) return [];
  return [
    {
      name: resource.identity.ref,
      expression: properties.ScheduleExpression,
      timezone: TIMEZONE_DEFAULT,
      enabled: properties.State === 'ENABLED',
      targets: properties.Targets.map(toTarget),
    },
  ];
}

function fromSchedule(resource: ResolvedResource): ScheduleDescription {
  const properties = parseProperties(ScheduleProperties, resource);
  return {
    name: resource.identity.ref,
    expression: properties.ScheduleExpression,
    timezone: properties.ScheduleExpressionTimezone,
    enabled: properties.State === 'ENABLED',
    targets: [toTarget(properties.Target)],
  };
}

function toTarget({ Arn, Input }: { readonly Arn: string; readonly Input?: string | undefined }) {
  return {
    functionName: functionNameOf(Arn),
    ...(Input !== undefined && { input: JSON.parse(Input) as unknown }),
  };
}
