/**
 * The 128-bit space that partition keys are hashed into and shards divide among themselves.
 *
 * Inside, a hash key is 32 hex digits: fixed width compares as a string, which costs a record nothing, where
 * a BigInt would cost it an allocation. Callers read and write decimals.
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

export function hashOfPartitionKey(partitionKey: string): HashKey {
  return hash('md5', partitionKey, 'hex');
}

/** The hash key a decimal names, or undefined when it is beyond the space. */
export function hashKeyOf(decimal: string): HashKey | undefined {
  const value = BigInt(decimal);
  return value < SPACE ? toHex(value) : undefined;
}

export function decimalOf(key: HashKey): string {
  return BigInt(`0x${key}`).toString();
}

/** The hash key right before this one. */
export function before(key: HashKey): HashKey {
  return toHex(BigInt(`0x${key}`) - 1n);
}

/** The whole space in `count` even ranges, as CreateStream cuts it. */
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
