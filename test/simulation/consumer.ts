/**
 * An event source mapping in miniature: batches of any size, bisected on error, tried a bounded number of times,
 * then handed to the dead letters; checkpoints that get lost; twins of an invocation that was thought dead.
 */
import type { LogRecord } from '#application/ports/event-log.ts';
import type { FaultCounts, Invocation } from './faults.ts';
import type { MemoryLog, Shard } from './log.ts';
import type { Random } from './random.ts';

/** Runs the function over a batch; answers with the lowest place that failed, throws where the whole run did. */
export type Consume = (records: readonly LogRecord[], invocation: Invocation) => Promise<string | undefined>;

export interface ConsumerPorts {
  readonly log: MemoryLog;
  readonly random: Random;
  readonly counts: FaultCounts;
  readonly consume: Consume;
  /** A batch that was given up. */
  readonly giveUp: (shard: Shard, records: readonly LogRecord[]) => Promise<void>;
  readonly isStormy: () => boolean;
}

export interface Consumer {
  /** Takes one batch of some shard further; false where nothing is left. */
  step(): Promise<boolean>;
}

const BATCH_MAX = 25;
const TRIES_MAX = 6;

export function consumer(ports: ConsumerPorts): Consumer {
  const { log, random, counts } = ports;
  const done = new Map<number, number>();
  const cut = new Map<string, number>();
  const place = (shard: Shard): number => done.get(shard.id) ?? 0;
  // A shard that nothing was written to is only finished once its parents are, or its children would overtake them.
  const isFinished = (shard: Shard): boolean =>
    !shard.isOpen && place(shard) === shard.records.length && shard.parents.every(isFinished);

  async function run(records: readonly LogRecord[]): Promise<string | undefined> {
    const invocation = { isDead: false, isLucky: random.chance(0.4) };
    if (ports.isStormy() && random.chance(0.05)) {
      counts['twin invocation']++;
      const twin = { isDead: false, isLucky: false };
      const [outcome] = await Promise.allSettled([
        ports.consume(records, invocation),
        ports.consume(records.slice(0, random.between(1, records.length)), twin),
      ]);
      if (outcome.status === 'rejected') throw outcome.reason;
      if (invocation.isDead) throw new Error('the function died');
      return outcome.value;
    }
    const failed = await ports.consume(records, invocation);
    // A function that died has said nothing, whatever its last promise came to.
    if (invocation.isDead) throw new Error('the function died');
    return failed;
  }

  /** Until each record of a batch was consumed or given up. */
  async function consumeAll(shard: Shard, records: readonly LogRecord[], tries = 0): Promise<void> {
    if (records.length === 0) return;
    let rest = records;
    for (let attempt = tries; ; attempt++) {
      if (attempt === TRIES_MAX) {
        counts['tries exhausted']++;
        return ports.giveUp(shard, rest);
      }
      try {
        const failed = await run(rest);
        if (failed === undefined) return;
        rest = rest.filter((record) => record.sequence >= failed);
      } catch {
        if (rest.length > 1 && random.chance(0.5)) {
          counts['batch bisected']++;
          const middle = Math.floor(rest.length / 2);
          await consumeAll(shard, rest.slice(0, middle), attempt + 1);
          return consumeAll(shard, rest.slice(middle), attempt + 1);
        }
      }
    }
  }

  return {
    async step() {
      const ready = log.shards.filter(
        (shard) => place(shard) < shard.records.length && shard.parents.every(isFinished),
      );
      if (ready.length === 0) return false;
      const shard = random.pick(ready);
      const start = place(shard);
      const records = shard.records.slice(start, start + random.between(1, BATCH_MAX));
      const key = `${shard.id} ${start}`;
      if (cut.has(key) && cut.get(key) !== records.length) counts['batch re-cut']++;
      cut.set(key, records.length);
      await consumeAll(shard, records);
      let reached = start + records.length;
      if (ports.isStormy() && random.chance(0.12)) {
        counts['checkpoint lost']++;
        // Children of a shard are not started again: a parent is only finished once.
        reached =
          isParent(shard) && reached === shard.records.length
            ? reached
            : random.between(Math.max(0, start - 40), reached);
      }
      done.set(shard.id, reached);
      return true;
    },
  };

  function isParent(shard: Shard): boolean {
    return log.shards.some((other) => other.parents.includes(shard));
  }
}
