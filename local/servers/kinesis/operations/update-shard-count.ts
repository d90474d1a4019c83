/** UpdateShardCount: at most to the double of what is open now, at least to its half, as on AWS. */
import { operation } from '../../wire/json-service.ts';
import { integer, oneOf, required } from '../../wire/shape.ts';
import { type Kinesis, refuseOnDemand, streamArn, streamOf, streamRef } from '../kinesis.ts';
import { SHARDS_MAX } from '../limits.ts';
import { limitExceeded } from '../refusals.ts';
import { scaleTo } from '../reshard.ts';

export const updateShardCount = (kinesis: Kinesis) =>
  operation(
    {
      ...streamRef,
      TargetShardCount: required(integer({ min: 1, max: SHARDS_MAX })),
      ScalingType: required(oneOf('UNIFORM_SCALING')),
    },
    (input) => {
      const stream = streamOf(kinesis, input);
      refuseOnDemand(kinesis, stream);
      const current = stream.open.length;
      const target = input.TargetShardCount;
      const counts = `Current open shard count: ${current} Target shard count: ${target}`;
      if (target > current * 2) {
        throw limitExceeded(
          `UpdateShardCount cannot scale up over double your current open shard count. ${counts}`,
        );
      }
      if (target < current / 2) {
        throw limitExceeded(
          `UpdateShardCount cannot scale down below half your current open shard count. ${counts}`,
        );
      }
      scaleTo(kinesis, stream, target);
      return {
        StreamName: stream.name,
        StreamARN: streamArn(kinesis, stream.name),
        CurrentShardCount: current,
        TargetShardCount: target,
      };
    },
  );
