/**
 * The functions to run, each with its code where the CDK staged it. Functions that exist only to serve a
 * deployment (behind a custom resource) are CloudFormation's own and have nothing to do here.
 */
import * as v from 'valibot';
import type { FunctionDescription } from '../description.ts';
import type { ResolvedResource, World } from '../world.ts';
import { CfnNumber, parseProperties } from './properties.ts';

const FunctionProperties = v.object({
  Code: v.object({ S3Key: v.string() }),
  Handler: v.string(),
  Environment: v.optional(v.object({ Variables: v.optional(v.record(v.string(), v.string()), {}) })),
  Timeout: v.optional(CfnNumber, 3),
  MemorySize: v.optional(CfnNumber, 128),
  ReservedConcurrentExecutions: v.optional(CfnNumber),
});

export function describeFunctions(world: World): FunctionDescription[] {
  const deploymentOnly = new Set(serviceTokens(world));
  return world
    .all('AWS::Lambda::Function')
    .filter(({ identity }) => !deploymentOnly.has(identity.attribute('Arn')))
    .map((resource) => describeFunction(resource, world));
}

function describeFunction(resource: ResolvedResource, world: World): FunctionDescription {
  const properties = parseProperties(FunctionProperties, resource);
  const env = properties.Environment?.Variables ?? {};
  return {
    logicalId: resource.logicalId,
    name: resource.identity.ref,
    arn: resource.identity.attribute('Arn') ?? '',
    folder: env['POWERTOOLS_SERVICE_NAME'] ?? resource.logicalId,
    assetPath: assetPath(resource, properties.Code.S3Key, world),
    handler: properties.Handler,
    env,
    timeoutMs: properties.Timeout * 1000,
    memoryMb: properties.MemorySize,
    ...(properties.ReservedConcurrentExecutions !== undefined && {
      concurrencyMax: properties.ReservedConcurrentExecutions,
    }),
  };
}

/** The asset's key in the bootstrap bucket ends in its hash, and the stack's asset manifest knows its folder. */
function assetPath({ stack, logicalId }: ResolvedResource, s3Key: string, world: World): string {
  const hash = s3Key.replace(/^.*\//, '').replace(/\.\w+$/, '');
  const path = world.stacks.find(({ name }) => name === stack)?.assets.get(hash);
  if (path === undefined) throw new Error(`${stack}/${logicalId}: the assembly has no asset ${s3Key}`);
  return path;
}

function serviceTokens(world: World): (string | undefined)[] {
  const types = world.resources.map(({ type }) => type).filter(isCustomResource);
  return world.all(...types).map(({ properties }) => (properties as { ServiceToken?: string }).ServiceToken);
}

export function isCustomResource(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}
