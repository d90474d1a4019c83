import { describe, expect, it } from 'vitest';
import { parseExpression } from '#local/event-sources/eventbridge/rate.ts';
import { startSchedules } from '#local/event-sources/eventbridge/schedules.ts';
import type { Invocation } from '#local/lambda/invocation.ts';
import { steppedClock } from '#test/support/stepped-clock.ts';

const OK: Invocation = { ok: true, payload: null };
const FAILED: Invocation = { ok: false, error: { errorType: 'Error', errorMessage: 'no', trace: [] } };
const HOUR_MS = 3_600_000;

function nextOf(expression: string, after: string, count = 1): (string | undefined)[] {
  const next = parseExpression(expression);
  const found: (string | undefined)[] = [];
  let atMs: number | undefined = Date.parse(after);
  for (let n = 0; n < count && atMs !== undefined; n++) {
    atMs = next(atMs);
    found.push(atMs === undefined ? undefined : new Date(atMs).toISOString());
  }
  return found;
}

describe('an expression', () => {
  it.each([
    ['rate(1 minute)', '2026-01-01T00:00:30.000Z', '2026-01-01T00:01:30.000Z'],
    ['rate(5 minutes)', '2026-01-01T00:00:00.000Z', '2026-01-01T00:05:00.000Z'],
    ['rate(1 hour)', '2026-01-01T00:00:00.000Z', '2026-01-01T01:00:00.000Z'],
    ['rate(2 days)', '2026-01-01T00:00:00.000Z', '2026-01-03T00:00:00.000Z'],
    ['cron(15 10 * * ? *)', '2026-01-01T10:15:00.000Z', '2026-01-02T10:15:00.000Z'],
    ['cron(15 10 * * ? *)', '2026-01-01T10:14:59.999Z', '2026-01-01T10:15:00.000Z'],
    ['cron(0 18 ? * 2-6 *)', '2026-01-02T18:00:00.000Z', '2026-01-05T18:00:00.000Z'],
    ['cron(0 8 1 * ? *)', '2026-12-01T08:00:00.000Z', '2027-01-01T08:00:00.000Z'],
    ['cron(0,30 8-9 * * ? *)', '2026-01-01T08:30:00.000Z', '2026-01-01T09:00:00.000Z'],
    ['cron(0 0 29 2 ? *)', '2026-01-01T00:00:00.000Z', '2028-02-29T00:00:00.000Z'],
    ['cron(* * * * ? *)', '2026-12-31T23:59:10.000Z', '2027-01-01T00:00:00.000Z'],
  ])('%s after %s is due at %s', (expression, after, due) => {
    expect(nextOf(expression, after)).toEqual([due]);
  });

  it('is never due again when its years are over, or its day does not exist', () => {
    expect(nextOf('cron(0 0 1 1 ? 2025)', '2026-01-01T00:00:00.000Z')).toEqual([undefined]);
    expect(nextOf('cron(0 0 31 2 ? *)', '2026-01-01T00:00:00.000Z')).toEqual([undefined]);
  });

  it.each([
    'rate(1 hours)',
    'rate(2 hour)',
    'rate(0 minutes)',
    'rate(5 seconds)',
    'cron(0 0 * * *)',
    'cron(0 0 * * * *)',
    'cron(0 0 ? * ? *)',
    'cron(60 0 * * ? *)',
    'cron(0/5 * * * ? *)',
    'cron(5-1 * * * ? *)',
    'cron(0 0 ? * MON *)',
    'at(2026-01-01T00:00:00)',
    'every hour',
  ])('%s is refused by name', (expression) => {
    expect(() => parseExpression(expression)).toThrow(expression);
  });
});

describe('a schedule', () => {
  it('hands over its constant input whenever its rate comes due', async () => {
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

  it('hands over a Scheduled Event where it has no input', async () => {
    const clock = steppedClock();
    const events: unknown[] = [];
    const invoke = async (event: unknown) => {
      events.push(event);
      return OK;
    };
    const schedules = startSchedules(
      [{ name: 'yearly', functionName: 'f', expression: 'cron(0 9 1 3 ? *)', invoke }],
      clock,
    );
    // March is further off than a timer of the platform can count.
    await clock.advance(60 * 24 * HOUR_MS);
    await schedules.close();
    expect(events).toStrictEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: '000000000000',
        time: '2026-03-01T09:00:00Z',
        region: 'us-east-1',
        resources: ['arn:aws:events:us-east-1:000000000000:rule/yearly'],
        detail: {},
      },
    ]);
  });

  it('is tried twice more when the function fails, and the next run comes on time all the same', async () => {
    const clock = steppedClock(0);
    const at: number[] = [];
    const invoke = async () => {
      at.push(clock.nowMs() / 60_000);
      return FAILED;
    };
    const schedules = startSchedules(
      [{ name: 'poor', functionName: 'f', expression: 'rate(10 minutes)', invoke }],
      clock,
    );
    await clock.advance(20 * 60_000);
    expect(at).toEqual([10, 11, 13, 20]);
    await schedules.close();
    expect(clock.pending()).toBe(0);
  });

  it('waits at its close for the run under way', async () => {
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
      [{ name: 'poor', functionName: 'f', expression: 'rate(1 hour)', invoke }],
      clock,
    );
    await expect(schedules.runNow('f')).rejects.toThrow('schedule poor failed: Error: no');
    await expect(schedules.runNow('g')).rejects.toThrow('no enabled schedule targets the function g');
    await clock.advance(HOUR_MS - 1);
    expect(runs).toBe(1);
    await schedules.close();
  });
});
