/**
 * SplitShard: closes a shard and opens two children on the halves of its hash range.
 *
 * It is the only resharding here: one split is enough to show that a consumer finishes a parent before its
 * children, and no code of the product reshards a stream.
 */
import { operation } from '../../wire/json-service.ts';
import { required } from '../../wire/shape.ts';
import { invalidArgument, validationError } from '../errors.ts';
import { before, decimalOf, type HashRange, hashKeyOf } from '../hash-keys.ts';
import { hashKey, inStream, type Kinesis, shardId, shardOf, streamOf, streamRef } from '../kinesis.ts';
import { type Shard, type Stream, shardIdOf } from '../streams.ts';

export const splitShard = (kinesis: Kinesis) =>
  operation(
    { ...streamRef, ShardToSplit: required(shardId), NewStartingHashKey: required(hashKey) },
    (input) => {
      const stream = streamOf(kinesis, input);
      const shard = shardOf(kinesis, stream, input.ShardToSplit);
      checkSplittable(kinesis, stream, shard);
      kinesis.streams.split(stream, shard, halvesOf(kinesis, stream, shard, input.NewStartingHashKey));
    },
  );

function checkSplittable(kinesis: Kinesis, stream: Stream, shard: Shard): void {
  if (stream.mode === 'ON_DEMAND') {
    throw validationError(`Request is invalid. Reason: ${inStream(kinesis, stream)} is in ON_DEMAND mode.`);
  }
  if (shard.closedTick !== undefined) {
    const where = `Shard ${shardIdOf(shard.index)} in ${inStream(kinesis, stream)}`;
    throw invalidArgument(
      `${where} has already been merged or split, and thus is not eligible for merging or splitting.`,
    );
  }
}

/** Returns the two ranges; the second begins at `newStart`, a decimal hash key inside the shard. */
function halvesOf(kinesis: Kinesis, stream: Stream, shard: Shard, newStart: string): [HashRange, HashRange] {
  const { first, last } = shard.range;
  const start = hashKeyOf(newStart);
  const [min, max] = [decimalOf(first), decimalOf(last)];
  if (start === undefined || BigInt(newStart) <= BigInt(min) + 1n || BigInt(newStart) >= BigInt(max)) {
    throw invalidArgument(
      `NewStartingHashKey ${newStart} used in SplitShard() on shard ${shardIdOf(shard.index)} in ` +
        `${inStream(kinesis, stream)} is not both greater than one plus the shard's StartingHashKey ${min} ` +
        `and less than the shard's EndingHashKey ${max}.`,
    );
  }
  return [
    { first, last: before(start) },
    { first: start, last },
  ];
}
