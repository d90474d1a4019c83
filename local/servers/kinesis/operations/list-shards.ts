/**
 * ListShards: the shards that hold records or still receive them, a page at a time.
 *
 * A closed shard is listed until its last record has passed the stream's retention. `ShardFilter` and
 * `ExclusiveStartShardId` are rejected, since no caller here sends them.
 */
import { operation } from '../../wire/json-service.ts';
import { integer, type Structure, structure, text } from '../../wire/shape.ts';
import { describeShard } from '../descriptions.ts';
import { horizonOf, type Kinesis, shardId, streamOf, streamRef } from '../kinesis.ts';
import { readPageToken, writePageToken } from '../page-tokens.ts';
import { invalidArgument } from '../refusals.ts';
import type { Stream } from '../streams.ts';

const SHARDS_DEFAULT = 1000;

const members = {
  ...streamRef,
  NextToken: text({ min: 1 }),
  MaxResults: integer({ min: 1, max: 10_000 }),
  ExclusiveStartShardId: shardId,
  ShardFilter: structure({}),
};
type Input = Structure<typeof members>;

export const listShards = (kinesis: Kinesis) =>
  operation(members, (input) => {
    if (input.ShardFilter !== undefined || input.ExclusiveStartShardId !== undefined) {
      throw invalidArgument('ShardFilter and ExclusiveStartShardId are not served here.');
    }
    const { stream, after } =
      input.NextToken === undefined ? firstPage(kinesis, input) : nextPage(kinesis, input);
    const horizon = horizonOf(kinesis, stream);
    const shards = stream.shards.filter(
      ({ index, closedTick }) => index > after && (closedTick ?? horizon) >= horizon,
    );
    const limit = Math.min(input.MaxResults ?? SHARDS_DEFAULT, SHARDS_DEFAULT);
    const last = shards.length > limit ? shards[limit - 1] : undefined;
    const issuedAtMs = kinesis.clock.nowMs();
    return {
      Shards: shards.slice(0, limit).map(describeShard),
      NextToken: last && writePageToken({ streamId: stream.id, after: last.index, issuedAtMs }),
    };
  });

interface Page {
  readonly stream: Stream;
  /** The index of the last shard that was listed. */
  readonly after: number;
}

function firstPage(kinesis: Kinesis, input: Input): Page {
  return { stream: streamOf(kinesis, input), after: -1 };
}

function nextPage(kinesis: Kinesis, { StreamName, StreamARN, NextToken = '' }: Input): Page {
  if (StreamName !== undefined || StreamARN !== undefined) {
    throw invalidArgument('NextToken and StreamName cannot be provided together.');
  }
  const { streamId, after } = readPageToken(kinesis.clock, NextToken);
  const stream = kinesis.streams.byId(streamId);
  if (stream === undefined) throw invalidArgument('The NextToken is not valid.');
  return { stream, after };
}
