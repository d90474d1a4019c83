/** Shards as responses describe them, and times as the wire has them. */
import { decimalOf } from './hash-keys.ts';
import { sequenceNumber } from './sequence-numbers.ts';
import { type Shard, type Stream, shardIdOf } from './streams.ts';
import { timeOfTick } from './ticks.ts';

/** Returns a shard for ListShards. */
export function describeShard(shard: Shard) {
  const { index, parentIndex, openedTick, closedTick } = shard;
  return {
    ShardId: shardIdOf(index),
    ParentShardId: parentIndex === undefined ? undefined : shardIdOf(parentIndex),
    HashKeyRange: describeRange(shard),
    SequenceNumberRange: {
      StartingSequenceNumber: sequenceNumber({ tick: openedTick, shardIndex: index }),
      EndingSequenceNumber:
        closedTick === undefined ? undefined : sequenceNumber({ tick: closedTick, shardIndex: index }),
    },
  };
}

/** Returns the children of a closed shard, which GetRecords names at the shard's end. */
export function describeChildren(stream: Stream, parent: Shard) {
  return stream.shards
    .filter((shard) => shard.parentIndex === parent.index)
    .map((child) => ({
      ShardId: shardIdOf(child.index),
      ParentShards: [shardIdOf(parent.index)],
      HashKeyRange: describeRange(child),
    }));
}

/** Returns the time of a tick in epoch seconds, the timestamps of the JSON protocol. */
export function epochSecondsOf(tick: number): number {
  return timeOfTick(tick) / 1000;
}

function describeRange({ range }: Shard) {
  return { StartingHashKey: decimalOf(range.first), EndingHashKey: decimalOf(range.last) };
}
