/**
 * ListShards: the shards that hold records or still receive them, a page at a time.
 *
 * A closed shard is listed until its last record has passed the stream's retention. A page token stands for
 * the stream, expires after five minutes, and must not be sent beside a stream name. `ShardFilter` and
 * `ExclusiveStartShardId` are rejected, since no caller here sends them.
 */
import * as v from 'valibot';
import { AwsError } from '../../wire/aws-error.ts';
import { operation } from '../../wire/json-service.ts';
import { readToken, writeToken } from '../../wire/opaque-token.ts';
import { integer, type Structure, structure, text } from '../../wire/shape.ts';
import { describeShard } from '../descriptions.ts';
import { invalidArgument } from '../errors.ts';
import { horizonOf, type Kinesis, shardId, streamOf, streamRef } from '../kinesis.ts';
import { TOKEN_LIFE_MS } from '../limits.ts';
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

const TokenParts = v.tuple([v.literal('shards'), v.number(), v.number(), v.number()]);

export const listShards = (kinesis: Kinesis) =>
  operation(members, (input) => {
    if (input.ShardFilter !== undefined || input.ExclusiveStartShardId !== undefined) {
      throw invalidArgument('ShardFilter and ExclusiveStartShardId are not served here.');
    }
    const { stream, after } =
      input.NextToken === undefined
        ? { stream: streamOf(kinesis, input), after: -1 }
        : nextPage(kinesis, input, input.NextToken);
    const horizon = horizonOf(kinesis, stream);
    const shards = stream.shards.filter(
      ({ index, closedTick }) => index > after && (closedTick ?? horizon) >= horizon,
    );
    const limit = Math.min(input.MaxResults ?? SHARDS_DEFAULT, SHARDS_DEFAULT);
    const last = shards.length > limit ? shards[limit - 1] : undefined;
    return {
      Shards: shards.slice(0, limit).map(describeShard),
      NextToken: last && writeToken(['shards', stream.id, last.index, kinesis.clock.nowMs()]),
    };
  });

/** Returns the stream of a page token, and the index of the last shard that has been listed. */
function nextPage(
  { clock, streams }: Kinesis,
  { StreamName, StreamARN }: Input,
  token: string,
): { stream: Stream; after: number } {
  if (StreamName !== undefined || StreamARN !== undefined) {
    throw invalidArgument('NextToken and StreamName cannot be provided together.');
  }
  const [, streamId = 0, after = 0, issuedAtMs = 0] = readToken(TokenParts, token) ?? [];
  const stream = streams.byId(streamId);
  if (stream === undefined) throw invalidArgument('The NextToken is not valid.');
  if (clock.nowMs() - issuedAtMs > TOKEN_LIFE_MS) {
    const message = `The NextToken is older than ${TOKEN_LIFE_MS} milliseconds.`;
    throw new AwsError('ExpiredNextTokenException', message);
  }
  return { stream, after };
}
