/** PutRecord: one record. A caller with many pays one round trip for each; PutRecords is for them. */
import { AwsError } from '../../wire/aws-error.ts';
import { operation } from '../../wire/json-service.ts';
import { text } from '../../wire/shape.ts';
import { type Kinesis, streamOf, streamRef } from '../kinesis.ts';
import { putAll, recordShape } from '../put.ts';
import { RATE_EXCEEDED } from '../refusals.ts';

export const putRecord = (kinesis: Kinesis) =>
  // SequenceNumberForOrdering asks that numbers keep growing, which here they always do.
  operation({ ...streamRef, ...recordShape, SequenceNumberForOrdering: text() }, (input) => {
    const [result] = putAll(kinesis, streamOf(kinesis, input), [input]);
    if (result?.ErrorCode === RATE_EXCEEDED) throw new AwsError(result.ErrorCode, result.ErrorMessage);
    return result;
  });
