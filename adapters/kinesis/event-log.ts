/**
 * The event log in Kinesis. The partition key is the store, so one store's events keep their order through every shard,
 * consumer and resharding.
 *
 * PutRecords may store some records and reject others; only the stored ones may be reported as accepted.
 */

import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  type KinesisClientConfig,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import {
  type AppendOutcome,
  type EventLog,
  type LogEntry,
  type LogReader,
  type LogRecord,
  padSequence,
} from '#application/ports/event-log.ts';

const REQUEST_TIMEOUT_MS = 5_000;

export const kinesisClient = (config: KinesisClientConfig = {}): KinesisClient =>
  new KinesisClient({ requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS }, ...config });

/** PutRecords' own limits. */
const RECORDS_MAX = 500;
const REQUEST_BYTES_MAX = 5_000_000;

/** Splits entries into requests within PutRecords' limits, in order. */
export function cut(entries: readonly LogEntry[]): LogEntry[][] {
  const requests: LogEntry[][] = [];
  let current: LogEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = entry.bytes.byteLength + Buffer.byteLength(entry.key);
    if (current.length > 0 && (current.length === RECORDS_MAX || bytes + size > REQUEST_BYTES_MAX)) {
      requests.push(current);
      current = [];
      bytes = 0;
    }
    current.push(entry);
    bytes += size;
  }
  if (current.length > 0) requests.push(current);
  return requests;
}

export function kinesisEventLog(client: KinesisClient, StreamName: string): EventLog {
  return {
    async tryAppend(entries) {
      const outcomes: AppendOutcome[] = [];
      for (const request of cut(entries)) {
        const answer = await client.send(
          new PutRecordsCommand({
            StreamName,
            Records: request.map(({ key, bytes }) => ({ PartitionKey: key, Data: bytes })),
          }),
        );
        request.forEach((_, index) => {
          const record = answer.Records?.[index];
          outcomes.push(
            record?.SequenceNumber !== undefined && record.ErrorCode === undefined
              ? { kind: 'durable' }
              : { kind: 'refused', reason: record?.ErrorCode ?? 'no answer' },
          );
        });
      }
      return outcomes;
    },
  };
}

/** Ranges that are read again are batches that a function gave up on: short. */
const PAGES_MAX = 100;

export function kinesisLogReader(client: KinesisClient, StreamARN: string): LogReader {
  return {
    async read(ShardId, firstSequence, lastSequence) {
      const last = padSequence(lastSequence);
      const start = await client.send(
        new GetShardIteratorCommand({
          StreamARN,
          ShardId,
          ShardIteratorType: 'AT_SEQUENCE_NUMBER',
          StartingSequenceNumber: firstSequence,
        }),
      );
      const records: LogRecord[] = [];
      let iterator = start.ShardIterator;
      for (let page = 0; page < PAGES_MAX && iterator !== undefined; page++) {
        const answer = await client.send(new GetRecordsCommand({ StreamARN, ShardIterator: iterator }));
        for (const record of answer.Records ?? []) {
          const sequence = padSequence(record.SequenceNumber ?? '');
          if (sequence > last) return records;
          records.push({
            key: record.PartitionKey ?? '',
            sequence,
            bytes: record.Data ?? new Uint8Array(),
            arrivedAtMs: record.ApproximateArrivalTimestamp?.getTime() ?? 0,
          });
          if (sequence === last) return records;
        }
        iterator = answer.NextShardIterator;
      }
      return records;
    },
  };
}
