/**
 * Sequence numbers: 56 decimal digits, as AWS's are, made of `49`, a tick and a shard's index.
 *
 * The tick comes first and the width is fixed, so that they compare alike as numbers and as strings, and a
 * partition key's numbers grow even when its shard is split or merged. The shard's index tells a number
 * from another shard apart, as AWS does, without looking anything up.
 */
const PREFIX = '49';
const FIELD_DIGITS = 27;
const SEQUENCE_NUMBER = new RegExp(`^${PREFIX}(\\d{${FIELD_DIGITS}})(\\d{${FIELD_DIGITS}})$`);

export interface Position {
  readonly tick: number;
  readonly shardIndex: number;
}

export function sequenceNumber({ tick, shardIndex }: Position): string {
  return PREFIX + String(tick).padStart(FIELD_DIGITS, '0') + String(shardIndex).padStart(FIELD_DIGITS, '0');
}

/** Where a sequence number points, or undefined for one that this server cannot have given out. */
export function parseSequenceNumber(text: string): Position | undefined {
  const match = SEQUENCE_NUMBER.exec(text);
  if (match === null) return undefined;
  const position = { tick: Number(match[1]), shardIndex: Number(match[2]) };
  return Number.isSafeInteger(position.tick) ? position : undefined;
}
