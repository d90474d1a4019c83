/** Parsing of a resource's resolved properties, and the value types that several resources share. */
import * as v from 'valibot';
import type { ResolvedResource } from '../resolved-stacks.ts';

/**
 * Returns the parsed properties; throws with the resource's id and every issue where they do not fit the
 * schema.
 */
export function parseProperties<Schema extends v.GenericSchema>(
  schema: Schema,
  { stack, logicalId, type, properties }: ResolvedResource,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, properties);
  if (parsed.success) return parsed.output;
  throw new Error(`${stack}/${logicalId} (${type}) cannot be run locally:\n${v.summarize(parsed.issues)}`);
}

/** CloudFormation accepts numbers and booleans as strings, too. */
export const CfnNumber = v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.number());
export const CfnBoolean = v.pipe(
  v.union([v.boolean(), v.string()]),
  v.transform((value) => value === true || value === 'true'),
);

/** The state of an EventBridge rule. */
export const RuleState = v.optional(v.picklist(['ENABLED', 'DISABLED']), 'ENABLED');
