/** A log in memory: it takes so many records and refuses the rest one by one, as a crowded shard does. */
import { type EventLog, type LogReader, type LogRecord, padSequence } from '#application/ports/event-log.ts';

export interface MemoryLog extends EventLog {
  readonly records: readonly LogRecord[];
  /** How many attempts were made. */
  attempts(): number;
  /** So many more records are taken, then none. */
  takeOnly(count: number): void;
  /** The next attempts fail as a whole. */
  fail(...errors: readonly Error[]): void;
  readonly reader: LogReader;
}

export function memoryLog(): MemoryLog {
  const records: LogRecord[] = [];
  const errors: Error[] = [];
  let room = Number.POSITIVE_INFINITY;
  let attempts = 0;
  return {
    records,
    attempts: () => attempts,
    takeOnly(count) {
      room = count;
    },
    fail: (...more) => void errors.push(...more),
    async tryAppend(entries) {
      attempts += 1;
      const error = errors.shift();
      if (error !== undefined) throw error;
      return entries.map(({ key, bytes }) => {
        if (room <= 0) return { kind: 'refused', reason: 'ProvisionedThroughputExceededException' };
        room -= 1;
        const place = records.length + 1;
        records.push({ key, bytes, sequence: padSequence(String(place)), arrivedAtMs: place * 1_000 });
        return { kind: 'durable' };
      });
    },
    reader: {
      read: async (_shardId, first, last) =>
        records.filter(({ sequence }) => sequence >= padSequence(first) && sequence <= padSequence(last)),
    },
  };
}
