/** MergeShards: two shards whose ranges touch become one. */
import { operation } from '../../wire/json-service.ts';
import { required } from '../../wire/shape.ts';
import { touches } from '../hash-keys.ts';
import { inStream, type Kinesis, reshardable, shardId, streamOf, streamRef } from '../kinesis.ts';
import { invalidArgument } from '../refusals.ts';
import { merge } from '../reshard.ts';

export const mergeShards = (kinesis: Kinesis) =>
  operation(
    { ...streamRef, ShardToMerge: required(shardId), AdjacentShardToMerge: required(shardId) },
    (input) => {
      const stream = streamOf(kinesis, input);
      const shard = reshardable(kinesis, stream, input.ShardToMerge);
      const adjacent = reshardable(kinesis, stream, input.AdjacentShardToMerge);
      if (touches(shard.range, adjacent.range)) merge(kinesis, stream, shard, adjacent);
      else if (touches(adjacent.range, shard.range)) merge(kinesis, stream, adjacent, shard, shard);
      else {
        throw invalidArgument(
          `Shards ${input.ShardToMerge} and ${input.AdjacentShardToMerge} in ${inStream(kinesis, stream)} ` +
            'are not an adjacent pair of shards eligible for merging',
        );
      }
    },
  );
