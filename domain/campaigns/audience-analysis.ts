/**
 * The static analysis of an audience: which fields it reads, what of it is outside the language of audiences, and how
 * many steps it may take at most. The bound is added up over the syntax tree before the expression is ever evaluated.
 *
 * A list is assumed to be as long as it can be, and a loop to run for each item, so the bound holds for every profile.
 */
import type { ASTNode } from '@marcbachmann/cel-js';
import { PROFILE_FIELDS, PROFILE_PRODUCTS_MAX, type Profile } from '../people/customers/profile.ts';

/** A fault in the text of an audience. */
export interface AudienceFault {
  /** The first character, from 0. */
  readonly start: number;
  /** Behind the last character. */
  readonly end: number;
  /** A predicate of the part: `needs a name for each item …`. */
  readonly message: string;
}

export interface AudienceAnalysis {
  /** Parts outside the language; none for an expression that may be evaluated. */
  readonly faults: readonly AudienceFault[];
  /** The profile fields that it reads. */
  readonly fields: ReadonlyArray<keyof Profile>;
  readonly stepsMax: number;
}

/** The message for a loop without a variable, as for a call of a macro that the evaluator itself rejects. */
export const NO_LOOP_VARIABLE = 'needs a name for each item before the condition: exists(p, p == "A1")';

const isField = (name: string): name is keyof Profile => Object.hasOwn(PROFILE_FIELDS, name);

/** The largest value that an expression may have: a list with its largest item, or a text in stretches; else 1. */
interface Shape {
  readonly length: number;
  readonly item?: Shape;
}

interface Bound {
  readonly shape: Shape;
  /** Steps to evaluate it. */
  readonly steps: number;
}

/** Characters that are copied or compared in the time of one step. */
const STRETCH_LENGTH = 64;

const SINGLE: Shape = { length: 1 };
const ONE: Bound = { steps: 1, shape: SINGLE };
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const stepsOf = (bounds: readonly Bound[]): number => sum(bounds.map(({ steps }) => steps));
const sizeOf = ({ length, item }: Shape): number => length * (item === undefined ? 1 : sizeOf(item));

/** As large as either. */
function widest(a: Shape, b: Shape): Shape {
  const item = a.item === undefined || b.item === undefined ? (a.item ?? b.item) : widest(a.item, b.item);
  return { length: Math.max(a.length, b.length), ...(item === undefined ? {} : { item }) };
}

function joined(a: Shape, b: Shape): Shape {
  return { ...widest(a, b), length: a.length + b.length };
}

/** Functions and methods of the language, by name and number of arguments beside the receiver. */
const FUNCTIONS: Readonly<Record<string, number>> = { size: 1, double: 1 };
const METHODS: Readonly<Record<string, number>> = { size: 0, contains: 1, startsWith: 1, endsWith: 1 };
const MACROS: Readonly<Record<string, readonly number[]>> = {
  all: [2],
  exists: [2],
  exists_one: [2],
  filter: [2],
  map: [2, 3],
};

/** What the analysis has collected, and the loop variables in scope at a node. */
interface Scope {
  readonly faults: AudienceFault[];
  readonly fields: Set<keyof Profile>;
  readonly variables: ReadonlyMap<string, Bound>;
}

/** Returns the fields, the faults and the most steps of an expression. */
export function analyseAudience(root: ASTNode): AudienceAnalysis {
  const scope: Scope = { faults: [], fields: new Set(), variables: new Map() };
  const { steps } = boundOf(root, scope);
  return { faults: scope.faults, fields: [...scope.fields], stepsMax: steps };
}

/** Records a fault; the part counts as one step, so that the analysis goes on to the next. */
function reject(scope: Scope, { start, end }: ASTNode, message: string): Bound {
  scope.faults.push({ start, end, message });
  return ONE;
}

