/**
 * EventBridge schedules: invokes functions as their rates and crons come due.
 *
 * EventBridge calls a function asynchronously, and Lambda tries such an event again when it fails (event-invoker.ts);
 * a schedule's run that overlaps the one before it is started all the same, as there.
 */
import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../../servers/wire/clock.ts';
import type { Mapping } from '../event-source.ts';
import { sleep } from '../sleep.ts';
import { type EventTarget, startEventInvoker } from './async-invoker.ts';
import { parseExpression, type Recurrence } from './rate.ts';

export interface Schedule extends EventTarget {
  readonly name: string;
  /** The function that `invoke` runs. */
  readonly functionName: string;
  /** rate(…) or cron(…). */
  readonly expression: string;
  /** The constant event; the "Scheduled Event" when left out. */
  readonly input?: unknown;
}

export interface Schedules extends Mapping {
  /**
   * Runs the schedules of a function now, one after the other, whatever their rates, and resolves when the function has
   * finished. A failed run is not retried.
   *
   * @throws where no schedule targets the function, or a run of it fails
   */
  runNow(functionName: string): Promise<void>;
}

/** A timer of the platform overflows after 24 days, so a longer wait is made in hops. */
const HOP_MS_MAX = 86_400_000;

export function startSchedules(schedules: readonly Schedule[], clock: Clock = systemClock): Schedules {
  const closing = new AbortController();
  const { signal } = closing;
  const parsed = schedules.map((schedule) => ({
    schedule,
    next: parseExpression(schedule.expression),
    invoker: startEventInvoker(schedule, clock),
  }));

  const running = parsed.map(async ({ schedule, next, invoker }) => {
    let dueAtMs = next(clock.nowMs());
    while (dueAtMs !== undefined) {
      await sleepUntil(dueAtMs, clock, signal);
      if (signal.aborted) return;
      // A run that was not taken is not made up for: the next one is on its way.
      invoker.offer(eventOf(schedule, dueAtMs));
      dueAtMs = nextInFuture(next, dueAtMs, clock.nowMs());
    }
  });

  return {
    async runNow(functionName) {
      const targeting = schedules.filter((schedule) => schedule.functionName === functionName);
      if (targeting.length === 0) throw new Error(`no enabled schedule targets the function ${functionName}`);
      for (const schedule of targeting) {
        const invocation = await schedule.invoke(eventOf(schedule, clock.nowMs()));
        if (invocation.ok) continue;
        const { errorType, errorMessage } = invocation.error;
        throw new Error(`schedule ${schedule.name} failed: ${errorType}: ${errorMessage}`);
      }
    },
    async close() {
      closing.abort();
      await Promise.all(running);
      await Promise.all(parsed.map(({ invoker }) => invoker.close()));
    },
  };
}

/** Runs that were missed while the machine slept are not made up for: one late run has seen to them. */
function nextInFuture(next: Recurrence, lastMs: number, nowMs: number): number | undefined {
  let dueAtMs = next(lastMs);
  while (dueAtMs !== undefined && dueAtMs <= nowMs) dueAtMs = next(dueAtMs);
  return dueAtMs;
}

async function sleepUntil(atMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && clock.nowMs() < atMs) {
    await sleep(clock, Math.min(HOP_MS_MAX, atMs - clock.nowMs()), signal);
  }
}

function eventOf({ name, input }: Schedule, dueAtMs: number): unknown {
  return input === undefined ? scheduledEvent(name, dueAtMs) : input;
}

/** What a rule without an input of its own sends. Times are whole seconds. */
function scheduledEvent(name: string, dueAtMs: number): object {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: '000000000000',
    time: `${new Date(dueAtMs).toISOString().slice(0, 19)}Z`,
    region: 'us-east-1',
    resources: [`arn:aws:events:us-east-1:000000000000:rule/${name}`],
    detail: {},
  };
}
