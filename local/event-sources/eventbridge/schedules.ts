/**
 * EventBridge schedules: invokes functions as their rates come due.
 *
 * EventBridge invokes a function asynchronously, and Lambda retries such an event when the function fails
 * (async-invoker.ts). A run starts on time even while the previous one is still under way, as on AWS.
 */
import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../../servers/wire/clock.ts';
import type { EventSource } from '../event-source.ts';
import { sleep } from '../sleep.ts';
import { type AsyncTarget, startAsyncInvoker } from './async-invoker.ts';
import { ratePeriodMs } from './rate.ts';

export interface Schedule extends AsyncTarget {
  readonly name: string;
  /** The function that `invoke` runs. */
  readonly functionName: string;
  /** `rate(…)`; the first run is one period after the start. */
  readonly expression: string;
  /** The constant event; a "Scheduled Event" where absent. */
  readonly input?: unknown;
}

export interface Schedules extends EventSource {
  /**
   * Runs the schedules of a function now, one after the other, whatever their rates, and resolves when the
   * function has finished. A failed run is not retried.
   *
   * @throws where no schedule targets the function, or a run of it fails
   */
  runNow(functionName: string): Promise<void>;
}

/** A platform timer overflows after 24 days, so a longer wait is split. */
const TIMER_MS_MAX = 86_400_000;

/**
 * Starts the schedules and returns their control.
 *
 * @throws where an expression is not a valid rate
 */
export function startSchedules(schedules: readonly Schedule[], clock: Clock = systemClock): Schedules {
  const closing = new AbortController();
  const { signal } = closing;
  const started = schedules.map((schedule) => ({
    schedule,
    periodMs: ratePeriodMs(schedule.expression),
    invoker: startAsyncInvoker(schedule, clock),
  }));

  const running = started.map(async ({ schedule, periodMs, invoker }) => {
    let dueAtMs = clock.nowMs() + periodMs;
    while (true) {
      await sleepUntil(dueAtMs, clock, signal);
      if (signal.aborted) return;
      // A run that the invoker does not accept is dropped: the next one is due soon.
      invoker.enqueue(eventOf(schedule, dueAtMs));
      dueAtMs = nextDueAtMs(dueAtMs, periodMs, clock.nowMs());
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
      await Promise.all(started.map(({ invoker }) => invoker.close()));
    },
  };
}

/** Runs missed while the machine slept are skipped: the late run has done their work. */
function nextDueAtMs(lastMs: number, periodMs: number, nowMs: number): number {
  const missed = Math.max(0, Math.floor((nowMs - lastMs) / periodMs));
  return lastMs + (missed + 1) * periodMs;
}

async function sleepUntil(atMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && clock.nowMs() < atMs) {
    await sleep(clock, Math.min(TIMER_MS_MAX, atMs - clock.nowMs()), signal);
  }
}

function eventOf({ name, input }: Schedule, dueAtMs: number): unknown {
  return input === undefined ? scheduledEvent(name, dueAtMs) : input;
}

/** The event of a rule without an input of its own; its time is in whole seconds. */
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
