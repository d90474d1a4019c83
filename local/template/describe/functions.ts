/**
 * The functions to run, each with the path of its staged code. Functions that only serve a deployment (behind
 * a custom resource) are omitted.
 */
import * as v from 'valibot';
import type { FunctionDescription } from '../description.ts';
import type { ResolvedResource, ResolvedStacks } from '../resolved-stacks.ts';
import { CfnNumber, parseProperties } from './properties.ts';

const FunctionProperties = v.object({
  Code: v.object({ S3Key: v.string() }),
  Handler: v.string(),
  Environment: v.optional(v.object({ Variables: v.optional(v.record(v.string(), v.string()), {}) })),
  Timeout: v.optional(CfnNumber, 3),
  MemorySize: v.optional(CfnNumber, 128),
  ReservedConcurrentExecutions: v.optional(CfnNumber),
});

/** Returns the functions; throws where the assembly lacks the code of one. */
export function describeFunctions(stacks: ResolvedStacks): FunctionDescription[] {
  const deploymentOnly = new Set(serviceTokens(stacks));
  return stacks
    .all('AWS::Lambda::Function')
    .filter(({ identity }) => !deploymentOnly.has(identity.attribute('Arn')))
    .map((resource) => describeFunction(resource, stacks));
}

function describeFunction(resource: ResolvedResource, stacks: ResolvedStacks): FunctionDescription {
  const properties = parseProperties(FunctionProperties, resource);
  const env = properties.Environment?.Variables ?? {};
  return {
    logicalId: resource.logicalId,
    name: resource.identity.ref,
    arn: resource.identity.attribute('Arn') ?? '',
    folder: env['POWERTOOLS_SERVICE_NAME'] ?? resource.logicalId,
    assetPath: assetPath(resource, properties.Code.S3Key, stacks),
    handler: properties.Handler,
    env,
    timeoutMs: properties.Timeout * 1000,
    memoryMb: properties.MemorySize,
    ...(properties.ReservedConcurrentExecutions !== undefined && {
      concurrencyMax: properties.ReservedConcurrentExecutions,
    }),
  };
}

/**
 * The asset's key in the bootstrap bucket ends in its hash, by which the stack's asset manifest lists its
 * folder.
 */
function assetPath({ stack, logicalId }: ResolvedResource, s3Key: string, stacks: ResolvedStacks): string {
  const hash = s3Key.replace(/^.*\//, '').replace(/\.\w+$/, '');
  const path = stacks.templates.find(({ name }) => name === stack)?.assets.get(hash);
  if (path === undefined) throw new Error(`${stack}/${logicalId}: the assembly has no asset ${s3Key}`);
  return path;
}

function serviceTokens(stacks: ResolvedStacks): (string | undefined)[] {
  const types = stacks.resources.map(({ type }) => type).filter(isCustomResource);
  return stacks.all(...types).map(({ properties }) => (properties as { ServiceToken?: string }).ServiceToken);
}

/** Returns whether a resource type is a custom resource, which runs code during a deployment only. */
export function isCustomResource(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}
