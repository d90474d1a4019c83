/**
 * Shapes of request bodies: the type of each member and the limits of AWS's service models.
 *
 * AWS distinguishes two errors. A value of the wrong JSON type is rejected at once, as a
 * SerializationException. A value of the right type beyond its limits is reported together with every
 * other such value, each with its path, in words that differ by service: hence `Violation`.
 */
import { AwsError } from './aws-error.ts';

export interface Violation {
  /** The member's path in AWS's spelling: `records.1.member.partitionKey`. */
  readonly path: string;
  /** The offending value as AWS quotes it, or `null`. */
  readonly value: string;
  readonly rule: string;
}

/** Reads one JSON value and adds a violation for every limit that it exceeds. @throws SerializationException */
export type Shape<T> = (value: unknown, path: string, violations: Violation[]) => T;
export type Members = Readonly<Record<string, Shape<unknown>>>;
export type Structure<M extends Members> = {
  readonly [K in keyof M]: M[K] extends Shape<infer T> ? T : never;
};

export const NOT_NULL = 'Member must not be null';

interface Limits {
  readonly min?: number;
  readonly max?: number;
}

/** Returns the shape with a violation where the value is absent. */
export function required<T>(shape: Shape<T | undefined>): Shape<T> {
  return (value, path, violations) => {
    const read = shape(value, path, violations);
    if (read === undefined) violations.push({ path, value: 'null', rule: NOT_NULL });
    // An absent value has just been reported, and a request with violations never reaches its operation.
    return read as T;
  };
}

/** Returns the shape of a string; limits are in UTF-16 units. */
export function text({
  min,
  max,
  pattern,
}: Limits & { readonly pattern?: RegExp } = {}): Shape<string | undefined> {
  return (value, path, violations) => {
    if (isAbsent(value)) return undefined;
    if (typeof value !== 'string') throw cannotConvert(value, 'String');
    checkLength(value.length, value, { min, max }, path, violations);
    if (pattern && !pattern.test(value)) {
      const rule = `Member must satisfy regular expression pattern: ${pattern.source.replace(/^\^|\$$/g, '')}`;
      violations.push({ path, value: `'${value}'`, rule });
    }
    return value;
  };
}

/** Returns the shape of an enumeration. */
export function oneOf<const T extends string>(...names: readonly T[]): Shape<T | undefined> {
  return (value, path, violations) => {
    if (isAbsent(value)) return undefined;
    if (typeof value !== 'string') throw cannotConvert(value, 'String');
    const member = names.find((name) => name === value);
    if (member === undefined) {
      violations.push({
        path,
        value: `'${value}'`,
        rule: `Member must satisfy enum value set: [${names.join(', ')}]`,
      });
    }
    return member;
  };
}

/** Returns the shape of an integer. As on AWS, a fraction is cut off. */
export function integer({ min, max }: Limits = {}): Shape<number | undefined> {
  return (value, path, violations) => {
    if (isAbsent(value)) return undefined;
    if (typeof value !== 'number') throw cannotConvert(value, 'Integer');
    const report = (rule: string) => violations.push({ path, value: `'${value}'`, rule });
    if (min !== undefined && value < min) report(`Member must have value greater than or equal to ${min}`);
    if (max !== undefined && value > max) report(`Member must have value less than or equal to ${max}`);
    return Math.floor(value);
  };
}

/** Returns the shape of a boolean. */
export function flag(): Shape<boolean | undefined> {
  return (value) => {
    if (isAbsent(value)) return undefined;
    if (typeof value !== 'boolean') throw cannotConvert(value, 'Boolean');
    return value;
  };
}

/** Returns the shape of a time: epoch seconds on the wire, milliseconds here. */
export function timestamp(): Shape<number | undefined> {
  return (value) => {
    if (isAbsent(value)) return undefined;
    if (typeof value !== 'number') throw cannotConvert(value, 'Date');
    return Math.round(value * 1000);
  };
}

/** Returns the shape of bytes: base64 on the wire; the limit is in bytes. */
export function blob({ max }: { readonly max?: number } = {}): Shape<Buffer | undefined> {
  return (value, path, violations) => {
    if (isAbsent(value)) return undefined;
    if (typeof value !== 'string') throw cannotConvert(value, 'Blob');
    const bytes = Buffer.from(value, 'base64');
    // The decoder skips what is not base64, so anything it skipped shows as missing bytes.
    if (bytes.length !== decodedLength(value)) throw cannotConvert(value, 'Blob');
    if (max !== undefined && bytes.length > max) {
      const quoted = `'java.nio.HeapByteBuffer[pos=0 lim=${bytes.length} cap=${bytes.length}]'`;
      violations.push({ path, value: quoted, rule: `Member must have length less than or equal to ${max}` });
    }
    return bytes;
  };
}

/** Returns the shape of a list; limits are in members. */
export function list<T>(member: Shape<T>, { min, max }: Limits = {}): Shape<readonly T[] | undefined> {
  return (value, path, violations) => {
    if (isAbsent(value)) return undefined;
    if (!Array.isArray(value)) throw new AwsError('SerializationException', 'Expected list or null');
    checkLength(value.length, '[…]', { min, max }, path, violations);
    return value.map((item, index) => member(item, `${path}.${index + 1}.member`, violations));
  };
}

/** Returns the shape of a map from names to members. */
export function mapOf<T>(member: Shape<T>): Shape<ReadonlyMap<string, T> | undefined> {
  return (value, path, violations) => {
    if (isAbsent(value)) return undefined;
    const entries = Object.entries(asObject(value));
    return new Map(entries.map(([name, item]) => [name, member(item, `${path}.${name}.member`, violations)]));
  };
}

/** Returns the shape of a structure. Members that it does not list are ignored, as on AWS. */
export function structure<M extends Members>(members: M): Shape<Structure<M> | undefined> {
  const shapes = Object.entries(members).map(([name, shape]) => ({ name, wire: lowerFirst(name), shape }));
  return (value, path, violations) => {
    if (isAbsent(value)) return undefined;
    const object = asObject(value);
    const read: Record<string, unknown> = {};
    for (const { name, wire, shape } of shapes) {
      read[name] = shape(object[name], path === '' ? wire : `${path}.${wire}`, violations);
    }
    // Built member by member from the very shapes the type is derived from.
    return read as Structure<M>;
  };
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AwsError('SerializationException', 'Expected a structure or map');
  }
  // Any JSON object is this record.
  return value as Record<string, unknown>;
}

interface LengthLimits {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

function checkLength(
  length: number,
  quoted: string,
  { min, max }: LengthLimits,
  path: string,
  violations: Violation[],
): void {
  const report = (rule: string) => violations.push({ path, value: `'${quoted}'`, rule });
  if (min !== undefined && length < min) report(`Member must have length greater than or equal to ${min}`);
  if (max !== undefined && length > max) report(`Member must have length less than or equal to ${max}`);
}

function decodedLength(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return Math.floor(((base64.length - padding) * 3) / 4);
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'STRING_VALUE',
  number: 'NUMBER_VALUE',
  boolean: 'TRUE_VALUE',
};

function cannotConvert(value: unknown, expected: string): AwsError {
  const given = TYPE_NAMES[typeof value] ?? 'START_OBJECT';
  return new AwsError('SerializationException', `${given} can not be converted to ${expected}`);
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
