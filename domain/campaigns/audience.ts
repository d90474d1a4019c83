/**
 * Who a campaign is for, as a CEL expression over the profile: `buys >= 2 && lastBuyDays <= 60 && !("A1" in products)`.
 *
 * Shop people write it, and it runs for everybody who walks past a store, so whatever can be wrong with it is said when
 * it is saved: a field that does not exist, a text compared with a number, a result that is no yes or no. What is left
 * for the moment itself is what CEL leaves there: division by 0, whole numbers beyond 64 bits, an item that a list does
 * not have.
 *
 * No audience can run away. CEL has no recursion and no loop but over a list; of the evaluator's language only the part
 * below is taken, in which nothing can grow by itself, and the steps that an expression may take at most are added up
 * before it is ever run. `matches` is not in it: JavaScript's regular expressions may take for ever over forty letters.
 */
import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import {
  type FieldType,
  PROFILE_FIELDS,
  PROFILE_PRODUCTS_MAX,
  type Profile,
} from '../people/customers/profile.ts';

/** A millisecond at most: a step takes 2 to 50 ns (`npm run bench:cel`). */
export const AUDIENCE_STEPS_MAX = 20_000;
const NODES_MAX = 500;
const DEPTH_MAX = 40;
const LIST_LENGTH_MAX = 200;

/** Something that is wrong with an audience, and where: characters of its text, from 0, `until` not included. */
export interface AudienceFault {
  readonly at: number;
  readonly until: number;
  readonly says: string;
}

export interface Audience {
  readonly text: string;
  /** The fields that it asks for. */
  readonly fields: ReadonlyArray<keyof Profile>;
  /** Steps that it takes at most, whoever it is asked of. */
  readonly stepsMax: number;
  /** Whether somebody is in it; unreadable where the expression cannot be worked out for them. */
  readonly isIn: (profile: Profile) => boolean | Unreadable;
}

export type Compiled =
  | { readonly kind: 'compiled'; readonly audience: Audience }
  | { readonly kind: 'faulty'; readonly faults: readonly AudienceFault[] };

export interface Unreadable {
  readonly kind: 'unreadable';
  readonly why: string;
}

const isField = (name: string): name is keyof Profile => Object.hasOwn(PROFILE_FIELDS, name);

const environment = Object.entries(PROFILE_FIELDS).reduce(
  (declared, [name, { type }]) => declared.registerVariable(name, type),
  new Environment({
    limits: {
      maxAstNodes: NODES_MAX,
      maxDepth: DEPTH_MAX,
      maxListElements: LIST_LENGTH_MAX,
      maxCallArguments: 3,
    },
  }),
);

/** Reads an audience and says whether it can be asked of any profile; all that is wrong with it where it cannot. */
export function compileAudience(text: string): Compiled {
  if (text.length > AUDIENCE_LENGTH_MAX)
    return faulty({
      at: AUDIENCE_LENGTH_MAX,
      until: text.length,
      says: `must not be longer than ${AUDIENCE_LENGTH_MAX} characters`,
    });
  if (text.trim() === '') return faulty({ at: 0, until: 0, says: 'is empty; for everybody write true' });
  let parsed: ReturnType<typeof environment.parse>;
  try {
    parsed = environment.parse(text);
  } catch (error) {
    return faulty(faultOf(error, text));
  }
  const read = survey(parsed.ast);
  if (read.faults.length > 0) return faulty(...read.faults);
  if (read.bound.steps > AUDIENCE_STEPS_MAX)
    return faulty({
      at: 0,
      until: text.length,
      says: `may take ${read.bound.steps} steps for one person, and no more than ${AUDIENCE_STEPS_MAX} are given: ask less of each item of a list`,
    });
  const checked = parsed.check();
  if (!checked.valid) return faulty(faultOf(checked.error, text));
  if (checked.type !== 'bool')
    return faulty({
      at: 0,
      until: text.length,
      says: `must come to true or false, and comes to ${checked.type ?? 'something else'}`,
    });
  return {
    kind: 'compiled',
    audience: {
      text,
      fields: read.fields,
      stepsMax: read.bound.steps,
      isIn: (profile) => ask(parsed, read.fields, profile),
    },
  };
}

function ask(
  parsed: (fields: Readonly<Record<string, unknown>>) => unknown,
  names: ReadonlyArray<keyof Profile>,
  profile: Profile,
): boolean | Unreadable {
  const fields: Record<string, unknown> = {};
  for (const name of names) fields[name] = celOf(PROFILE_FIELDS[name].type, profile[name]);
  let answer: unknown;
  try {
    answer = parsed(fields);
  } catch (error) {
    return { kind: 'unreadable', why: summaryOf(error) };
  }
  return typeof answer === 'boolean'
    ? answer
    : { kind: 'unreadable', why: 'comes to neither true nor false' };
}

