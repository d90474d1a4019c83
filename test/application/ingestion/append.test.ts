import { describe, expect, it } from 'vitest';
import { ATTEMPTS_MAX, append } from '#application/ingestion/append.ts';
import type { EventLog } from '#application/ports/event-log.ts';
import { entryOf } from '../../support/describe-event-log.ts';
import { memoryLog } from '../../support/memory-log.ts';

const entries = ['a', 'b', 'c', 'd'].map((text) => entryOf(text));
const textsOf = (log: ReturnType<typeof memoryLog>) =>
  log.records.map(({ bytes }) => Buffer.from(bytes).toString());

/** Pauses that end at once and are recorded; `during` runs meanwhile. */
function pauses(during: () => void = () => {}, random = 1) {
  const taken: number[] = [];
  return {
    taken,
    random: () => random,
    pause: async (ms: number) => {
      taken.push(ms);
      during();
    },
  };
}

describe('an append', () => {
  it('retries only rejected entries, and returns outcomes in the order of the entries', async () => {
    const log = memoryLog();
    log.takeOnly(2);
    const outcomes = await append(
      log,
      entries,
      pauses(() => log.takeOnly(1)),
    );
    expect(outcomes).toEqual(entries.map(() => ({ kind: 'durable' })));
    expect(textsOf(log)).toEqual(['a', 'b', 'c', 'd']);
    expect(log.attempts()).toBe(3);
  });

  it('returns each outcome for its own entry, whichever were rejected', async () => {
    const tried: string[][] = [];
    const fussy: EventLog = {
      async tryAppend(some) {
        const texts = some.map(({ bytes }) => Buffer.from(bytes).toString());
        tried.push(texts);
        return texts.map((text) =>
          text === 'b' || (text === 'd' && tried.length < 3)
            ? { kind: 'refused', reason: `not ${text}` }
            : { kind: 'durable' },
        );
      },
    };
    expect(await append(fussy, entries, pauses())).toEqual([
      { kind: 'durable' },
      { kind: 'refused', reason: 'not b' },
      { kind: 'durable' },
      { kind: 'durable' },
    ]);
    expect(tried.slice(0, 4)).toEqual([['a', 'b', 'c', 'd'], ['b', 'd'], ['b', 'd'], ['b']]);
  });

  it('gives up after the last attempt, with growing pauses and jitter', async () => {
    const log = memoryLog();
    log.takeOnly(0);
    const [late, early] = [pauses(undefined, 1), pauses(undefined, 0)];
    const outcomes = await append(log, entries, late);
    expect(outcomes).toEqual(
      entries.map(() => ({ kind: 'refused', reason: 'ProvisionedThroughputExceededException' })),
    );
    expect(log.attempts()).toBe(ATTEMPTS_MAX);
    expect(late.taken).toEqual([50, 100, 200, 400, 800]);
    await append(log, entries, early);
    expect(early.taken).toEqual([25, 50, 100, 200, 400]);
  });

  it('survives lost responses, and reports no unconfirmed entry as durable', async () => {
    const log = memoryLog();
    log.fail(new Error('socket hang up'), new Error('socket hang up'));
    expect(await append(log, entries, pauses())).toEqual(entries.map(() => ({ kind: 'durable' })));
    const lost = Array.from({ length: ATTEMPTS_MAX }, () =>
      Object.assign(new Error('x'), { name: 'TimeoutError' }),
    );
    log.fail(...lost);
    expect(await append(log, entries, pauses())).toEqual(
      entries.map(() => ({ kind: 'refused', reason: 'TimeoutError' })),
    );
    expect(log.records).toHaveLength(entries.length);
  });

  it('sends no request without entries', async () => {
    const log = memoryLog();
    expect(await append(log, [], pauses())).toEqual([]);
    expect(log.attempts()).toBe(0);
  });
});
