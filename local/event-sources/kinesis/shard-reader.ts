/**
 * The part of Kinesis that a mapping reads with, so that its rules can be tested against a stream of
 * in-memory arrays. sdk-shard-reader.ts implements it over a client.
 */

export interface Shard {
  readonly shardId: string;
  /** None for a first shard, one after a split, two after a merge. */
  readonly parentIds: readonly string[];
  /** Closed by a reshard: its records remain, and no more are added. */
  readonly closed: boolean;
}

export interface StreamRecord {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  readonly arrivedAtMs: number;
}

export type ShardPosition =
  | { readonly kind: 'trim-horizon' }
  | { readonly kind: 'latest' }
  | { readonly kind: 'after'; readonly sequenceNumber: string };

interface ShardPage {
  readonly records: readonly StreamRecord[];
  /** Undefined at the end of a closed shard. */
  readonly nextIterator: string | undefined;
  /** Distance from the tip of the shard; above zero there is more to read now. */
  readonly behindMs: number;
}

export interface ShardReader {
  listShards(): Promise<readonly Shard[]>;
  iterator(shardId: string, position: ShardPosition): Promise<string>;
  read(iterator: string): Promise<ShardPage>;
}
