/**
 * GetRecords: a shard's records from an iterator on, and the iterator of the next read.
 *
 * At the end of a closed shard there is no next iterator; the response names the shard's children instead, so
 * that a reader starts them only when it has read everything before them.
 */
import { AwsError } from '../../wire/aws-error.ts';
import { operation } from '../../wire/json-service.ts';
import { integer, required, text } from '../../wire/shape.ts';
import { describeChildren, epochSecondsOf } from '../descriptions.ts';
import { invalidArgument, notFound } from '../errors.ts';
import { readIterator, type ShardIterator, writeIterator } from '../iterators.ts';
import { horizonOf, type Kinesis, streamRef } from '../kinesis.ts';
import { GET_RECORDS_BYTES_MAX, GET_RECORDS_MAX, TOKEN_LIFE_MS } from '../limits.ts';
import type { StoredRecord } from '../record-log.ts';
import { sequenceNumber } from '../sequence-numbers.ts';
import { timeOfTick } from '../ticks.ts';

export const getRecords = (kinesis: Kinesis) =>
  operation(
    {
      ShardIterator: required(text({ min: 1, max: 512 })),
      Limit: integer({ min: 1, max: GET_RECORDS_MAX }),
      StreamARN: streamRef.StreamARN,
    },
    ({ ShardIterator, Limit }) => {
      const { clock, streams, log } = kinesis;
      const nowMs = clock.nowMs();
      const iterator = validIterator(ShardIterator, nowMs);
      const stream = streams.byId(iterator.streamId);
      const shard = stream?.shards[iterator.shardIndex];
      if (stream === undefined || shard === undefined)
        throw notFound('The stream of this ShardIterator does not exist.');

      const from = Math.max(iterator.fromTick, horizonOf(kinesis, stream));
      const records = log.read(shard.rowId, from, Limit ?? GET_RECORDS_MAX, GET_RECORDS_BYTES_MAX);
      const last = records.at(-1)?.tick;
      const fromTick = last === undefined ? from : last + 1;
      const nextTick = log.firstTick(shard.rowId, fromTick);
      const atEnd = nextTick === undefined && shard.closedTick !== undefined;
      return {
        Records: records.map((record) => describeRecord(record, shard.index)),
        NextShardIterator: atEnd ? undefined : writeIterator({ ...iterator, fromTick, issuedAtMs: nowMs }),
        MillisBehindLatest: nextTick === undefined ? 0 : Math.max(0, nowMs - timeOfTick(last ?? nextTick)),
        ChildShards: atEnd ? describeChildren(stream, shard) : undefined,
      };
    },
  );

function validIterator(token: string, nowMs: number): ShardIterator {
  const iterator = readIterator(token);
  if (iterator === undefined) throw invalidArgument('Invalid ShardIterator.');
  if (nowMs - iterator.issuedAtMs > TOKEN_LIFE_MS) {
    throw new AwsError(
      'ExpiredIteratorException',
      `Iterator expired. The iterator was created at time ${new Date(iterator.issuedAtMs).toUTCString()} while right ` +
        `now it is ${new Date(nowMs).toUTCString()} which is further in the future than the tolerated delay of ` +
        `${TOKEN_LIFE_MS} milliseconds.`,
    );
  }
  return iterator;
}

function describeRecord({ tick, partition_key, data }: StoredRecord, shardIndex: number) {
  return {
    SequenceNumber: sequenceNumber({ tick, shardIndex }),
    ApproximateArrivalTimestamp: epochSecondsOf(tick),
    Data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
    PartitionKey: partition_key,
    EncryptionType: 'NONE',
  };
}
