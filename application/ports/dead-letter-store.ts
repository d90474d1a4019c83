/** Port: records of the log that could not be counted. */

/**
 * `unreadable`: not an event of any defined type. `conflict`: another body under the same receipt id.
 * `unstorable`: the table rejects it permanently. `exhausted`: every attempt failed; it may be partly counted.
 */
export type DeadLetterReason = 'unreadable' | 'conflict' | 'unstorable' | 'exhausted';

export interface DeadLetter {
  /** Zero-padded sequence number in the log. */
  readonly sequence: string;
  readonly why: DeadLetterReason;
  readonly reason: string;
  /** The record's partition key. */
  readonly storeId: string;
  readonly bytes: Uint8Array;
  readonly arrivedAtMs: number;
  readonly keptAtMs: number;
  readonly replayedAtMs?: number;
}

export interface DeadLetterStore {
  /**
   * Stores a dead letter; the first one for a sequence number is kept. Only `exhausted` replaces `conflict`: the count that
   * failed after the conflict was found has to be repeated by a replay.
   */
  keep(letter: DeadLetter): Promise<void>;
  list(): AsyncIterable<DeadLetter>;
  markReplayed(sequence: string, replayedAtMs: number): Promise<void>;
}
