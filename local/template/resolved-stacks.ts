/**
 * The stacks of an assembly with their references resolved, across stacks. Every description of a part of the
 * local cloud reads its resources here, by type.
 */
import type { Resource, StackTemplate } from './assembly.ts';
import { isConditionTrue, resolve, type Scope } from './intrinsics.ts';
import { ACCOUNT_ID, type Addresses, type Identity, identify, REGION } from './names.ts';

/** A resource whose properties are plain values, without intrinsic functions. */
export interface ResolvedResource extends Resource {
  readonly identity: Identity;
}

export interface ResolvedStacks {
  readonly templates: readonly StackTemplate[];
  /** Every resource that has no condition, or one that is true. */
  readonly resources: readonly Resource[];
  /** Returns the resolved resources of these types in template order; throws on an unresolvable reference. */
  all(...types: string[]): ResolvedResource[];
}

const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT_ID,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Returns the stacks resolved, with the names that the local cloud gives to resources. */
export function resolveStacks(templates: readonly StackTemplate[], addresses: Addresses): ResolvedStacks {
  const existing = templates.flatMap((stack) => {
    const scope = scopeOf(stack, templates, addresses);
    return [...stack.resources.values()]
      .filter(({ condition }) => condition === undefined || isConditionTrue(condition, scope))
      .map((resource) => ({ resource, scope }));
  });

  return {
    templates,
    resources: existing.map(({ resource }) => resource),
    all: (...types) =>
      existing
        .filter(({ resource }) => types.includes(resource.type))
        .map(({ resource, scope }) => ({
          ...resource,
          properties: resolve(resource.properties, scope),
          identity: identify(resource, addresses),
        })),
  };
}

function scopeOf(stack: StackTemplate, templates: readonly StackTemplate[], addresses: Addresses): Scope {
  const resourceNamed = (logicalId: string) => {
    const resource = stack.resources.get(logicalId);
    if (!resource) throw new Error(`${stack.name}: there is no resource ${logicalId}`);
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
      for (const other of templates) {
        const otherScope = () => scopeOf(other, templates, addresses);
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
