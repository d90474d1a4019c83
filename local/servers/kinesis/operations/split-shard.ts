/** SplitShard: one shard's range becomes two shards'. */
import { operation } from '../../wire/json-service.ts';
import { required } from '../../wire/shape.ts';
import { hashKey, type Kinesis, reshardable, shardId, streamOf, streamRef } from '../kinesis.ts';
import { splitAt } from '../reshard.ts';

export const splitShard = (kinesis: Kinesis) =>
  operation(
    { ...streamRef, ShardToSplit: required(shardId), NewStartingHashKey: required(hashKey) },
    (input) => {
      const stream = streamOf(kinesis, input);
      const shard = reshardable(kinesis, stream, input.ShardToSplit);
      splitAt(kinesis, stream, shard, input.NewStartingHashKey);
    },
  );
