/**
 * EventBridge event patterns, as far as the template uses them: lists of literal values on (nested) fields.
 *
 * A field matches where the event has one of the listed values, or an array that contains one; all fields of
 * a pattern must match. Content filters (`prefix`, `exists`, `numeric`, `$or`, …) are rejected when the cloud
 * starts: a rule that silently never matches looks exactly like an event that was never published.
 */

export type EventMatcher = (event: unknown) => boolean;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Returns the test of an event against a pattern.
 *
 * @throws with the path in the pattern, where it is malformed or uses an operator that is not supported
 * locally
 */
export function compilePattern(pattern: unknown): EventMatcher {
  if (!isObject(pattern)) throw new Error('an event pattern must be an object');
  return compileFields(pattern, '');
}

function compileFields(pattern: Fields, path: string): EventMatcher {
  const fields = Object.entries(pattern).map(([name, expected]) => {
    const fieldPath = path === '' ? name : `${path}.${name}`;
    if (name === '$or') reject(fieldPath, 'the operator $or is not supported locally');
    return { name, matches: compileField(expected, fieldPath) };
  });
  if (fields.length === 0) reject(path, 'an empty object matches nothing');
  return (event) =>
    isObject(event) && fields.every(({ name, matches }) => valuesOf(event[name]).some(matches));
}

function compileField(expected: unknown, path: string): EventMatcher {
  if (isObject(expected)) return compileFields(expected, path);
  if (!Array.isArray(expected) || expected.length === 0) {
    return reject(path, 'expected a list with at least one value, or an object');
  }
  for (const entry of expected) {
    if (isObject(entry)) {
      const operators = Object.keys(entry).join(', ');
      reject(path, `the operator ${operators} is not supported locally`);
    }
    if (Array.isArray(entry)) reject(path, 'a list inside a list is not a value');
  }
  return (value) => expected.includes(value);
}

/** Returns the single values of a field: EventBridge matches an array where any of its elements matches. */
function valuesOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value];
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function reject(path: string, why: string): never {
  throw new Error(`${path === '' ? 'the pattern' : path}: ${why}`);
}
