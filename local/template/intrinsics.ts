/**
 * CloudFormation's intrinsic functions, as far as the CDK uses them for resources that run locally. `Scope`
 * resolves references to resources; an unknown intrinsic throws, because a guess would leave a function wired
 * to nothing.
 */

/** Resolves the names inside one stack. */
export interface Scope {
  readonly stack: string;
  /** Returns the `Ref` of a resource, parameter or pseudo parameter of this stack. */
  ref(logicalId: string): unknown;
  attribute(logicalId: string, name: string): unknown;
  importValue(exportName: string): unknown;
  condition(name: string): unknown;
  mapping(name: string, key: string, second: string): unknown;
}

/** The value of `{ Ref: AWS::NoValue }`: its property is omitted. */
const NO_VALUE = Symbol('AWS::NoValue');

/** Returns the value with every intrinsic function evaluated; throws on an unknown one. */
export function resolve(value: unknown, scope: Scope): unknown {
  const resolved = resolveNode(value, scope);
  return resolved === NO_VALUE ? undefined : resolved;
}

/** Returns whether a named condition of the stack is true. */
export function isConditionTrue(name: string, scope: Scope): boolean {
  return resolve(scope.condition(name), scope) === true;
}

function resolveNode(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolveNode(item, scope)).filter((item) => item !== NO_VALUE);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only && isIntrinsic(only[0])) return call(only[0], only[1], scope);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, resolveNode(item, scope)]).filter(([, item]) => item !== NO_VALUE),
  );
}

function isIntrinsic(key: string): boolean {
  return key === 'Ref' || key === 'Condition' || key.startsWith('Fn::');
}

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, scope) => (name === 'AWS::NoValue' ? NO_VALUE : scope.ref(text(name, scope))),
  Condition: (name, scope) => isConditionTrue(text(name, scope), scope),
  'Fn::GetAtt': (argument, scope) => {
    const [logicalId, ...path] = typeof argument === 'string' ? argument.split('.') : list(argument, scope);
    return scope.attribute(String(logicalId), path.join('.'));
  },
  'Fn::Join': (argument, scope) => {
    const [delimiter, parts] = list(argument, scope);
    return list(parts, scope).join(String(delimiter));
  },
  'Fn::Sub': (argument, scope) => {
    const [template, variables] = typeof argument === 'string' ? [argument] : list(argument, scope);
    return substitute(String(template), variables, scope);
  },
  'Fn::Select': (argument, scope) => {
    const [index, items] = list(argument, scope);
    return list(items, scope)[Number(index)];
  },
  'Fn::Split': (argument, scope) => {
    const [delimiter, source] = list(argument, scope);
    return String(source).split(String(delimiter));
  },
  'Fn::ImportValue': (name, scope) => scope.importValue(text(name, scope)),
  'Fn::If': (argument, scope) => {
    // Only the selected branch is resolved: the other may refer to a resource of another region.
    const [condition, whenTrue, whenFalse] = argument as [string, unknown, unknown];
    return resolveNode(isConditionTrue(condition, scope) ? whenTrue : whenFalse, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = list(argument, scope);
    return left === right;
  },
  'Fn::Not': (argument, scope) => list(argument, scope)[0] !== true,
  'Fn::And': (argument, scope) => list(argument, scope).every((value) => value === true),
  'Fn::Or': (argument, scope) => list(argument, scope).some((value) => value === true),
  'Fn::FindInMap': (argument, scope) => {
    const [name, key, second] = list(argument, scope).map(String);
    return scope.mapping(name ?? '', key ?? '', second ?? '');
  },
};

function call(name: string, argument: unknown, scope: Scope): unknown {
  const intrinsic = INTRINSICS[name];
  if (!intrinsic) throw new Error(`${scope.stack}: the intrinsic function ${name} is not supported locally`);
  return intrinsic(argument, scope);
}

function substitute(template: string, variables: unknown, scope: Scope): string {
  const given = (variables ?? {}) as Record<string, unknown>;
  return template.replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (name in given) return String(given[name]);
    const [logicalId = '', ...path] = name.split('.');
    return String(path.length === 0 ? scope.ref(logicalId) : scope.attribute(logicalId, path.join('.')));
  });
}

function list(argument: unknown, scope: Scope): unknown[] {
  const resolved = resolveNode(argument, scope);
  if (!Array.isArray(resolved))
    throw new Error(`${scope.stack}: expected a list, not ${JSON.stringify(argument)}`);
  return resolved;
}

function text(argument: unknown, scope: Scope): string {
  const resolved = resolveNode(argument, scope);
  if (typeof resolved !== 'string') {
    throw new Error(`${scope.stack}: expected a name, not ${JSON.stringify(argument)}`);
  }
  return resolved;
}
