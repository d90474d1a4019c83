/**
 * The 128-bit space into which partition keys are hashed and which a stream's shards divide.
 *
 * Internally a hash key is 32 hex digits: a fixed width compares as a string, at no cost per record, where
 * a BigInt would cost an allocation. On the wire it is a decimal.
 */
import { hash } from 'node:crypto';

/** 32 lower-case hex digits. */
export type HashKey = string;

export interface HashRange {
  readonly first: HashKey;
  /** Inclusive. */
  readonly last: HashKey;
}

const HEX_DIGITS = 32;
const SPACE = 1n << 128n;

/** Returns the MD5 of a partition key, which decides its shard. */
export function hashOfPartitionKey(partitionKey: string): HashKey {
  return hash('md5', partitionKey, 'hex');
}

/** Returns the hash key of a decimal, or undefined beyond the space. */
export function hashKeyOf(decimal: string): HashKey | undefined {
  const value = BigInt(decimal);
  return value < SPACE ? toHex(value) : undefined;
}

/** Returns a hash key as a decimal. */
export function decimalOf(key: HashKey): string {
  return BigInt(`0x${key}`).toString();
}

/** Returns the hash key just below this one. */
export function before(key: HashKey): HashKey {
  return toHex(BigInt(`0x${key}`) - 1n);
}

/** Returns the whole space in `count` even ranges, as CreateStream divides it. */
export function evenRanges(count: number): HashRange[] {
  const width = SPACE / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    first: toHex(width * BigInt(index)),
    last: toHex(index === count - 1 ? SPACE - 1n : width * BigInt(index + 1) - 1n),
  }));
}

function toHex(value: bigint): HashKey {
  return value.toString(16).padStart(HEX_DIGITS, '0');
}
