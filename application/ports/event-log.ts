/** Port: the log of events. */

export interface LogEntry {
  /** The store. */
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** What became of one entry. */
export type Appended = { readonly kind: 'durable' } | { readonly kind: 'refused'; readonly reason: string };

export interface EventLog {
  /** One attempt to append; an outcome per entry, in their order. */
  tryAppend(entries: readonly LogEntry[]): Promise<Appended[]>;
}

export interface LogRecord {
  readonly key: string;
  readonly sequence: string;
  readonly bytes: Uint8Array;
  readonly arrivedAtMs: number;
}

/** Reads stretches of the log again, for what a consumer had to give up. */
export interface LogReader {
  read(shardId: string, firstSequence: string, lastSequence: string): Promise<LogRecord[]>;
}

/** Kinesis numbers have up to 56 digits today and may have 129; texts compare as numbers once padded to one length. */
export const SEQUENCE_DIGITS = 64;

export function padSequence(sequence: string): string {
  if (!/^\d+$/.test(sequence) || sequence.length > SEQUENCE_DIGITS) {
    throw new Error(`not a sequence number of at most ${SEQUENCE_DIGITS} digits: ${sequence}`);
  }
  return sequence.padStart(SEQUENCE_DIGITS, '0');
}
