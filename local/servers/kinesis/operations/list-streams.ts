/** ListStreams, by name. The token of the next page is the last name of this one. */
import { operation } from '../../wire/json-service.ts';
import { integer, text } from '../../wire/shape.ts';
import { describeStream } from '../descriptions.ts';
import { type Kinesis, streamName } from '../kinesis.ts';

const STREAMS_DEFAULT = 100;

export const listStreams = (kinesis: Kinesis) =>
  operation(
    {
      Limit: integer({ min: 1, max: 10_000 }),
      ExclusiveStartStreamName: streamName,
      NextToken: text({ min: 1 }),
    },
    ({ Limit, ExclusiveStartStreamName, NextToken }) => {
      const after = NextToken ?? ExclusiveStartStreamName ?? '';
      const limit = Math.min(Limit ?? STREAMS_DEFAULT, STREAMS_DEFAULT);
      const rest = kinesis.streams.all().filter(({ name }) => name > after);
      const page = rest.slice(0, limit);
      const more = rest.length > limit;
      return {
        StreamNames: page.map(({ name }) => name),
        StreamSummaries: page.map((stream) => describeStream(kinesis, stream)),
        HasMoreStreams: more,
        NextToken: more ? page.at(-1)?.name : undefined,
      };
    },
  );
