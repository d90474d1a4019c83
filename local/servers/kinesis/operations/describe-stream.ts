/** DescribeStream: a stream with its shards, a page of them at a time. */
import { operation } from '../../wire/json-service.ts';
import { integer } from '../../wire/shape.ts';
import { describeStream as describe, describeSettings, describeShard } from '../descriptions.ts';
import { horizonOf, type Kinesis, shardId, shardOf, streamOf, streamRef } from '../kinesis.ts';

const SHARDS_DEFAULT = 100;

export const describeStream = (kinesis: Kinesis) =>
  operation(
    { ...streamRef, Limit: integer({ min: 1, max: 10_000 }), ExclusiveStartShardId: shardId },
    (input) => {
      const stream = streamOf(kinesis, input);
      const horizon = horizonOf(kinesis, stream);
      const after = input.ExclusiveStartShardId
        ? shardOf(kinesis, stream, input.ExclusiveStartShardId).index
        : -1;
      const kept = stream.shards.filter(
        ({ index, closedTick }) => index > after && (closedTick ?? horizon) >= horizon,
      );
      const limit = input.Limit ?? SHARDS_DEFAULT;
      return {
        StreamDescription: {
          ...describe(kinesis, stream),
          ...describeSettings(stream),
          Shards: kept.slice(0, limit).map(describeShard),
          HasMoreShards: kept.length > limit,
        },
      };
    },
  );
