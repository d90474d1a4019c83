/** Stream records in the shape a function receives them from a Kinesis event source mapping. */
import { arnParts } from '../arns.ts';
import type { StreamRecord } from './shard-reader.ts';

/** One stream record, ready to be sent, with what it adds to the payload. */
export interface KinesisItem {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly arrivedAtMs: number;
  readonly eventRecord: object;
  readonly eventBytes: number;
}

export interface EventSource {
  readonly streamArn: string;
  readonly shardId: string;
  readonly functionName: string;
}

export function toKinesisItem(record: StreamRecord, source: EventSource): KinesisItem {
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

export function toKinesisEvent(items: readonly KinesisItem[]): object {
  return { Records: items.map(({ eventRecord }) => eventRecord) };
}
