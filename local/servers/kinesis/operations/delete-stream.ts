/** DeleteStream: the stream, its shards and its records are gone when it is answered. */
import { operation } from '../../wire/json-service.ts';
import { flag } from '../../wire/shape.ts';
import { type Kinesis, streamOf, streamRef } from '../kinesis.ts';

export const deleteStream = (kinesis: Kinesis) =>
  operation({ ...streamRef, EnforceConsumerDeletion: flag() }, (input) => {
    kinesis.streams.delete(streamOf(kinesis, input));
  });
