/**
 * Shard iterators: tokens that say where reading goes on, good for five minutes.
 *
 * They carry the stream's row, not its name, so one that outlives its stream does not read the stream that
 * was later made under the same name.
 */
export interface ShardIterator {
  readonly streamId: number;
  readonly shardIndex: number;
  readonly fromTick: number;
  readonly issuedAtMs: number;
}

export function writeIterator({ streamId, shardIndex, fromTick, issuedAtMs }: ShardIterator): string {
  return Buffer.from([streamId, shardIndex, fromTick, issuedAtMs].join('/')).toString('base64');
}

/** What the token says, or undefined for one that was not made here. */
export function readIterator(token: string): ShardIterator | undefined {
  const match = /^(\d+)\/(\d+)\/(\d+)\/(\d+)$/.exec(Buffer.from(token, 'base64').toString('latin1'));
  if (match === null) return undefined;
  const [streamId = 0, shardIndex = 0, fromTick = 0, issuedAtMs = 0] = match.slice(1).map(Number);
  return { streamId, shardIndex, fromTick, issuedAtMs };
}
