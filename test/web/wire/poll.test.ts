import { describe, expect, it } from 'vitest';
import { backoffMs, POLL_MS, POLL_MS_MAX, type Round, startPoll } from '#web/wire/poll.ts';

/** Creates a page whose timers fire when the test calls `fire`. */
function page(outcomes: Round[]) {
  const reported: unknown[] = [];
  const timers: Array<{ readonly ms: number; readonly run: () => void }> = [];
  const state = { isVisible: true, isOnline: true, rounds: 0, aborted: 0 };
  const poll = startPoll({
    round: async (signal) => {
      state.rounds++;
      signal.addEventListener('abort', () => state.aborted++);
      return outcomes.shift() ?? { kind: 'done' };
    },
    report: (pollState) => reported.push(pollState),
    environment: {
      isVisible: () => state.isVisible,
      isOnline: () => state.isOnline,
      after(ms, run) {
        const timer = { ms, run };
        timers.push(timer);
        return () => {
          const index = timers.indexOf(timer);
          if (index >= 0) timers.splice(index, 1);
        };
      },
    },
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const fire = async () => {
    timers.shift()?.run();
    await settle();
  };
  return { poll, reported, timers, state, settle, fire };
}

describe('the poll of a visible page', () => {
  it('runs every two seconds', async () => {
    const { timers, reported, state, settle, fire } = page([]);
    await settle();
    expect(timers.map(({ ms }) => ms)).toEqual([POLL_MS]);
    await fire();
    await fire();
    expect(state.rounds).toBe(3);
    expect(reported).toEqual(['live', 'live', 'live']);
  });

  it('runs at once on wake, aborts the current round, and keeps one timer', async () => {
    const { poll, timers, state, settle } = page([]);
    await settle();
    poll.wake();
    await settle();
    expect(state).toMatchObject({ rounds: 2, aborted: 1 });
    expect(timers).toHaveLength(1);
  });
});

describe('the poll of a hidden page', () => {
  it('pauses until the page is visible again', async () => {
    const { poll, timers, reported, state, settle } = page([]);
    await settle();
    state.isVisible = false;
    poll.wake();
    await settle();
    expect([state.rounds, timers.length, reported.at(-1)]).toEqual([1, 0, 'paused']);
    state.isVisible = true;
    poll.wake();
    await settle();
    expect([state.rounds, reported.at(-1)]).toEqual([2, 'live']);
  });
});

describe('the poll of an offline page', () => {
  it('reports it at once and waits for the network', async () => {
    const { poll, timers, reported, state, settle } = page([]);
    await settle();
    state.isOnline = false;
    poll.wake();
    await settle();
    expect([timers.length, reported.at(-1)]).toEqual([0, 'offline']);
  });
});

describe('the poll of a failing service', () => {
  const failed: Round = { kind: 'failed', detail: 'HTTP 502' };

  it('backs off exponentially, and returns to its normal rate after a success', async () => {
    const { timers, reported, settle, fire } = page([failed, failed, failed]);
    await settle();
    const waits = [timers[0]?.ms];
    for (let n = 0; n < 3; n++) {
      await fire();
      waits.push(timers[0]?.ms);
    }
    expect(waits).toEqual([POLL_MS * 2, POLL_MS * 4, POLL_MS * 8, POLL_MS]);
    expect(reported).toEqual([
      { retrying: 'HTTP 502' },
      { retrying: 'HTTP 502' },
      { retrying: 'HTTP 502' },
      'live',
    ]);
  });

  it('respects Retry-After up to its slowest rate', () => {
    expect(backoffMs(1, 9_000)).toBe(9_000);
    expect(backoffMs(1, 3_600_000)).toBe(POLL_MS_MAX);
    expect(backoffMs(1_000)).toBe(POLL_MS_MAX);
  });
});

describe('the poll after a rejected request', () => {
  it('continues at the slowest rate', async () => {
    const { timers, settle } = page([{ kind: 'rejected' }]);
    await settle();
    expect(timers.map(({ ms }) => ms)).toEqual([POLL_MS_MAX]);
  });
});

describe('a stopped poll', () => {
  it('cancels its timer and aborts its request', async () => {
    const { poll, timers, state, settle } = page([]);
    await settle();
    poll.stop();
    expect([timers.length, state.aborted]).toEqual([0, 1]);
  });
});
