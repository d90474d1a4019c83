import { describe, expect, it } from 'vitest';
import { ratePeriodMs } from '#local/event-sources/eventbridge/rate.ts';
import { startSchedules } from '#local/event-sources/eventbridge/schedules.ts';
import type { Invocation } from '#local/lambda/invocation.ts';
import { steppedClock } from '#test/support/stepped-clock.ts';

const OK: Invocation = { ok: true, payload: null };
const FAILED: Invocation = { ok: false, error: { errorType: 'Error', errorMessage: 'no', trace: [] } };
const HOUR_MS = 3_600_000;

describe('a schedule expression', () => {
  it.each([
    ['rate(1 minute)', 60_000],
    ['rate(5 minutes)', 300_000],
    ['rate(1 hour)', HOUR_MS],
    ['rate(2 days)', 48 * HOUR_MS],
  ])('%s has the period %i ms', (expression, periodMs) => {
    expect(ratePeriodMs(expression)).toBe(periodMs);
  });

  it.each([
    'rate(1 hours)',
    'rate(2 hour)',
    'rate(0 minutes)',
    'rate(5 seconds)',
    'at(2026-01-01T00:00:00)',
    'every hour',
  ])('%s is rejected by name', (expression) => {
    expect(() => ratePeriodMs(expression)).toThrow(`${expression}: not a valid rate`);
  });

  it('is rejected at the start of the schedules where it is a cron expression', () => {
    const invoke = async () => OK;
    const schedule = { name: 'nightly', functionName: 'f', expression: 'cron(0 3 * * ? *)', invoke };
    expect(() => startSchedules([schedule])).toThrow('cron(0 3 * * ? *): cron is not supported locally');
  });
});

describe('a schedule', () => {
  it('sends its constant input whenever its rate comes due', async () => {
    const clock = steppedClock();
    const events: unknown[] = [];
    const invoke = async (event: unknown) => {
      events.push(event);
      return OK;
    };
    const schedules = startSchedules(
      [
        {
          name: 'hourly',
          functionName: 'f',
          expression: 'rate(1 hour)',
          input: { source: 'schedule' },
          invoke,
        },
      ],
      clock,
    );
    await clock.advance(HOUR_MS - 1);
    expect(events).toEqual([]);
    await clock.advance(1);
    expect(events).toEqual([{ source: 'schedule' }]);
    await clock.advance(3 * HOUR_MS);
    expect(events).toHaveLength(4);
    await schedules.close();
    expect(clock.pending()).toBe(0);
  });

  it('sends a Scheduled Event where it has no input', async () => {
    const clock = steppedClock();
    const events: unknown[] = [];
    const invoke = async (event: unknown) => {
      events.push(event);
      return OK;
    };
    const schedules = startSchedules(
      [{ name: 'bimonthly', functionName: 'f', expression: 'rate(60 days)', invoke }],
      clock,
    );
    // Longer than a platform timer can count.
    await clock.advance(60 * 24 * HOUR_MS);
    await schedules.close();
    expect(events).toStrictEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: '000000000000',
        time: '2026-03-02T00:00:00Z',
        region: 'us-east-1',
        resources: ['arn:aws:events:us-east-1:000000000000:rule/bimonthly'],
        detail: {},
      },
    ]);
  });

  it('is retried twice when the function fails, and its next run still starts on time', async () => {
    const clock = steppedClock(0);
    const at: number[] = [];
    const invoke = async () => {
      at.push(clock.nowMs() / 60_000);
      return FAILED;
    };
    const schedules = startSchedules(
      [{ name: 'failing', functionName: 'f', expression: 'rate(10 minutes)', invoke }],
      clock,
    );
    await clock.advance(20 * 60_000);
    expect(at).toEqual([10, 11, 13, 20]);
    await schedules.close();
    expect(clock.pending()).toBe(0);
  });

  it('waits on close for the run under way', async () => {
    const clock = steppedClock();
    const held = Promise.withResolvers<Invocation>();
    const schedules = startSchedules(
      [{ name: 'slow', functionName: 'f', expression: 'rate(1 minute)', invoke: () => held.promise }],
      clock,
    );
    await clock.advance(60_000);
    let closed = false;
    const closing = schedules.close().then(() => {
      closed = true;
    });
    await clock.advance(0);
    expect(closed).toBe(false);
    held.resolve(OK);
    await closing;
    expect(closed).toBe(true);
  });

  it('runs at once and before its rate comes due when a run is requested', async () => {
    const clock = steppedClock();
    const runs: string[] = [];
    const schedule = (name: string, functionName: string) => ({
      name,
      functionName,
      expression: 'rate(1 hour)',
      input: name,
      invoke: async (event: unknown) => {
        runs.push(`${event} begins`);
        await Promise.resolve();
        runs.push(`${event} ends`);
        return OK;
      },
    });
    const schedules = startSchedules([schedule('a', 'f'), schedule('b', 'g'), schedule('c', 'f')], clock);
    await schedules.runNow('f');
    expect(runs).toEqual(['a begins', 'a ends', 'c begins', 'c ends']);
    await schedules.close();
  });

  it('rejects a requested run that fails, without a retry, and one of a function without a schedule', async () => {
    const clock = steppedClock();
    let runs = 0;
    const invoke = async () => {
      runs += 1;
      return FAILED;
    };
    const schedules = startSchedules(
      [{ name: 'failing', functionName: 'f', expression: 'rate(1 hour)', invoke }],
      clock,
    );
    await expect(schedules.runNow('f')).rejects.toThrow('schedule failing failed: Error: no');
    await expect(schedules.runNow('g')).rejects.toThrow('no enabled schedule targets the function g');
    await clock.advance(HOUR_MS - 1);
    expect(runs).toBe(1);
    await schedules.close();
  });
});
