/** GetShardIterator: the position in a shard from which to read, as a token. */
import { operation } from '../../wire/json-service.ts';
import { oneOf, required, type Structure, text, timestamp } from '../../wire/shape.ts';
import { invalidArgument } from '../errors.ts';
import { writeIterator } from '../iterators.ts';
import { horizonOf, inStream, type Kinesis, shardId, shardOf, streamOf, streamRef } from '../kinesis.ts';
import { parseSequenceNumber } from '../sequence-numbers.ts';
import { type Shard, type Stream, shardIdOf } from '../streams.ts';
import { tickAt } from '../ticks.ts';

const members = {
  ...streamRef,
  ShardId: required(shardId),
  ShardIteratorType: required(
    oneOf('AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER', 'TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'),
  ),
  StartingSequenceNumber: text({ pattern: /^(?:0|[1-9]\d{0,128})$/ }),
  Timestamp: timestamp(),
};
type Input = Structure<typeof members>;

export const getShardIterator = (kinesis: Kinesis) =>
  operation(members, (input) => {
    const stream = streamOf(kinesis, input);
    const shard = shardOf(kinesis, stream, input.ShardId);
    const fromTick = startOf(kinesis, stream, shard, input);
    const issuedAtMs = kinesis.clock.nowMs();
    return {
      ShardIterator: writeIterator({ streamId: stream.id, shardIndex: shard.index, fromTick, issuedAtMs }),
    };
  });

function startOf(kinesis: Kinesis, stream: Stream, shard: Shard, input: Input): number {
  const { ShardIteratorType: type, StartingSequenceNumber: start } = input;
  const bySequence = type === 'AT_SEQUENCE_NUMBER' || type === 'AFTER_SEQUENCE_NUMBER';
  if (bySequence !== (start !== undefined)) {
    throw invalidArgument(
      'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or ' +
        '(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. ' +
        `Request specified ${type} and ${start === undefined ? 'no' : 'also a'} StartingSequenceNumber.`,
    );
  }
  switch (type) {
    case 'AT_SEQUENCE_NUMBER':
      return tickOf(kinesis, stream, shard, start ?? '');
    case 'AFTER_SEQUENCE_NUMBER':
      return tickOf(kinesis, stream, shard, start ?? '') + 1;
    case 'TRIM_HORIZON':
      return Math.max(shard.openedTick, horizonOf(kinesis, stream));
    case 'LATEST':
      return kinesis.ticks.last() + 1;
    case 'AT_TIMESTAMP':
      return tickOfTime(kinesis, shard, input.Timestamp);
  }
}

function tickOf(kinesis: Kinesis, stream: Stream, shard: Shard, start: string): number {
  const position = parseSequenceNumber(start);
  const where = `used in GetShardIterator on shard ${shardIdOf(shard.index)} in ${inStream(kinesis, stream)} is invalid`;
  if (position === undefined) throw invalidArgument(`StartingSequenceNumber ${start} ${where}.`);
  if (position.shardIndex !== shard.index) {
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes ${shardIdOf(position.shardIndex)}, ` +
        `while it was used in a call to a shard with ${shardIdOf(shard.index)}`,
    );
  }
  if (position.tick < shard.openedTick) {
    throw invalidArgument(
      `StartingSequenceNumber ${start} ${where} because it did not come from this stream.`,
    );
  }
  return position.tick;
}

function tickOfTime({ clock }: Kinesis, shard: Shard, timeMs: number | undefined): number {
  if (timeMs === undefined)
    throw invalidArgument('Timestamp must be given when the iterator type is AT_TIMESTAMP.');
  const nowMs = clock.nowMs();
  if (timeMs > nowMs) {
    throw invalidArgument(
      'The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. ' +
        `timestampInMillis: ${timeMs}, currentTimestampInMillis: ${nowMs}`,
    );
  }
  return Math.max(shard.openedTick, tickAt(timeMs));
}
