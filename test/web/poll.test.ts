import { describe, expect, it } from 'vitest';
import { POLL_MS, POLL_MS_MAX, type Round, startPoll, waitMs } from '#web/wire/poll.ts';

/** A page whose timers ring when the test says so. */
function page(outcomes: Round[]) {
  const told: unknown[] = [];
  const timers: Array<{ readonly ms: number; readonly run: () => void }> = [];
  const state = { isVisible: true, isOnline: true, rounds: 0, aborted: 0 };
  const poll = startPoll({
    round: async (signal) => {
      state.rounds++;
      signal.addEventListener('abort', () => state.aborted++);
      return outcomes.shift() ?? { kind: 'done' };
    },
    tell: (what) => told.push(what),
    surroundings: {
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
  const ring = async () => {
    timers.shift()?.run();
    await settle();
  };
  return { poll, told, timers, state, settle, ring };
}

describe('a page that is looked at', () => {
  it('asks every two seconds', async () => {
    const { timers, told, state, settle, ring } = page([]);
    await settle();
    expect(timers.map(({ ms }) => ms)).toEqual([POLL_MS]);
    await ring();
    await ring();
    expect(state.rounds).toBe(3);
    expect(told).toEqual(['live', 'live', 'live']);
  });

  it('asks at once when it is woken, drops what was under way, and keeps one timer', async () => {
    const { poll, timers, state, settle } = page([]);
    await settle();
    poll.wake();
    await settle();
    expect(state).toMatchObject({ rounds: 2, aborted: 1 });
    expect(timers).toHaveLength(1);
  });
});

describe('a page that nobody sees', () => {
  it('asks nothing until it is seen again', async () => {
    const { poll, timers, told, state, settle } = page([]);
    await settle();
    state.isVisible = false;
    poll.wake();
    await settle();
    expect([state.rounds, timers.length, told.at(-1)]).toEqual([1, 0, 'paused']);
    state.isVisible = true;
    poll.wake();
    await settle();
    expect([state.rounds, told.at(-1)]).toEqual([2, 'live']);
  });
});

describe('a page without a line', () => {
  it('says so at once and waits for the line', async () => {
    const { poll, timers, told, state, settle } = page([]);
    await settle();
    state.isOnline = false;
    poll.wake();
    await settle();
    expect([timers.length, told.at(-1)]).toEqual([0, 'offline']);
  });
});

describe('a service in trouble', () => {
  const failed: Round = { kind: 'failed', detail: 'HTTP 502' };

  it('is asked less and less often, and as ever once it answers', async () => {
    const { timers, told, settle, ring } = page([failed, failed, failed]);
    await settle();
    const waits = [timers[0]?.ms];
    for (let n = 0; n < 3; n++) {
      await ring();
      waits.push(timers[0]?.ms);
    }
    expect(waits).toEqual([POLL_MS * 2, POLL_MS * 4, POLL_MS * 8, POLL_MS]);
    expect(told).toEqual([
      { retrying: 'HTTP 502' },
      { retrying: 'HTTP 502' },
      { retrying: 'HTTP 502' },
      'live',
    ]);
  });

  it('is given the time it asks for, and is not forgotten', () => {
    expect(waitMs(1, 9_000)).toBe(9_000);
    expect(waitMs(1, 3_600_000)).toBe(POLL_MS_MAX);
    expect(waitMs(1_000)).toBe(POLL_MS_MAX);
  });
});

describe('a page that is refused', () => {
  it('asks again at the slowest pace', async () => {
    const { timers, settle } = page([{ kind: 'refused' }]);
    await settle();
    expect(timers.map(({ ms }) => ms)).toEqual([POLL_MS_MAX]);
  });
});

describe('a page that is left', () => {
  it('leaves no timer and no request behind', async () => {
    const { poll, timers, state, settle } = page([]);
    await settle();
    poll.stop();
    expect([timers.length, state.aborted]).toEqual([0, 1]);
  });
});
