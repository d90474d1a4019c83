/**
 * EventBridge's event patterns: which events a rule waits for.
 *
 * A pattern has the shape of the events it is for. Where an event has a value the pattern has a list, and one of the
 * list has to fit; where the event has several values, it is enough that one of them fits. Fields of one pattern all
 * have to fit, and those inside a list of objects have to fit in one and the same object. What this does not know
 * is refused when the cloud starts: a rule that never fits looks just like an event that never came.
 *
 * Numbers are compared as numbers. EventBridge promises no more than that 300 fits 300; whether 3.0e2 does it leaves open.
 */
import { BlockList, isIP } from 'node:net';

export type EventMatcher = (event: unknown) => boolean;

/** What stands at the end of a path: EventBridge calls it a leaf. */
type Scalar = string | number | boolean | null;
type Fields = Readonly<Record<string, unknown>>;

/** One value of the event against one entry of a pattern's list. */
type ValueTest = (value: Scalar) => boolean;

/**
 * The values at a pattern's path: `own` within the object that is looked at, `anywhere` in the whole event. They differ
 * below a list of objects, and only `exists: false` asks for the latter: absent is what no object of the list has.
 */
type LeafTest = (own: readonly Scalar[], anywhere: readonly Scalar[]) => boolean;

type FieldsTest = (own: Fields, anywhere: readonly Fields[]) => boolean;

/** Throws, with the place in the pattern, on what EventBridge would not take and on what is not run here. */
export function compilePattern(pattern: unknown): EventMatcher {
  if (!isObject(pattern)) throw new Error('an event pattern is an object');
  const test = compileFields(pattern, '');
  return (event) => isObject(event) && test(event, [event]);
}

function compileFields(pattern: Fields, path: string): FieldsTest {
  const entries = Object.entries(pattern);
  if (entries.length === 0) refuse(path, 'an empty object fits nothing');
  const tests = entries.map(([name, sub]) =>
    name === '$or' ? compileOr(sub, join(path, name)) : compileField(name, sub, join(path, name)),
  );
  return (own, anywhere) => tests.every((test) => test(own, anywhere));
}

function compileOr(alternatives: unknown, path: string): FieldsTest {
  if (!Array.isArray(alternatives) || alternatives.length < 2 || !alternatives.every(isObject)) {
    return refuse(path, 'a list of at least two patterns was expected');
  }
  const tests = alternatives.map((one, index) => compileFields(one, `${path}[${index}]`));
  return (own, anywhere) => tests.some((test) => test(own, anywhere));
}

function compileField(name: string, sub: unknown, path: string): FieldsTest {
  if (Array.isArray(sub)) {
    const test = compileLeaf(sub, path);
    return (own, anywhere) =>
      test(
        scalarsIn(fieldOf(own, name)),
        anywhere.flatMap((one) => scalarsIn(fieldOf(one, name))),
      );
  }
  if (!isObject(sub)) return refuse(path, 'a list or an object was expected');
  const test = compileFields(sub, path);
  return (own, anywhere) => {
    const inside = objectsIn(fieldOf(own, name));
    const everywhere = anywhere.flatMap((one) => objectsIn(fieldOf(one, name)));
    // Where there is no such object, all that can fit is that nothing is in it.
    return (inside.length > 0 ? inside : [{}]).some((one) => test(one, everywhere));
  };
}

function compileLeaf(entries: readonly unknown[], path: string): LeafTest {
  if (entries.length === 0) refuse(path, 'an empty list fits nothing');
  const tests = entries.map((entry) => compileEntry(entry, path));
  return (own, anywhere) => tests.some((test) => test(own, anywhere));
}

function compileEntry(entry: unknown, path: string): LeafTest {
  if (isScalar(entry)) return ofValues((value) => value === entry);
  const [operator, operand] = single(entry, path);
  if (operator === 'exists') {
    if (typeof operand !== 'boolean') return refuse(path, 'exists is true or false');
    return (own, anywhere) => (operand ? own.length > 0 : anywhere.length === 0);
  }
  const compile = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (compile === undefined) return refuse(path, `there is no operator ${operator}`);
  return ofValues(compile(operand, path));
}

function ofValues(test: ValueTest): LeafTest {
  return (own) => own.some(test);
}

const OPERATORS: Readonly<Record<string, (operand: unknown, path: string) => ValueTest>> = {
  prefix: (operand, path) => edge('startsWith', operand, path),
  suffix: (operand, path) => edge('endsWith', operand, path),
  'equals-ignore-case': (operand, path) => {
    const wanted = text(operand, path).toLowerCase();
    return (value) => typeof value === 'string' && value.toLowerCase() === wanted;
  },
  wildcard,
  'anything-but': anythingBut,
  numeric,
  cidr,
};

/** Text at the beginning or at the end, which may be told to overlook upper and lower case. */
function edge(compare: 'startsWith' | 'endsWith', operand: unknown, path: string): ValueTest {
  if (typeof operand === 'string') return (value) => typeof value === 'string' && value[compare](operand);
  const [operator, inner] = single(operand, path);
  if (operator !== 'equals-ignore-case') return refuse(path, `there is no operator ${operator} in here`);
  const wanted = text(inner, path).toLowerCase();
  return (value) => typeof value === 'string' && value.toLowerCase()[compare](wanted);
}

