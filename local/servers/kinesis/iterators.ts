/** Shard iterators: opaque tokens for the position from which a shard is read on, valid for five minutes. */
import * as v from 'valibot';
import { readToken, writeToken } from '../wire/opaque-token.ts';

export interface ShardIterator {
  readonly streamId: number;
  readonly shardIndex: number;
  readonly fromTick: number;
  readonly issuedAtMs: number;
}

const Parts = v.tuple([v.literal('iterator'), v.number(), v.number(), v.number(), v.number()]);

/** Returns the iterator as a token. */
export function writeIterator({ streamId, shardIndex, fromTick, issuedAtMs }: ShardIterator): string {
  return writeToken(['iterator', streamId, shardIndex, fromTick, issuedAtMs]);
}

/** Returns the iterator of a token, or undefined where this server did not issue it. */
export function readIterator(token: string): ShardIterator | undefined {
  const parts = readToken(Parts, token);
  if (parts === undefined) return undefined;
  const [, streamId, shardIndex, fromTick, issuedAtMs] = parts;
  return { streamId, shardIndex, fromTick, issuedAtMs };
}
