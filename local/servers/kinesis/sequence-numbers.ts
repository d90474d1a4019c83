/**
 * Sequence numbers: 56 decimal digits, as on AWS, made of `49`, a tick and a shard's index.
 *
 * The tick comes first and the width is fixed, so that they sort alike as numbers and as strings, and a
 * partition key's numbers grow across splits. The shard's index distinguishes the numbers of two shards, as
 * on AWS, without a lookup.
 */
const PREFIX = '49';
const FIELD_DIGITS = 27;
const SEQUENCE_NUMBER = new RegExp(`^${PREFIX}(\\d{${FIELD_DIGITS}})(\\d{${FIELD_DIGITS}})$`);

export interface Position {
  readonly tick: number;
  readonly shardIndex: number;
}

/** Returns the sequence number of a position. */
export function sequenceNumber({ tick, shardIndex }: Position): string {
  return PREFIX + String(tick).padStart(FIELD_DIGITS, '0') + String(shardIndex).padStart(FIELD_DIGITS, '0');
}

/** Returns the position of a sequence number, or undefined for one that this server cannot have issued. */
export function parseSequenceNumber(text: string): Position | undefined {
  const match = SEQUENCE_NUMBER.exec(text);
  if (match === null) return undefined;
  const position = { tick: Number(match[1]), shardIndex: Number(match[2]) };
  return Number.isSafeInteger(position.tick) ? position : undefined;
}
