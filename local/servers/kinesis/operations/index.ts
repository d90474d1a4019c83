/** The operations this server knows, by the names they have on the wire. */
import type { Operation } from '../../wire/json-service.ts';
import type { Kinesis } from '../kinesis.ts';
import { createStream } from './create-stream.ts';
import { deleteStream } from './delete-stream.ts';
import { describeStream } from './describe-stream.ts';
import { describeStreamSummary } from './describe-stream-summary.ts';
import { getRecords } from './get-records.ts';
import { getShardIterator } from './get-shard-iterator.ts';
import { increaseStreamRetentionPeriod } from './increase-stream-retention-period.ts';
import { listShards } from './list-shards.ts';
import { listStreams } from './list-streams.ts';
import { mergeShards } from './merge-shards.ts';
import { putRecord } from './put-record.ts';
import { putRecords } from './put-records.ts';
import { splitShard } from './split-shard.ts';
import { updateShardCount } from './update-shard-count.ts';

export function operationsOf(kinesis: Kinesis): Readonly<Record<string, Operation>> {
  return {
    CreateStream: createStream(kinesis),
    DeleteStream: deleteStream(kinesis),
    DescribeStream: describeStream(kinesis),
    DescribeStreamSummary: describeStreamSummary(kinesis),
    GetRecords: getRecords(kinesis),
    GetShardIterator: getShardIterator(kinesis),
    IncreaseStreamRetentionPeriod: increaseStreamRetentionPeriod(kinesis),
    ListShards: listShards(kinesis),
    ListStreams: listStreams(kinesis),
    MergeShards: mergeShards(kinesis),
    PutRecord: putRecord(kinesis),
    PutRecords: putRecords(kinesis),
    SplitShard: splitShard(kinesis),
    UpdateShardCount: updateShardCount(kinesis),
  };
}
