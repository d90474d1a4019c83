/** The context of every operation: the server's state, its clock, and how requests reference streams and shards. */
import { type Account, arnOf } from '../wire/account.ts';
import type { Clock } from '../wire/clock.ts';
import { oneOf, type Structure, structure, text } from '../wire/shape.ts';
import { invalidArgument, notFound } from './errors.ts';
import { STREAM_NAME_CHARS_MAX } from './limits.ts';
import type { RecordLog } from './record-log.ts';
import type { Shard, Stream, Streams } from './streams.ts';
import type { Throttle } from './throttle.ts';
import { type Ticks, tickAt } from './ticks.ts';

export interface Kinesis {
  readonly account: Account;
  readonly clock: Clock;
  readonly ticks: Ticks;
  readonly streams: Streams;
  readonly log: RecordLog;
  readonly throttle: Throttle;
}

export const streamName = text({ min: 1, max: STREAM_NAME_CHARS_MAX, pattern: /^[a-zA-Z0-9_.-]+$/ });
export const shardId = text({ min: 1, max: 128, pattern: /^[a-zA-Z0-9_.-]+$/ });
export const hashKey = text({ pattern: /^(?:0|[1-9]\d{0,38})$/ });
export const streamModeDetails = structure({ StreamMode: oneOf('PROVISIONED', 'ON_DEMAND') });

/** A request gives a stream's name, its ARN, or both. */
export const streamRef = {
  StreamName: streamName,
  StreamARN: text({ min: 1, max: 2048, pattern: /^arn:aws.*:kinesis:.*:\d{12}:stream\/\S+$/ }),
};
export type StreamRef = Structure<typeof streamRef>;

/** Returns the ARN of a stream. */
export function streamArn({ account }: Kinesis, name: string): string {
  return arnOf('kinesis', account, `stream/${name}`);
}

/**
 * Returns the stream that a request references.
 *
 * @throws InvalidArgumentException for no reference, or two that differ; ResourceNotFoundException for an
 * unknown stream.
 */
export function streamOf(kinesis: Kinesis, { StreamName, StreamARN }: StreamRef): Stream {
  const name = StreamARN?.slice(StreamARN.indexOf('/') + 1) ?? StreamName;
  if (name === undefined)
    throw invalidArgument('Either StreamARN or StreamName should be present in the request.');
  if (StreamName !== undefined && StreamName !== name) {
    throw invalidArgument('StreamARN and StreamName identify different streams.');
  }
  const stream = kinesis.streams.byName(name);
  if (stream === undefined || (StreamARN !== undefined && StreamARN !== streamArn(kinesis, name))) {
    throw notFound(`Stream ${name} under account ${kinesis.account.accountId} not found.`);
  }
  return stream;
}

/** Returns a shard by its id. AWS also accepts the number alone, with any padding. @throws ResourceNotFoundException */
export function shardOf(kinesis: Kinesis, stream: Stream, id: string): Shard {
  const digits = /^(?:shardId-)?(\d+)$/.exec(id)?.[1];
  const shard = digits === undefined ? undefined : stream.shards[Number(digits)];
  if (shard === undefined) throw notFound(`Could not find shard ${id} in ${inStream(kinesis, stream)}.`);
  return shard;
}

/** Returns the stream as AWS names it in its error messages. */
export function inStream({ account }: Kinesis, { name }: Stream): string {
  return `stream ${name} under account ${account.accountId}`;
}

/** Returns the stream's trim horizon: the tick before which records have passed its retention. */
export function horizonOf({ clock }: Kinesis, { retentionHours }: Stream): number {
  return tickAt(clock.nowMs() - retentionHours * 3_600_000);
}
