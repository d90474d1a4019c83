/** The operations of the server, by their names on the wire. Every other name is an UnknownOperationException. */
import type { Operation } from '../../wire/json-service.ts';
import type { Kinesis } from '../kinesis.ts';
import { createStream } from './create-stream.ts';
import { describeStreamSummary } from './describe-stream-summary.ts';
import { getRecords } from './get-records.ts';
import { getShardIterator } from './get-shard-iterator.ts';
import { increaseStreamRetentionPeriod } from './increase-stream-retention-period.ts';
import { listShards } from './list-shards.ts';
import { putRecords } from './put-records.ts';
import { splitShard } from './split-shard.ts';

/** Returns the operations over one server's state. */
export function operationsOf(kinesis: Kinesis): Readonly<Record<string, Operation>> {
  return {
    CreateStream: createStream(kinesis),
    DescribeStreamSummary: describeStreamSummary(kinesis),
    GetRecords: getRecords(kinesis),
    GetShardIterator: getShardIterator(kinesis),
    IncreaseStreamRetentionPeriod: increaseStreamRetentionPeriod(kinesis),
    ListShards: listShards(kinesis),
    PutRecords: putRecords(kinesis),
    SplitShard: splitShard(kinesis),
  };
}
