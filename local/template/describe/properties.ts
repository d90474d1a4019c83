/** Parses a resource's resolved properties, and says which resource it was when they are not as expected. */
import * as v from 'valibot';
import type { ResolvedResource } from '../world.ts';

export function parseProperties<Schema extends v.GenericSchema>(
  schema: Schema,
  { stack, logicalId, type, properties }: ResolvedResource,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, properties);
  if (parsed.success) return parsed.output;
  throw new Error(
    `${stack}/${logicalId} (${type}) is not as the local cloud can run it:\n${v.summarize(parsed.issues)}`,
  );
}

/** CloudFormation takes numbers and booleans as strings, too. */
export const CfnNumber = v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.number());
export const CfnBoolean = v.pipe(
  v.union([v.boolean(), v.string()]),
  v.transform((value) => value === true || value === 'true'),
);
