/** Streams and shards as answers show them. Times are epoch seconds on the wire. */
import { decimalOf } from './hash-keys.ts';
import { type Kinesis, streamArn } from './kinesis.ts';
import { sequenceNumber } from './sequence-numbers.ts';
import { type Shard, type Stream, shardIdOf } from './streams.ts';
import { timeOfTick } from './ticks.ts';

function secondsOf(timeMs: number): number {
  return timeMs / 1000;
}

/** What the list of streams and both descriptions say of one. Every change here is done when it is answered. */
export function describeStream(kinesis: Kinesis, stream: Stream) {
  return {
    StreamName: stream.name,
    StreamARN: streamArn(kinesis, stream.name),
    StreamStatus: 'ACTIVE',
    StreamModeDetails: { StreamMode: stream.mode },
    StreamCreationTimestamp: secondsOf(timeOfTick(stream.createdTick)),
  };
}

/** What only the two descriptions say of a stream. */
export function describeSettings(stream: Stream) {
  return {
    RetentionPeriodHours: stream.retentionHours,
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: 'NONE',
  };
}

function describeRange({ range }: Shard) {
  return { StartingHashKey: decimalOf(range.first), EndingHashKey: decimalOf(range.last) };
}

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

/** The children that took over from a closed shard, as GetRecords names them at its end. */
export function describeChildren(stream: Stream, parent: Shard) {
  return stream.shards
    .filter((shard) => shard.parentIndex === parent.index)
    .map((child) => ({
      ShardId: shardIdOf(child.index),
      ParentShards: [shardIdOf(parent.index)],
      HashKeyRange: describeRange(child),
    }));
}

export function describeArrival(tick: number): number {
  return secondsOf(timeOfTick(tick));
}
