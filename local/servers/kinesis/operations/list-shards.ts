/** ListShards, a page at a time, filtered by when a shard was open. */
import { operation } from '../../wire/json-service.ts';
import { integer, oneOf, required, type Structure, structure, text, timestamp } from '../../wire/shape.ts';
import { describeShard } from '../descriptions.ts';
import { horizonOf, type Kinesis, shardId, shardOf, streamOf, streamRef } from '../kinesis.ts';
import { type PageToken, readPageToken, writePageToken } from '../page-tokens.ts';
import { invalidArgument } from '../refusals.ts';
import type { Shard, Stream } from '../streams.ts';
import { tickAt } from '../ticks.ts';

const SHARDS_DEFAULT = 1000;

const filterShape = {
  Type: required(
    oneOf(
      'AFTER_SHARD_ID',
      'AT_TRIM_HORIZON',
      'FROM_TRIM_HORIZON',
      'AT_LATEST',
      'AT_TIMESTAMP',
      'FROM_TIMESTAMP',
    ),
  ),
  ShardId: shardId,
  Timestamp: timestamp(),
};
type ShardFilter = Structure<typeof filterShape>;

export const listShards = (kinesis: Kinesis) =>
  operation(
    {
      ...streamRef,
      NextToken: text({ min: 1 }),
      ExclusiveStartShardId: shardId,
      MaxResults: integer({ min: 1, max: 10_000 }),
      StreamCreationTimestamp: timestamp(),
      ShardFilter: structure(filterShape),
    },
    (input) => {
      const page =
        input.NextToken === undefined ? firstPage(kinesis, input) : nextPage(kinesis, input, input.NextToken);
      const shards = page.stream.shards.filter(({ index }) => index > page.after).filter(page.matches);
      const limit = Math.min(input.MaxResults ?? SHARDS_DEFAULT, SHARDS_DEFAULT);
      const last = shards.length > limit ? shards[limit - 1] : undefined;
      return {
        Shards: shards.slice(0, limit).map(describeShard),
        NextToken:
          last &&
          writePageToken({
            ...page,
            streamId: page.stream.id,
            after: last.index,
            issuedAtMs: kinesis.clock.nowMs(),
          }),
      };
    },
  );

interface Page {
  readonly stream: Stream;
  /** Shards up to this index have been listed. */
  readonly after: number;
  readonly fromTick: number;
  readonly toTick: number;
  readonly matches: (shard: Shard) => boolean;
}

interface PageRequest extends Structure<typeof streamRef> {
  readonly ExclusiveStartShardId: string | undefined;
  readonly ShardFilter: ShardFilter | undefined;
}

function firstPage(kinesis: Kinesis, input: PageRequest): Page {
  const stream = streamOf(kinesis, input);
  const { ShardFilter, ExclusiveStartShardId } = input;
  const startId = ShardFilter?.Type === 'AFTER_SHARD_ID' ? ShardFilter.ShardId : ExclusiveStartShardId;
  if (ShardFilter?.Type === 'AFTER_SHARD_ID' && startId === undefined) {
    throw invalidArgument('ShardId must be given when the shard filter is AFTER_SHARD_ID.');
  }
  const after = startId === undefined ? -1 : shardOf(kinesis, stream, startId).index;
  const { fromTick, toTick } = openDuring(kinesis, stream, ShardFilter);
  return { stream, after, fromTick, toTick, matches: wasOpenDuring(fromTick, toTick) };
}

function nextPage(kinesis: Kinesis, input: PageRequest, token: string): Page {
  if (input.StreamName ?? input.StreamARN ?? input.ExclusiveStartShardId ?? input.ShardFilter) {
    throw invalidArgument('NextToken and StreamName cannot be provided together.');
  }
  const read: PageToken = readPageToken(kinesis.clock, token);
  const stream = kinesis.streams.byId(read.streamId);
  if (stream === undefined) throw invalidArgument('The NextToken belongs to a stream that is no more.');
  return {
    stream,
    after: read.after,
    fromTick: read.fromTick,
    toTick: read.toTick,
    matches: wasOpenDuring(read.fromTick, read.toTick),
  };
}

/** The stretch of time in which a shard must have been open to be listed. */
function openDuring(kinesis: Kinesis, stream: Stream, filter: ShardFilter | undefined) {
  const horizon = horizonOf(kinesis, stream);
  const latest = kinesis.ticks.last();
  switch (filter?.Type) {
    case 'AT_LATEST':
      return { fromTick: latest + 1, toTick: latest };
    case 'AT_TRIM_HORIZON': {
      // A stream younger than its retention begins where it was created.
      const fromTick = Math.max(horizon, stream.createdTick);
      return { fromTick, toTick: fromTick };
    }
    case 'AT_TIMESTAMP':
    case 'FROM_TIMESTAMP': {
      if (filter.Timestamp === undefined)
        throw invalidArgument(`Timestamp must be given when the shard filter is ${filter.Type}.`);
      const fromTick = Math.max(horizon, tickAt(filter.Timestamp));
      return { fromTick, toTick: filter.Type === 'AT_TIMESTAMP' ? fromTick : latest };
    }
    default:
      return { fromTick: horizon, toTick: latest };
  }
}

function wasOpenDuring(fromTick: number, toTick: number): (shard: Shard) => boolean {
  return ({ openedTick, closedTick }) =>
    openedTick <= toTick && (closedTick ?? Number.POSITIVE_INFINITY) >= fromTick;
}
