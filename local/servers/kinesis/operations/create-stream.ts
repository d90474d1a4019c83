/** CreateStream. The stream is ACTIVE at once; AWS takes seconds, so callers must poll its status all the same. */
import { operation } from '../../wire/json-service.ts';
import { integer, required } from '../../wire/shape.ts';
import { inUse, validationError } from '../errors.ts';
import { evenRanges } from '../hash-keys.ts';
import { type Kinesis, streamModeDetails, streamName } from '../kinesis.ts';
import { ON_DEMAND_SHARDS, RETENTION_HOURS_MIN, SHARDS_MAX } from '../limits.ts';
import type { StreamMode } from '../streams.ts';

export const createStream = ({ account, streams }: Kinesis) =>
  operation(
    {
      StreamName: required(streamName),
      ShardCount: integer({ min: 1, max: SHARDS_MAX }),
      StreamModeDetails: streamModeDetails,
    },
    ({ StreamName, ShardCount, StreamModeDetails }) => {
      const mode = StreamModeDetails?.StreamMode ?? 'PROVISIONED';
      const shardCount = shardCountOf(mode, ShardCount);
      if (streams.byName(StreamName)) {
        throw inUse(`Stream ${StreamName} under account ${account.accountId} already exists.`);
      }
      streams.create(StreamName, mode, RETENTION_HOURS_MIN, evenRanges(shardCount));
    },
  );

function shardCountOf(mode: StreamMode, requested: number | undefined): number {
  if (mode === 'PROVISIONED') {
    if (requested === undefined)
      throw validationError('ShardCount is required when the stream mode is PROVISIONED.');
    return requested;
  }
  if (requested !== undefined)
    throw validationError('ShardCount cannot be given when the stream mode is ON_DEMAND.');
  return ON_DEMAND_SHARDS;
}