/** CEL's whole numbers are of 64 bits, which JavaScript has as bigints only. */
const celOf = (type: FieldType, value: Profile[keyof Profile]): unknown =>
  type === 'int' ? BigInt(Math.trunc(Number(value))) : value;

const faulty = (...faults: readonly AudienceFault[]): Compiled => ({ kind: 'faulty', faults });

/** The evaluator's errors tell where; whatever else it may throw concerns the whole text. */
function faultOf(error: unknown, text: string): AudienceFault {
  const at = rangeOf(error)?.start ?? 0;
  return {
    at,
    until: Math.max(at, rangeOf(error)?.end ?? text.length),
    says: inPlainWords(summaryOf(error)),
  };
}

const NAMELESS = 'needs a name for each item before the question: exists(p, p == "A1")';

/** What shop people run into most often, said so that they can mend it. */
function inPlainWords(says: string): string {
  if (/^no such overload: (?:int \S+ double|double \S+ int)$/.test(says))
    return `${says}: whole numbers and others meet in <, <=, > and >= only, so write 500.0 for 500, or double(buys)`;
  if (/^Exceeded max(?:AstNodes|ListElements)/.test(says)) return `is too long: ${says}`;
  if (/^Exceeded maxDepth/.test(says)) return `has too many brackets or dots within each other: ${says}`;
  if (/invalid predicate iteration variable$/.test(says)) return NAMELESS;
  return says === 'Unexpected token: EOF' ? 'ends too early' : says;
}

function rangeOf(error: unknown): { readonly start: number; readonly end: number } | undefined {
  if (!(error instanceof Error) || !('range' in error)) return undefined;
  const { range } = error;
  return typeof range === 'object' && range !== null && 'start' in range && 'end' in range
    ? { start: Number(range.start), end: Number(range.end) }
    : undefined;
}

const summaryOf = (error: unknown): string =>
  error instanceof Error ? ('summary' in error ? String(error.summary) : error.message) : String(error);

/** What a value may be at most: items of a list with the largest of them, or stretches of a text; 1 of anything else. */
interface Shape {
  readonly length: number;
  readonly of?: Shape;
}

interface Bound {
  readonly shape: Shape;
  /** Steps to work it out. */
  readonly steps: number;
}

/** Characters that are copied or compared in the time of one step. */
const STRETCH_LENGTH = 64;

const SINGLE: Shape = { length: 1 };
const ONE: Bound = { steps: 1, shape: SINGLE };
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const stepsOf = (bounds: readonly Bound[]): number => sum(bounds.map(({ steps }) => steps));
const sizeOf = ({ length, of }: Shape): number => length * (of === undefined ? 1 : sizeOf(of));

/** As large as either. */
function widest(a: Shape, b: Shape): Shape {
  const of = a.of === undefined || b.of === undefined ? (a.of ?? b.of) : widest(a.of, b.of);
  return { length: Math.max(a.length, b.length), ...(of === undefined ? {} : { of }) };
}

function joined(a: Shape, b: Shape): Shape {
  return { ...widest(a, b), length: a.length + b.length };
}

interface Survey {
  readonly faults: readonly AudienceFault[];
  readonly fields: ReadonlyArray<keyof Profile>;
  readonly bound: Bound;
}

/** Functions and methods that are taken, by name and number of arguments beside the receiver. */
const FUNCTIONS: Readonly<Record<string, number>> = { size: 1, double: 1 };
const METHODS: Readonly<Record<string, number>> = { size: 0, contains: 1, startsWith: 1, endsWith: 1 };
const MACROS: Readonly<Record<string, readonly number[]>> = {
  all: [2],
  exists: [2],
  exists_one: [2],
  filter: [2],
  map: [2, 3],
};

