/** What every operation works with: the state, the time, and how AWS would name things. */
import { type Account, arnOf } from '../wire/account.ts';
import type { Clock } from '../wire/clock.ts';
import { oneOf, type Structure, structure, text } from '../wire/shape.ts';
import { STREAM_NAME_CHARS_MAX } from './limits.ts';
import type { RecordLog } from './record-log.ts';
import { invalidArgument, notFound } from './refusals.ts';
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

/** A stream is named, or given by its ARN, or both. */
export const streamRef = {
  StreamName: streamName,
  StreamARN: text({ min: 1, max: 2048, pattern: /^arn:aws.*:kinesis:.*:\d{12}:stream\/\S+$/ }),
};
export type StreamRef = Structure<typeof streamRef>;

export function streamArn({ account }: Kinesis, name: string): string {
  return arnOf('kinesis', account, `stream/${name}`);
}

/** The stream a request means. */
export function streamOf(kinesis: Kinesis, { StreamName, StreamARN }: StreamRef): Stream {
  const named = StreamARN?.slice(StreamARN.indexOf('/') + 1) ?? StreamName;
  if (named === undefined)
    throw invalidArgument('Either StreamARN or StreamName should be present in the request.');
  if (StreamName !== undefined && StreamName !== named) {
    throw invalidArgument('StreamARN and StreamName identify different streams.');
  }
  const stream = kinesis.streams.byName(named);
  if (stream === undefined || (StreamARN !== undefined && StreamARN !== streamArn(kinesis, named))) {
    throw notFound(`Stream ${named} under account ${kinesis.account.accountId} not found.`);
  }
  return stream;
}

/** A shard by its id. AWS takes the number alone, too, however it is padded. */
export function shardOf(kinesis: Kinesis, stream: Stream, id: string): Shard {
  const digits = /^(?:shardId-)?(\d+)$/.exec(id)?.[1];
  const shard = digits === undefined ? undefined : stream.shards[Number(digits)];
  if (shard === undefined) throw notFound(`Could not find shard ${id} in ${inStream(kinesis, stream)}.`);
  return shard;
}

export function inStream({ account }: Kinesis, { name }: Stream): string {
  return `stream ${name} under account ${account.accountId}`;
}

/** Everything before this tick has left the stream. */
export function horizonOf({ clock }: Kinesis, { retentionHours }: Stream): number {
  return tickAt(clock.nowMs() - retentionHours * 3_600_000);
}
