/**
 * What can go wrong at a call, and how often it did.
 *
 * A crash ends the whole invocation: calls already on their way may or may not arrive, later ones never do. A time-out
 * after the commit is the worst: the write is stored, and the client retries or gives up without an answer.
 */
import type { Random } from './random.ts';

export const FAULTS = [
  'producer duplicate',
  'crash before a call',
  'crash after a write',
  'time-out after commit, tried again',
  'time-out after commit, given up',
  'throttle',
  'batch re-cut',
  'batch bisected',
  'checkpoint lost',
  'twin invocation',
  'shard split',
  'shards merged',
  'records partly refused',
  'answer of the log lost',
  'poison',
  'second body under one name',
  'tries exhausted',
  'letter replayed',
  'notice repeated',
  'sums out of time',
] as const;

export type Fault = (typeof FAULTS)[number];

export type FaultCounts = Record<Fault, number>;

export const noFaults = (): FaultCounts =>
  Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as FaultCounts;

export class Crash extends Error {}

/** How likely each fault is at one call; a world has its own weather, from calm to stormy. */
export interface Weather {
  readonly crashBefore: number;
  readonly crashAfter: number;
  readonly timeOut: number;
  readonly throttle: number;
}

/** One run of a function: its calls fail together once it has crashed. Some runs are lucky and meet no fault. */
export interface Invocation {
  isDead: boolean;
  readonly isLucky: boolean;
}

export interface FaultyCalls {
  /** A port whose every call may meet a fault. */
  wrap<Port extends object>(port: Port, invocation: Invocation): Port;
  readonly counts: FaultCounts;
}

const TICKS_MAX = 3;

export function faultyCalls(random: Random, weatherNow: () => Weather, counts: FaultCounts): FaultyCalls {
  async function call(invocation: Invocation, work: () => unknown): Promise<unknown> {
    for (let ticks = random.between(0, TICKS_MAX); ticks > 0; ticks--) await Promise.resolve();
    if (invocation.isDead) throw new Crash();
    if (invocation.isLucky) return work();
    const weather = weatherNow();
    if (random.chance(weather.crashBefore)) {
      counts['crash before a call']++;
      invocation.isDead = true;
      throw new Crash();
    }
    if (random.chance(weather.throttle)) {
      counts.throttle++;
      throw new Error('ThrottlingException');
    }
    const result = await work();
    if (random.chance(weather.crashAfter)) {
      counts['crash after a write']++;
      invocation.isDead = true;
      throw new Crash();
    }
    if (random.chance(weather.timeOut)) {
      if (random.chance(0.5)) {
        counts['time-out after commit, tried again']++;
        return work();
      }
      counts['time-out after commit, given up']++;
      throw new Error('TimeoutError');
    }
    return result;
  }
  return {
    counts,
    wrap: (port, invocation) =>
      new Proxy(port, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== 'function') return member;
          return (...args: unknown[]) => call(invocation, () => Reflect.apply(member, target, args));
        },
      }),
  };
}
