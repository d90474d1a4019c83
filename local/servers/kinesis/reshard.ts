/**
 * Splitting and merging, and scaling a whole stream by doing both.
 *
 * A shard has one parent when its parent was split and two when they were merged, never more: readers rely
 * on it to finish the parents first. So even a scaling to any count goes by single splits and merges.
 */
import { before, decimalOf, evenRanges, type HashKey, hashKeyOf } from './hash-keys.ts';
import { inStream, type Kinesis } from './kinesis.ts';
import { invalidArgument } from './refusals.ts';
import { openShardOf, type Shard, type Stream, shardIdOf } from './streams.ts';

/** The second child begins at `newStart`, a decimal hash key inside the shard. */
export function splitAt(kinesis: Kinesis, stream: Stream, shard: Shard, newStart: string): Stream {
  const key = hashKeyOf(newStart);
  const first = decimalOf(shard.range.first);
  const last = decimalOf(shard.range.last);
  if (key === undefined || BigInt(newStart) <= BigInt(first) + 1n || BigInt(newStart) >= BigInt(last)) {
    throw invalidArgument(
      `NewStartingHashKey ${newStart} used in SplitShard() on shard ${shardIdOf(shard.index)} in ` +
        `${inStream(kinesis, stream)} is not both greater than one plus the shard's StartingHashKey ${first} ` +
        `and less than the shard's EndingHashKey ${last}.`,
    );
  }
  return split(kinesis, stream, shard, key);
}

/** The parents in the order of their ranges; `primary` is the one AWS calls ParentShardId. */
export function merge(
  kinesis: Kinesis,
  stream: Stream,
  left: Shard,
  right: Shard,
  primary: Shard = left,
): Stream {
  const parents = primary === left ? [left, right] : [right, left];
  return kinesis.streams.reshard(stream, parents, [{ first: left.range.first, last: right.range.last }]);
}

/** Leaves the stream with `count` open shards of even ranges, leaving alone those that fit already. */
export function scaleTo(kinesis: Kinesis, stream: Stream, count: number): Stream {
  const starts = new Set(evenRanges(count).map((range) => range.first));
  let scaled = stream;
  for (const start of starts) {
    const shard = openShardOf(scaled, start);
    if (shard.range.first !== start) scaled = split(kinesis, scaled, shard, start);
  }
  for (const { range } of scaled.open) {
    if (starts.has(range.first)) continue;
    // Whatever lies left of a boundary that has to go has been merged already, as far as it has to be.
    const left = openShardOf(scaled, before(range.first));
    scaled = merge(kinesis, scaled, left, openShardOf(scaled, range.first));
  }
  return scaled;
}

function split(kinesis: Kinesis, stream: Stream, shard: Shard, start: HashKey): Stream {
  const { first, last } = shard.range;
  return kinesis.streams.reshard(
    stream,
    [shard],
    [
      { first, last: before(start) },
      { first: start, last },
    ],
  );
}
