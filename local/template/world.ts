/**
 * The stacks seen as one world: names lead from any template to the resource they mean, across stacks.
 * Everything that describes a part of the local cloud asks here for resources by type, resolved.
 */
import type { Resource, StackTemplate } from './assembly.ts';
import { conditionHolds, resolve, type Scope } from './intrinsics.ts';
import { ACCOUNT_ID, type Addresses, type Identity, identify, REGION } from './names.ts';

/** A resource whose properties hold plain values only. */
export interface ResolvedResource extends Resource {
  readonly identity: Identity;
}

export interface World {
  readonly stacks: readonly StackTemplate[];
  /** Every resource whose condition, if it has one, holds. */
  readonly resources: readonly Resource[];
  /** The resources of these types, resolved, in the order the templates name them. */
  all(...types: string[]): ResolvedResource[];
}

const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT_ID,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

export function openWorld(stacks: readonly StackTemplate[], addresses: Addresses): World {
  const standing = stacks.flatMap((stack) => {
    const scope = scopeOf(stack, stacks, addresses);
    return [...stack.resources.values()]
      .filter(({ condition }) => condition === undefined || conditionHolds(condition, scope))
      .map((resource) => ({ resource, scope }));
  });

  return {
    stacks,
    resources: standing.map(({ resource }) => resource),
    all: (...types) =>
      standing
        .filter(({ resource }) => types.includes(resource.type))
        .map(({ resource, scope }) => ({
          ...resource,
          properties: resolve(resource.properties, scope),
          identity: identify(resource, addresses),
        })),
  };
}

function scopeOf(stack: StackTemplate, stacks: readonly StackTemplate[], addresses: Addresses): Scope {
  const resourceNamed = (logicalId: string) => {
    const resource = stack.resources.get(logicalId);
    if (!resource) throw new Error(`${stack.name}: nothing is called ${logicalId}`);
    return resource;
  };

  const scope: Scope = {
    stack: stack.name,
    ref(logicalId) {
      const pseudo = PSEUDO_PARAMETERS[logicalId];
      if (pseudo !== undefined) return pseudo;
      if (logicalId === 'AWS::StackName') return stack.name;
      if (stack.parameters.has(logicalId)) return stack.parameters.get(logicalId);
      return identify(resourceNamed(logicalId), addresses).ref;
    },
    attribute(logicalId, name) {
      const resource = resourceNamed(logicalId);
      const value = identify(resource, addresses).attribute(name);
      if (value !== undefined) return value;
      throw new Error(`${stack.name}: a local ${resource.type} (${logicalId}) has no attribute ${name}`);
    },
    importValue(exportName) {
      for (const other of stacks) {
        const otherScope = () => scopeOf(other, stacks, addresses);
        const found = other.exports.find(({ name }) => resolve(name, otherScope()) === exportName);
        if (found) return resolve(found.value, otherScope());
      }
      throw new Error(`${stack.name}: no stack exports ${exportName}`);
    },
    condition(name) {
      if (!stack.conditions.has(name)) throw new Error(`${stack.name}: there is no condition ${name}`);
      return stack.conditions.get(name);
    },
    mapping(name, key, second) {
      const mappings = stack.mappings as Record<string, Record<string, Record<string, unknown>>>;
      const value = mappings[name]?.[key]?.[second];
      if (value === undefined) throw new Error(`${stack.name}: mapping ${name} has no ${key}.${second}`);
      return value;
    },
  };
  return scope;
}
