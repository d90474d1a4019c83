/**
 * PutRecords: up to 500 records, each of which may be rejected alone when its shard is over its rate.
 *
 * The records of one request are ordered and stored as one. A rejected record does not stop those behind it,
 * not even those of its own partition key, just as on AWS: a producer that needs order resends from the first
 * rejected record on.
 */
import { operation } from '../../wire/json-service.ts';
import { blob, list, required, type Structure, structure, text } from '../../wire/shape.ts';
import { invalidArgument, RATE_EXCEEDED } from '../errors.ts';
import { hashKeyOf, hashOfPartitionKey } from '../hash-keys.ts';
import { hashKey, inStream, type Kinesis, streamOf, streamRef } from '../kinesis.ts';
import {
  PARTITION_KEY_CHARS_MAX,
  PUT_RECORDS_BYTES_MAX,
  PUT_RECORDS_MAX,
  RECORD_BYTES_MAX,
} from '../limits.ts';
import type { NewRecord } from '../record-log.ts';
import { sequenceNumber } from '../sequence-numbers.ts';
import { openShardOf, type Shard, type Stream, shardIdOf } from '../streams.ts';

const recordShape = {
  Data: required(blob({ max: RECORD_BYTES_MAX })),
  PartitionKey: required(text({ min: 1, max: PARTITION_KEY_CHARS_MAX })),
  ExplicitHashKey: hashKey,
};
type Entry = Structure<typeof recordShape>;

type Result =
  | { readonly ShardId: string; readonly SequenceNumber: string; readonly ErrorCode?: never }
  | { readonly ErrorCode: typeof RATE_EXCEEDED; readonly ErrorMessage: string };

export const putRecords = (kinesis: Kinesis) =>
  operation(
    {
      ...streamRef,
      Records: required(list(required(structure(recordShape)), { min: 1, max: PUT_RECORDS_MAX })),
    },
    (input) => {
      const stream = streamOf(kinesis, input);
      const bytes = input.Records.reduce((sum, record) => sum + bytesOf(record), 0);
      if (bytes > PUT_RECORDS_BYTES_MAX) {
        throw invalidArgument(`Records size exceeds ${PUT_RECORDS_BYTES_MAX / 1024 / 1024} MB limit`);
      }
      const results = appendAll(kinesis, stream, input.Records);
      return {
        FailedRecordCount: results.filter((result) => result.ErrorCode !== undefined).length,
        Records: results,
      };
    },
  );

function bytesOf({ Data, PartitionKey }: Entry): number {
  return Data.length + Buffer.byteLength(PartitionKey);
}

function appendAll(kinesis: Kinesis, stream: Stream, entries: readonly Entry[]): Result[] {
  const { ticks, throttle, log } = kinesis;
  // Every shard is resolved before any rate is used up, since a bad hash key rejects the whole request.
  const targets = entries.map((entry) => ({ entry, shard: shardFor(stream, entry) }));
  const records: NewRecord[] = [];
  const results = targets.map(({ entry, shard }): Result => {
    if (!throttle.admits(shard.rowId, bytesOf(entry))) {
      const where = `shard ${shardIdOf(shard.index)} in ${inStream(kinesis, stream)}`;
      return { ErrorCode: RATE_EXCEEDED, ErrorMessage: `Rate exceeded for ${where}.` };
    }
    const tick = ticks.next();
    records.push({ tick, shardRowId: shard.rowId, partitionKey: entry.PartitionKey, data: entry.Data });
    return {
      ShardId: shardIdOf(shard.index),
      SequenceNumber: sequenceNumber({ tick, shardIndex: shard.index }),
    };
  });
  log.append(records);
  return results;
}

function shardFor(stream: Stream, { PartitionKey, ExplicitHashKey }: Entry): Shard {
  if (ExplicitHashKey === undefined) return openShardOf(stream, hashOfPartitionKey(PartitionKey));
  const key = hashKeyOf(ExplicitHashKey);
  if (key === undefined) {
    throw invalidArgument(
      `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${ExplicitHashKey}`,
    );
  }
  return openShardOf(stream, key);
}
