/**
 * The log in memory: shards by the hash of the key, splitting and merging, numbers that only grow.
 *
 * Appending may take part of a request, or take all of it and lose the answer, as Kinesis does.
 */
import { createHash } from 'node:crypto';
import {
  type EventLog,
  type LogEntry,
  type LogReader,
  type LogRecord,
  padSequence,
} from '#application/ports/event-log.ts';
import type { FaultCounts } from './faults.ts';
import type { Random } from './random.ts';

export interface Shard {
  readonly id: number;
  readonly from: number;
  /** Keys hash to `from` … `to`, the latter excluded. */
  readonly to: number;
  readonly parents: readonly Shard[];
  readonly records: LogRecord[];
  isOpen: boolean;
}

export interface MemoryLog extends EventLog {
  readonly shards: readonly Shard[];
  readonly all: readonly LogRecord[];
  /** Appends without faults: bytes that no producer of ours would send. */
  appendRaw(entry: LogEntry): void;
  reshard(): void;
  readonly reader: LogReader;
}

const HASHES = 65_536;
const hashOf = (key: string): number => createHash('md5').update(key).digest().readUInt16BE(0);

export function memoryLog(random: Random, counts: FaultCounts, isStormy: () => boolean): MemoryLog {
  const shards: Shard[] = [{ id: 0, from: 0, to: HASHES, parents: [], records: [], isOpen: true }];
  const all: LogRecord[] = [];
  let sequence = 1_000n;

  const appendRaw = ({ key, bytes }: LogEntry): void => {
    const hash = hashOf(key);
    const shard = shards.find((one) => one.isOpen && hash >= one.from && hash < one.to);
    if (shard === undefined) throw new Error('no open shard for a key');
    sequence += BigInt(random.between(1, 3));
    const record = { key, bytes, sequence: padSequence(String(sequence)), arrivedAtMs: Number(sequence) };
    shard.records.push(record);
    all.push(record);
  };
  const open = (from: number, to: number, parents: readonly Shard[]): void => {
    for (const parent of parents) parent.isOpen = false;
    shards.push({ id: shards.length, from, to, parents, records: [], isOpen: true });
  };

  return {
    shards,
    all,
    appendRaw,
    async tryAppend(entries) {
      if (isStormy() && random.chance(0.1)) {
        for (const entry of entries) appendRaw(entry);
        counts['answer of the log lost']++;
        throw new Error('TimeoutError');
      }
      const isCrowded = isStormy() && random.chance(0.25);
      if (isCrowded && entries.length > 1) counts['records partly refused']++;
      return entries.map((entry, index) => {
        if (isCrowded && (index === 0 || random.chance(0.4))) {
          return { kind: 'refused', reason: 'ProvisionedThroughputExceededException' };
        }
        appendRaw(entry);
        return { kind: 'durable' };
      });
    },
    reshard() {
      const living = shards.filter((shard) => shard.isOpen);
      const first = random.pick(living);
      const neighbour = living.find((shard) => shard.from === first.to);
      if (neighbour !== undefined && random.chance(0.5)) {
        counts['shards merged']++;
        open(first.from, neighbour.to, [first, neighbour]);
      } else if (first.to - first.from > 2) {
        counts['shard split']++;
        const middle = random.between(first.from + 1, first.to - 1);
        open(first.from, middle, [first]);
        open(middle, first.to, [first]);
      }
    },
    reader: {
      async read(shardId, firstSequence, lastSequence) {
        const [first, last] = [padSequence(firstSequence), padSequence(lastSequence)];
        const shard = shards[Number(shardId)];
        return (shard?.records ?? []).filter((record) => record.sequence >= first && record.sequence <= last);
      },
    },
  };
}
