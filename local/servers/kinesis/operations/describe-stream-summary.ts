/** DescribeStreamSummary: a stream without its shards. Every change here is complete when it is answered: ACTIVE. */
import { operation } from '../../wire/json-service.ts';
import { epochSecondsOf } from '../descriptions.ts';
import { type Kinesis, streamArn, streamOf, streamRef } from '../kinesis.ts';
import { RECORD_BYTES_MAX } from '../limits.ts';

export const describeStreamSummary = (kinesis: Kinesis) =>
  operation(streamRef, (input) => {
    const stream = streamOf(kinesis, input);
    return {
      StreamDescriptionSummary: {
        StreamName: stream.name,
        StreamARN: streamArn(kinesis, stream.name),
        StreamStatus: 'ACTIVE',
        StreamModeDetails: { StreamMode: stream.mode },
        StreamCreationTimestamp: epochSecondsOf(stream.createdTick),
        RetentionPeriodHours: stream.retentionHours,
        EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
        EncryptionType: 'NONE',
        OpenShardCount: stream.open.length,
        ConsumerCount: 0,
        MaxRecordSizeInKiB: RECORD_BYTES_MAX / 1024,
      },
    };
  });