/** `*` stands for any text, also for none; `\*` and `\\` stand for themselves. */
function wildcard(operand: unknown, path: string): ValueTest {
  const literals = literalsOf(text(operand, path), path);
  const [first = '', ...rest] = literals;
  const last = rest.pop();
  if (last === undefined) return (value) => value === first;
  return (value) => {
    if (typeof value !== 'string' || !value.startsWith(first)) return false;
    let at = first.length;
    for (const literal of rest) {
      const found = value.indexOf(literal, at);
      if (found === -1) return false;
      at = found + literal.length;
    }
    return value.length - last.length >= at && value.endsWith(last);
  };
}

/** The texts between the stars. */
function literalsOf(pattern: string, path: string): string[] {
  const literals: string[] = [];
  let literal = '';
  const tokens = pattern.match(/\\?[\s\S]/gu) ?? [];
  tokens.forEach((token, index) => {
    if (token.length > 1 && token.startsWith('\\')) {
      if (token !== '\\*' && token !== '\\\\') refuse(path, `${token} is no escape of a wildcard`);
      literal += token[1];
    } else if (token === '\\') {
      refuse(path, 'a wildcard ends in the middle of an escape');
    } else if (token === '*') {
      if (tokens[index + 1] === '*') refuse(path, 'a wildcard has no two stars in a row');
      literals.push(literal);
      literal = '';
    } else literal += token;
  });
  return [...literals, literal];
}

/** The operators that may be turned round. */
const TURNED_ROUND = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];

function anythingBut(operand: unknown, path: string): ValueTest {
  if (isObject(operand)) {
    const [operator, inner] = single(operand, path);
    const compile = TURNED_ROUND.includes(operator) ? OPERATORS[operator] : undefined;
    if (compile === undefined) return refuse(path, `there is no operator ${operator} in anything-but`);
    const tests = listOf(inner, path).map((one) => compile(text(one, path), path));
    return (value) => !tests.some((test) => test(value));
  }
  const unwanted = listOf(operand, path);
  const [kind = ''] = new Set(unwanted.map((one) => typeof one));
  if (!['string', 'number'].includes(kind) || unwanted.some((one) => typeof one !== kind)) {
    return refuse(path, 'anything-but takes strings or numbers, and not both');
  }
  return (value) => !unwanted.includes(value);
}

/** EventBridge takes no numbers beyond these: it compares them as fixed-width texts. */
const NUMBER_MAX = 5e9;

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** One comparison, or from below and then from above: `['>', 0, '<=', 5]`. */
function numeric(operand: unknown, path: string): ValueTest {
  if (!Array.isArray(operand)) return refuse(path, 'numeric takes a list');
  const [lower, from, upper, to, ...more] = operand;
  const first = comparison(lower, from, path);
  if (operand.length === 2) return first;
  const second = comparison(upper, to, path);
  const isRange = ['>', '>='].includes(lower) && ['<', '<='].includes(upper) && more.length === 0;
  if (!isRange || from >= to) return refuse(path, `${JSON.stringify(operand)} is no numeric range`);
  return (value) => first(value) && second(value);
}

function comparison(operator: unknown, bound: unknown, path: string): ValueTest {
  const compare =
    typeof operator === 'string' && Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined;
  if (compare === undefined) return refuse(path, `there is no numeric comparison ${String(operator)}`);
  if (typeof bound !== 'number' || Math.abs(bound) > NUMBER_MAX) {
    return refuse(path, `${JSON.stringify(bound)} is no number from -5e9 to 5e9`);
  }
  return (value) => typeof value === 'number' && compare(value, bound);
}

function cidr(operand: unknown, path: string): ValueTest {
  const [address = '', bits = '', ...more] = text(operand, path).split('/');
  const family = isIP(address);
  const isRange =
    family !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
  if (!isRange) return refuse(path, `${JSON.stringify(operand)} is no range of addresses`);
  const range = new BlockList();
  const version = family === 4 ? 'ipv4' : 'ipv6';
  range.addSubnet(address, Number(bits), version);
  return (value) => typeof value === 'string' && isIP(value) === family && range.check(value, version);
}

/** An operator and what it is given. */
function single(value: unknown, path: string): [string, unknown] {
  const [only, ...more] = isObject(value) ? Object.entries(value) : [];
  if (only === undefined || more.length > 0) {
    return refuse(path, `${JSON.stringify(value)} is neither a value nor one operator`);
  }
  return only;
}

function listOf(value: unknown, path: string): readonly unknown[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.length > 0 ? list : refuse(path, 'an empty list fits nothing');
}

function text(value: unknown, path: string): string {
  return typeof value === 'string' ? value : refuse(path, `${JSON.stringify(value)} is not a string`);
}

function fieldOf(object: Fields, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function scalarsIn(value: unknown): Scalar[] {
  if (Array.isArray(value)) return value.flatMap(scalarsIn);
  return isScalar(value) ? [value] : [];
}

function objectsIn(value: unknown): Fields[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  return isObject(value) ? [value] : [];
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function refuse(path: string, why: string): never {
  throw new Error(`${path === '' ? 'the pattern' : path}: ${why}`);
}
