/** Contract of every event log. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { EventLog } from '#application/ports/event-log.ts';

export interface LogUnderTest {
  readonly log: EventLog;
  /** Keys and texts of all accepted entries, in order. */
  readonly contents: () => Promise<ReadonlyArray<readonly [key: string, text: string]>>;
}

/** How many records the created log accepts at once. */
export const ROOM = 20;

export const entryOf = (text: string, key = 'sz01') => ({ key, bytes: Buffer.from(text) });

export function describeEventLog(name: string, create: () => Promise<LogUnderTest>): void {
  describe(`an event log: ${name}`, () => {
    let tested: LogUnderTest;
    beforeEach(async () => {
      tested = await create();
    });

    it("stores what it reports as durable, byte for byte and in a store's order", async () => {
      const texts = ['{"a":"深圳"}', '\u0000\u0001', 'third'];
      expect(await tested.log.tryAppend(texts.map((text) => entryOf(text)))).toEqual(
        texts.map(() => ({ kind: 'durable' })),
      );
      expect(await tested.contents()).toEqual(texts.map((text) => ['sz01', text]));
    });

    it("reports each entry's outcome in order, and stores nothing that it rejects", async () => {
      const texts = Array.from({ length: ROOM + 5 }, (_, index) => `${index}`);
      const outcomes = await tested.log.tryAppend(texts.map((text) => entryOf(text)));
      expect(outcomes.slice(0, ROOM)).toEqual(texts.slice(0, ROOM).map(() => ({ kind: 'durable' })));
      expect(outcomes.slice(ROOM)).toEqual(
        texts.slice(ROOM).map(() => ({ kind: 'refused', reason: 'ProvisionedThroughputExceededException' })),
      );
      expect((await tested.contents()).map(([, text]) => text)).toEqual(texts.slice(0, ROOM));
    });

    it('accepts an empty request', async () => {
      expect(await tested.log.tryAppend([])).toEqual([]);
    });
  });
}
