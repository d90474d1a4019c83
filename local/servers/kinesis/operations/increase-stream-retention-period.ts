/** IncreaseStreamRetentionPeriod: to between a day and a year, never to less than the present one. */
import { operation } from '../../wire/json-service.ts';
import { integer, required } from '../../wire/shape.ts';
import { invalidArgument } from '../errors.ts';
import { type Kinesis, streamOf, streamRef } from '../kinesis.ts';
import { RETENTION_HOURS_MAX, RETENTION_HOURS_MIN } from '../limits.ts';

export const increaseStreamRetentionPeriod = (kinesis: Kinesis) =>
  operation({ ...streamRef, RetentionPeriodHours: required(integer()) }, (input) => {
    const stream = streamOf(kinesis, input);
    const hours = input.RetentionPeriodHours;
    const range = `[${RETENTION_HOURS_MIN}, ${RETENTION_HOURS_MAX}]`;
    if (hours < RETENTION_HOURS_MIN || hours > RETENTION_HOURS_MAX) {
      throw invalidArgument(`Retention period ${hours} hours is not in the range ${range}.`);
    }
    if (hours < stream.retentionHours) {
      throw invalidArgument(
        `Requested retention period (${hours} hours) for ${stream.name} can not be shorter than existing ` +
          `retention period (${stream.retentionHours} hours). Use DecreaseRetentionPeriod API.`,
      );
    }
    kinesis.streams.setRetention(stream, hours);
  });