/** Everything of an expression that is not taken, what it asks for, and what it may cost. */
function survey(root: ASTNode): Survey {
  const faults: AudienceFault[] = [];
  const fields = new Set<keyof Profile>();

  const fault = ({ start, end }: ASTNode, says: string): Bound => {
    faults.push({ at: start, until: end, says });
    return ONE;
  };

  type Scope = ReadonlyMap<string, Bound>;

  function boundOf(node: ASTNode, scope: Scope): Bound {
    const all = (nodes: readonly ASTNode[]): Bound[] => nodes.map((one) => boundOf(one, scope));
    switch (node.op) {
      case 'value':
        return literal(node, node.args);
      case 'id':
        return named(node, node.args, scope);
      case 'list': {
        const items = all(node.args);
        const of = items.map(({ shape }) => shape).reduce(widest, SINGLE);
        return { steps: 1 + stepsOf(items), shape: { length: items.length, of } };
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
        return { steps: 1 + stepsOf([list, index]), shape: list.shape.of ?? SINGLE };
      }
      case '+': {
        const [left = ONE, right = ONE] = all(node.args);
        const shape = joined(left.shape, right.shape);
        return { steps: 1 + stepsOf([left, right]) + shape.length, shape };
      }
      case '==':
      case '!=':
      case 'in':
      case '&&':
      case '||':
      case '<':
      case '<=':
      case '>':
      case '>=':
      case '-':
      case '*':
      case '/':
      case '%': {
        const sides = all(node.args);
        return { ...ONE, steps: 1 + stepsOf(sides) + sum(sides.map(({ shape }) => sizeOf(shape))) };
      }
      case 'call': {
        const [name, args] = node.args;
        if (Object.hasOwn(FUNCTIONS, name) && FUNCTIONS[name] === args.length) return called(all(args));
        return fault(node, `${name} with ${args.length} values is no function of audiences: ${takenNames()}`);
      }
      case 'rcall': {
        const [name, receiver, args] = node.args;
        if (Object.hasOwn(MACROS, name) && MACROS[name]?.includes(args.length))
          return loop(node, name, boundOf(receiver, scope), args, scope);
        if (Object.hasOwn(METHODS, name) && METHODS[name] === args.length)
          return called(all([receiver, ...args]));
        return fault(node, `.${name} with ${args.length} values is no method of audiences: ${takenNames()}`);
      }
      case '.':
        return fault(node, 'no field of a profile has parts; write its name alone');
      default:
        return fault(node, 'is nothing that audiences are written with');
    }
  }

  function literal(node: ASTNode, value: unknown): Bound {
    if (typeof value === 'string')
      return { steps: 1, shape: { length: Math.max(1, Math.ceil(value.length / STRETCH_LENGTH)) } };
    if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean') return ONE;
    return fault(node, 'is a value of a kind that no field of a profile is of');
  }

  function named(node: ASTNode, name: string, scope: Scope): Bound {
    const looped = scope.get(name);
    if (looped !== undefined) return looped;
    if (!isField(name)) return fault(node, `${name} is no field of a profile; ${guessOf(name)}`);
    fields.add(name);
    return PROFILE_FIELDS[name].type === 'list<string>'
      ? { steps: 1, shape: { length: PROFILE_PRODUCTS_MAX, of: SINGLE } }
      : ONE;
  }

  function loop(node: ASTNode, macro: string, list: Bound, args: readonly ASTNode[], scope: Scope): Bound {
    const [variable, ...parts] = args;
    if (variable?.op !== 'id') return fault(variable ?? node, NAMELESS);
    const name = variable.args;
    if (isField(name))
      return fault(variable, `${name} is a field of a profile; name the item something else`);
    const inner = new Map(scope).set(name, { steps: 1, shape: list.shape.of ?? SINGLE });
    const bodies = parts.map((part) => boundOf(part, inner));
    const { length } = list.shape;
    const steps = 1 + list.steps + length * (1 + stepsOf(bodies));
    if (macro === 'filter') return { steps, shape: list.shape };
    const made = bodies.at(-1) ?? ONE;
    return { steps, shape: macro === 'map' ? { length, of: made.shape } : SINGLE };
  }

  const called = (values: readonly Bound[]): Bound => ({
    ...ONE,
    steps: 1 + stepsOf(values) + sum(values.map(({ shape }) => shape.length)),
  });

  const bound = boundOf(root, new Map());
  return { faults, fields: [...fields], bound };
}

const takenNames = (): string =>
  `there are ${[...new Set([...Object.keys(FUNCTIONS), ...Object.keys(METHODS), ...Object.keys(MACROS)])].join(', ')}`;

/** A name of which a larger share is other letters was not meant. */
const GUESS_SHARE_MAX = 0.34;

function guessOf(name: string): string {
  const fields = Object.keys(PROFILE_FIELDS);
  const [nearest] = fields
    .map((field) => ({ field, distance: distanceOf(name.toLowerCase(), field.toLowerCase()) }))
    .filter(({ distance }) => distance <= name.length * GUESS_SHARE_MAX)
    .sort((a, b) => a.distance - b.distance);
  return nearest === undefined ? `there are ${fields.join(', ')}` : `is ${nearest.field} meant?`;
}

/** Letters to change, add or leave out to make one word of the other (Levenshtein 1965). */
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

/** Characters of an audience's expression. */
export const AUDIENCE_LENGTH_MAX = 2_000;
