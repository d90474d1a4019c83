/** Contract of every dead letter store. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { DeadLetter, DeadLetterStore } from '#application/ports/dead-letter-store.ts';
import { sequenceAt } from './arbitraries.ts';

export const letterAt = (place: number, more: Partial<DeadLetter> = {}): DeadLetter => ({
  sequence: sequenceAt(place),
  why: 'unreadable',
  reason: 'not JSON',
  storeId: 'sz01',
  bytes: Uint8Array.from([0, 255, 1, place]),
  arrivedAtMs: 1_795_300_000_123,
  keptAtMs: 1_795_300_000_456,
  ...more,
});

export function describeLetterStore(name: string, create: () => Promise<DeadLetterStore>): void {
  describe(`a dead letter store: ${name}`, () => {
    let letters: DeadLetterStore;
    beforeEach(async () => {
      letters = await create();
    });
    const listed = async () => {
      const found: DeadLetter[] = [];
      for await (const letter of letters.list())
        found.push({ ...letter, bytes: Uint8Array.from(letter.bytes) });
      return found;
    };

    it('returns dead letters byte for byte, in log order', async () => {
      for (const place of [3, 1, 2]) await letters.keep(letterAt(place));
      expect(await listed()).toEqual([letterAt(1), letterAt(2), letterAt(3)]);
    });

    it('keeps the first of two dead letters with one sequence number', async () => {
      await letters.keep(letterAt(1));
      await letters.markReplayed(sequenceAt(1), 7);
      await letters.keep(letterAt(1, { why: 'exhausted', reason: 'later' }));
      expect(await listed()).toEqual([letterAt(1, { replayedAtMs: 7 })]);
    });

    it('replaces a conflict by exhausted retries, so that a replay counts the day again', async () => {
      await letters.keep(letterAt(1, { why: 'conflict', reason: 'another body' }));
      await letters.keep(letterAt(1, { why: 'exhausted', reason: 'later' }));
      await letters.keep(letterAt(1, { why: 'conflict', reason: 'another body' }));
      expect(await listed()).toEqual([letterAt(1, { why: 'exhausted', reason: 'later' })]);
    });

    it('stores a dead letter of any size that the log allows', async () => {
      const bytes = Uint8Array.from({ length: 1_000_000 }, (_, index) => index % 251);
      await letters.keep(letterAt(1, { bytes }));
      await letters.keep(letterAt(1, { bytes }));
      await letters.keep(letterAt(2));
      const [large, small] = await listed();
      expect(Buffer.from(large?.bytes ?? []).equals(Buffer.from(bytes))).toBe(true);
      expect(small).toEqual(letterAt(2));
    });

    it('marks a replayed dead letter, and creates none', async () => {
      await letters.keep(letterAt(1));
      await letters.markReplayed(sequenceAt(1), 7);
      expect(await listed()).toMatchObject([{ replayedAtMs: 7 }]);
      await expect(letters.markReplayed(sequenceAt(9), 7)).rejects.toThrow();
      expect(await listed()).toHaveLength(1);
    });
  });
}
