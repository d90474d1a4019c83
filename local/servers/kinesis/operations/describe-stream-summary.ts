/** DescribeStreamSummary: a stream without its shards. */
import { operation } from '../../wire/json-service.ts';
import { describeSettings, describeStream } from '../descriptions.ts';
import { type Kinesis, streamOf, streamRef } from '../kinesis.ts';
import { RECORD_BYTES_MAX } from '../limits.ts';

export const describeStreamSummary = (kinesis: Kinesis) =>
  operation(streamRef, (input) => {
    const stream = streamOf(kinesis, input);
    return {
      StreamDescriptionSummary: {
        ...describeStream(kinesis, stream),
        ...describeSettings(stream),
        OpenShardCount: stream.open.length,
        ConsumerCount: 0,
        MaxRecordSizeInKiB: RECORD_BYTES_MAX / 1024,
      },
    };
  });
