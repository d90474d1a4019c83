/** An event log in memory: it accepts so many records and rejects each further one, like a throttled shard. */
import { type EventLog, type LogReader, type LogRecord, padSequence } from '#application/ports/event-log.ts';

export interface MemoryLog extends EventLog {
  readonly records: readonly LogRecord[];
  /** The number of attempts. */
  attempts(): number;
  /** How many more records are accepted. */
  takeOnly(count: number): void;
  /** How many of the next attempts fail as a whole. */
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