/** Returns the bound of a node. It has more than 70 lines because each kind of node is one short case. */
function boundOf(node: ASTNode, scope: Scope): Bound {
  const all = (nodes: readonly ASTNode[]): Bound[] => nodes.map((one) => boundOf(one, scope));
  switch (node.op) {
    case 'value':
      return literal(scope, node, node.args);
    case 'id':
      return identifier(scope, node, node.args);
    case 'list': {
      const items = all(node.args);
      const item = items.map(({ shape }) => shape).reduce(widest, SINGLE);
      return { steps: 1 + stepsOf(items), shape: { length: items.length, item } };
    }
    case '?:': {
      const [condition = ONE, yes = ONE, no = ONE] = all(node.args);
      return { steps: 1 + stepsOf([condition, yes, no]), shape: widest(yes.shape, no.shape) };
    }
    case '!_':
    case '-_':
      return { ...ONE, steps: 1 + boundOf(node.args, scope).steps };
    case '[]': {
      const [list = ONE, index = ONE] = all(node.args);
      return { steps: 1 + stepsOf([list, index]), shape: list.shape.item ?? SINGLE };
    }
    case '+': {
      const [left = ONE, right = ONE] = all(node.args);
      const shape = joined(left.shape, right.shape);
      return { steps: 1 + stepsOf([left, right]) + shape.length, shape };
    }
    case 'call': {
      const [name, args] = node.args;
      if (Object.hasOwn(FUNCTIONS, name) && FUNCTIONS[name] === args.length) return called(all(args));
      return reject(
        scope,
        node,
        `${name} with ${args.length} values is not a function of audiences: ${knownNames()}`,
      );
    }
    case 'rcall': {
      const [name, receiver, args] = node.args;
      if (Object.hasOwn(MACROS, name) && MACROS[name]?.includes(args.length))
        return loop(scope, node, name, boundOf(receiver, scope), args);
      if (Object.hasOwn(METHODS, name) && METHODS[name] === args.length)
        return called(all([receiver, ...args]));
      return reject(
        scope,
        node,
        `.${name} with ${args.length} values is not a method of audiences: ${knownNames()}`,
      );
    }
    case '.':
      return reject(
        scope,
        node,
        'refers to a part, but no field of a profile has parts; write its name alone',
      );
    default:
      if (!BINARY_OPERATORS.has(node.op))
        return reject(scope, node, 'is not part of the language of audiences');
      // The set cannot narrow the type: each of its operators has two sides.
      return compared(all(node.args as readonly ASTNode[]));
  }
}

/** The operators whose steps grow with the size of both sides. */
const BINARY_OPERATORS: ReadonlySet<string> = new Set([
  '==',
  '!=',
  'in',
  '&&',
  '||',
  '<',
  '<=',
  '>',
  '>=',
  '-',
  '*',
  '/',
  '%',
]);

const compared = (sides: readonly Bound[]): Bound => ({
  ...ONE,
  steps: 1 + stepsOf(sides) + sum(sides.map(({ shape }) => sizeOf(shape))),
});

function literal(scope: Scope, node: ASTNode, value: unknown): Bound {
  if (typeof value === 'string')
    return { steps: 1, shape: { length: Math.max(1, Math.ceil(value.length / STRETCH_LENGTH)) } };
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean') return ONE;
  return reject(scope, node, 'is a value of a type that no field of a profile has');
}

function identifier(scope: Scope, node: ASTNode, name: string): Bound {
  const variable = scope.variables.get(name);
  if (variable !== undefined) return variable;
  if (!isField(name)) return reject(scope, node, `${name} is not a field of a profile; ${guessOf(name)}`);
  scope.fields.add(name);
  return PROFILE_FIELDS[name].type === 'list<string>'
    ? { steps: 1, shape: { length: PROFILE_PRODUCTS_MAX, item: SINGLE } }
    : ONE;
}

function loop(scope: Scope, node: ASTNode, macro: string, list: Bound, args: readonly ASTNode[]): Bound {
  const [variable, ...parts] = args;
  if (variable?.op !== 'id') return reject(scope, variable ?? node, NO_LOOP_VARIABLE);
  const name = variable.args;
  if (isField(name))
    return reject(scope, variable, `${name} is a field of a profile; name the item something else`);
  const variables = new Map(scope.variables).set(name, { steps: 1, shape: list.shape.item ?? SINGLE });
  const bodies = parts.map((part) => boundOf(part, { ...scope, variables }));
  const { length } = list.shape;
  const steps = 1 + list.steps + length * (1 + stepsOf(bodies));
  if (macro === 'filter') return { steps, shape: list.shape };
  const made = bodies.at(-1) ?? ONE;
  return { steps, shape: macro === 'map' ? { length, item: made.shape } : SINGLE };
}

/** A call takes the steps of its arguments, and one for each item or stretch of them. */
const called = (values: readonly Bound[]): Bound => ({
  ...ONE,
  steps: 1 + stepsOf(values) + sum(values.map(({ shape }) => shape.length)),
});

const knownNames = (): string =>
  `available are ${[...new Set([...Object.keys(FUNCTIONS), ...Object.keys(METHODS), ...Object.keys(MACROS)])].join(', ')}`;

/** A field is suggested for a misspelt name only where at most this share of its letters differs. */
const GUESS_SHARE_MAX = 0.34;

function guessOf(name: string): string {
  const fields = Object.keys(PROFILE_FIELDS);
  const [nearest] = fields
    .map((field) => ({ field, distance: distanceOf(name.toLowerCase(), field.toLowerCase()) }))
    .filter(({ distance }) => distance <= name.length * GUESS_SHARE_MAX)
    .sort((a, b) => a.distance - b.distance);
  return nearest === undefined ? `available are ${fields.join(', ')}` : `did you mean ${nearest.field}?`;
}

/** The edit distance of two words in letters (Levenshtein, 1965). */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
