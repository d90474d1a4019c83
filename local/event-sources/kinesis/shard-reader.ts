/**
 * The little of Kinesis a mapping reads with, so that its rules can be tested against a stream that is a
 * few arrays in memory. The adapter for a real client is in kinesis-shard-reader.ts.
 */

export interface Shard {
  readonly shardId: string;
  /** None for a first shard, one after a split, two after a merge. */
  readonly parentIds: readonly string[];
  /** Closed by a reshard: it still has its records, but gets no more. */
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
  /** Missing at the end of a closed shard. */
  readonly nextIterator: string | undefined;
  /** How far this page is from the tip of the shard; above zero there is more to read now. */
  readonly behindMs: number;
}

export interface ShardReader {
  listShards(): Promise<readonly Shard[]>;
  iterator(shardId: string, position: ShardPosition): Promise<string>;
  read(iterator: string): Promise<ShardPage>;
}
