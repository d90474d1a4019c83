/**
 * Putting records: each finds its shard by its hash key, asks the throttle, and takes the next tick.
 *
 * What one request brings is ordered and kept as one. A record the throttle refuses does not hold up those
 * behind it, not even of its own partition key, just as on AWS: a producer that needs order sends again
 * from the first refusal.
 */
import { blob, required, type Structure, text } from '../wire/shape.ts';
import { hashKeyOf, hashOfPartitionKey } from './hash-keys.ts';
import { hashKey, inStream, type Kinesis } from './kinesis.ts';
import { PARTITION_KEY_CHARS_MAX, RECORD_BYTES_MAX } from './limits.ts';
import type { NewRecord } from './record-log.ts';
import { invalidArgument, RATE_EXCEEDED } from './refusals.ts';
import { sequenceNumber } from './sequence-numbers.ts';
import { openShardOf, type Shard, type Stream, shardIdOf } from './streams.ts';

export const recordShape = {
  Data: required(blob({ max: RECORD_BYTES_MAX })),
  PartitionKey: required(text({ min: 1, max: PARTITION_KEY_CHARS_MAX })),
  ExplicitHashKey: hashKey,
};
export type PutRequest = Structure<typeof recordShape>;

export type PutResult =
  | {
      readonly ShardId: string;
      readonly SequenceNumber: string;
      readonly ErrorCode?: never;
      readonly ErrorMessage?: never;
    }
  | { readonly ErrorCode: typeof RATE_EXCEEDED; readonly ErrorMessage: string };

export function bytesOf({ Data, PartitionKey }: PutRequest): number {
  return Data.length + Buffer.byteLength(PartitionKey);
}

export function putAll(kinesis: Kinesis, stream: Stream, requests: readonly PutRequest[]): PutResult[] {
  const { ticks, throttle, log } = kinesis;
  // Every shard is found before any room is used up, since a bad hash key refuses the whole request.
  const shards = requests.map((request) => shardFor(stream, request));
  const records: NewRecord[] = [];
  const results = requests.map((request, n): PutResult => {
    // One shard was found for each request.
    const shard = shards[n] as Shard;
    if (!throttle.admits(shard.rowId, bytesOf(request))) {
      const where = `shard ${shardIdOf(shard.index)} in ${inStream(kinesis, stream)}`;
      return { ErrorCode: RATE_EXCEEDED, ErrorMessage: `Rate exceeded for ${where}.` };
    }
    const tick = ticks.next();
    records.push({ tick, shardRowId: shard.rowId, partitionKey: request.PartitionKey, data: request.Data });
    return {
      ShardId: shardIdOf(shard.index),
      SequenceNumber: sequenceNumber({ tick, shardIndex: shard.index }),
    };
  });
  log.append(records);
  return results;
}

function shardFor(stream: Stream, { PartitionKey, ExplicitHashKey }: PutRequest): Shard {
  if (ExplicitHashKey === undefined) return openShardOf(stream, hashOfPartitionKey(PartitionKey));
  const key = hashKeyOf(ExplicitHashKey);
  if (key === undefined) {
    throw invalidArgument(
      `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${ExplicitHashKey}`,
    );
  }
  return openShardOf(stream, key);
}
