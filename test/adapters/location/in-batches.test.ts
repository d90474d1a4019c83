/** Sending a list in batches of ten to a scripted service. */
import { type BatchItemError, InternalServerException, ThrottlingException } from '@aws-sdk/client-location';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sendInBatches } from '#adapters/location/batch-send.ts';

const QUICK = { triesMax: 3, pauseMs: 0 };
const busy: BatchItemError = { Code: 'ThrottlingError', Message: 'slow down' };
const wrong: BatchItemError = { Code: 'ValidationError', Message: 'wrong' };

/** A service that answers the nth attempt of each item from a script. */
function service(due: (item: number, time: number) => BatchItemError | undefined) {
  const seen = new Map<number, number>();
  const batches: number[][] = [];
  return {
    batches,
    async send(batch: readonly number[]) {
      batches.push([...batch]);
      return batch.flatMap((item) => {
        const time = (seen.get(item) ?? 0) + 1;
        seen.set(item, time);
        const error = due(item, time);
        return error === undefined ? [] : [{ isOf: (other: number) => other === item, error }];
      });
    },
  };
}

describe('a list that is sent in batches', () => {
  it('is sent in order, with a bounded number of retries of throttled items', async () => {
    const calm = service((item, time) => (item === 1 && time < 3 ? busy : undefined));
    expect(await sendInBatches([0, 1, 2, 3], 2, calm.send, QUICK)).toEqual([]);
    expect(calm.batches).toEqual([[0, 1], [1], [1], [2, 3]]);

    const never = service((item) => (item === 1 ? busy : undefined));
    expect(await sendInBatches([0, 1, 2, 3], 2, never.send, QUICK)).toEqual([
      { index: 1, isFinal: false, reason: 'slow down' },
      { index: 2, isFinal: false, reason: 'slow down' },
      { index: 3, isFinal: false, reason: 'slow down' },
    ]);
    expect(never.batches).toEqual([[0, 1], [1], [1]]);
  });

  it('continues after a permanently rejected item', async () => {
    const strict = service((item) => (item === 1 ? wrong : undefined));
    expect(await sendInBatches([0, 1, 2, 3], 2, strict.send, QUICK)).toEqual([
      { index: 1, isFinal: true, reason: 'wrong' },
    ]);
    expect(strict.batches).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it.each([
    ['ThrottlingException', ThrottlingException],
    ['InternalServerException', InternalServerException],
  ])('ends where a whole call is refused with a %s, which the client has tried again', async (name, Busy) => {
    const error = new Busy({ message: '', Message: '', $metadata: {} });
    const refuse = async (batch: readonly number[]) => {
      if (batch.includes(2)) throw error;
      return [];
    };
    expect(await sendInBatches([0, 1, 2, 3, 4], 2, refuse, QUICK)).toEqual(
      [2, 3, 4].map((index) => ({ index, isFinal: false, reason: name })),
    );
    const broken = async () => {
      throw new Error('the whole call failed');
    };
    await expect(sendInBatches([0], 2, broken, QUICK)).rejects.toThrow('the whole call failed');
  });

  it('reports each item once: accepted, rejected, or not sent', async () => {
    const verdicts = fc.array(fc.constantFrom('taken', 'wrong', 'busy once', 'busy'), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(verdicts, fc.integer({ min: 1, max: 10 }), async (due, size) => {
        const fickle = service((item, time) => {
          if (due[item] === 'wrong') return wrong;
          return due[item] === 'busy' || (due[item] === 'busy once' && time === 1) ? busy : undefined;
        });
        const items = due.map((_, index) => index);
        const notTaken = await sendInBatches(items, size, fickle.send, QUICK);
        const firstBusy = due.indexOf('busy');
        const lastSent = firstBusy === -1 ? due.length : (Math.floor(firstBusy / size) + 1) * size;
        expect(notTaken.map(({ index, isFinal }) => [index, isFinal])).toEqual(
          items.flatMap((index) => {
            if (index >= lastSent) return [[index, false]];
            if (due[index] === 'wrong') return [[index, true]];
            return due[index] === 'busy' ? [[index, false]] : [];
          }),
        );
      }),
    );
  });
});
