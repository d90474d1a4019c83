/** Stream records in the shape that a Kinesis event source mapping sends to a function. */
import { arnParts } from '../arns.ts';
import type { StreamRecord } from './shard-reader.ts';

/** One stream record, ready to send, with the bytes it adds to the payload. */
export interface KinesisItem {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly arrivedAtMs: number;
  readonly eventRecord: object;
  readonly eventBytes: number;
}

export interface ShardSource {
  readonly streamArn: string;
  readonly shardId: string;
  readonly functionName: string;
}

/** Returns the record as an item of an event. */
export function toKinesisItem(record: StreamRecord, source: ShardSource): KinesisItem {
  const { region, account } = arnParts(source.streamArn);
  const eventRecord = {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: record.partitionKey,
      sequenceNumber: record.sequenceNumber,
      data: Buffer.from(record.data).toString('base64'),
      approximateArrivalTimestamp: record.arrivedAtMs / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${source.shardId}:${record.sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: `arn:aws:iam::${account}:role/${source.functionName}`,
    awsRegion: region,
    eventSourceARN: source.streamArn,
  };
  return {
    sequenceNumber: record.sequenceNumber,
    partitionKey: record.partitionKey,
    arrivedAtMs: record.arrivedAtMs,
    eventRecord,
    eventBytes: Buffer.byteLength(JSON.stringify(eventRecord)),
  };
}

/** Returns the event that carries these items. */
export function toKinesisEvent(items: readonly KinesisItem[]): object {
  return { Records: items.map(({ eventRecord }) => eventRecord) };
}
