/** Port: the log of events. */

export interface LogEntry {
  /** The partition key: the store's id. */
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** The outcome of one entry. */
export type AppendOutcome =
  | { readonly kind: 'durable' }
  | { readonly kind: 'refused'; readonly reason: string };

export interface EventLog {
  /** Makes one attempt to append; returns an outcome per entry, in the order of the entries. */
  tryAppend(entries: readonly LogEntry[]): Promise<AppendOutcome[]>;
}

export interface LogRecord {
  readonly key: string;
  readonly sequence: string;
  readonly bytes: Uint8Array;
  readonly arrivedAtMs: number;
}

/** Reads ranges of the log again, for records that a consumer gave up on. */
export interface LogReader {
  read(shardId: string, firstSequence: string, lastSequence: string): Promise<LogRecord[]>;
}

/** Kinesis numbers have up to 56 digits today and may have 129; texts compare as numbers once padded to one length. */
export const SEQUENCE_DIGITS = 64;

/**
 * Returns a sequence number as a text that sorts like the number.
 *
 * @throws Error if it is not a decimal number of at most {@link SEQUENCE_DIGITS} digits
 */
export function padSequence(sequence: string): string {
  if (!/^\d+$/.test(sequence) || sequence.length > SEQUENCE_DIGITS) {
    throw new Error(`not a sequence number of at most ${SEQUENCE_DIGITS} digits: ${sequence}`);
  }
  return sequence.padStart(SEQUENCE_DIGITS, '0');
}
