/** PutRecords: up to 500 records, each of which may be refused alone when its shard has had enough. */
import { operation } from '../../wire/json-service.ts';
import { list, required, structure } from '../../wire/shape.ts';
import { type Kinesis, streamOf, streamRef } from '../kinesis.ts';
import { PUT_RECORDS_BYTES_MAX, PUT_RECORDS_MAX } from '../limits.ts';
import { bytesOf, putAll, recordShape } from '../put.ts';
import { invalidArgument } from '../refusals.ts';

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
      const results = putAll(kinesis, stream, input.Records);
      return {
        FailedRecordCount: results.filter((result) => result.ErrorCode !== undefined).length,
        Records: results,
      };
    },
  );
