/** Port: records of the log that could not be counted. */

/**
 * `unreadable`: no event that was ever defined. `conflict`: a second body under a receipt's name.
 * `unstorable`: the table refuses it for good. `exhausted`: every try failed; parts of it may be counted.
 */
export type DeadLetterReason = 'unreadable' | 'conflict' | 'unstorable' | 'exhausted';

export interface DeadLetter {
  /** Zero-padded place in the log. */
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
  /** Keeps a letter; the first keeping of a place in the log stands. */
  keep(letter: DeadLetter): Promise<void>;
  list(): AsyncIterable<DeadLetter>;
  markReplayed(sequence: string, replayedAtMs: number): Promise<void>;
}
