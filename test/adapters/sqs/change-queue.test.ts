import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { sqsChangeQueue } from '#adapters/sqs/change-queue.ts';
import { ChangeNotice } from '#contracts/events/change-notices.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import { createQueue, receive, startWithClient } from '../../local/sqs/sqs-client.ts';
import { november } from '../../support/chain.ts';

async function start() {
  const { client } = await startWithClient();
  const url = await createQueue(client);
  const received = async () => {
    const notices: ChangeNotice[] = [];
    for (;;) {
      const messages = await receive(client, url);
      if (messages.length === 0) return notices;
      notices.push(...messages.map(({ Body }) => v.parse(ChangeNotice, JSON.parse(Body ?? ''))));
    }
  };
  return { client, queue: sqsChangeQueue(client, url), received };
}

const noticeOf = (index: number): ChangeNotice => ({
  storeId: `s${String(index).padStart(2, '0')}` as StoreId,
  buckets: [
    { day: november(22), grain: 'hour', startMs: index },
    { day: november(22), grain: 'day' },
  ],
});

describe('a change queue', () => {
  it('sends more notices than one call holds, unchanged', async () => {
    const { queue, received } = await start();
    const notices: ChangeNotice[] = [
      ...Array.from({ length: 23 }, (_, index) => noticeOf(index)),
      { storeId: 'x' as StoreId, days: [november(21), november(22)] },
    ];
    await queue.send(notices);
    const found = await received();
    expect(found.sort((a, b) => (a.storeId < b.storeId ? -1 : 1))).toEqual(notices);
  });

  it('sends ten notices of a thousand buckets in one call', async () => {
    const { queue, received } = await start();
    const buckets = Array.from({ length: 1_000 }, (_, index) => ({
      day: november(22),
      grain: 'minute' as const,
      startMs: Date.UTC(2026, 10, 22) + index * 60_000,
    }));
    await queue.send(
      Array.from({ length: 10 }, (_, index) => ({ storeId: `s${index}` as StoreId, buckets })),
    );
    expect(await received()).toHaveLength(10);
  });

  it('throws if the queue rejects a notice, so that its batch is retried', async () => {
    const { client } = await start();
    const nowhere = sqsChangeQueue(client, 'http://127.0.0.1:1/000000000000/nowhere');
    await expect(nowhere.send([noticeOf(1)])).rejects.toThrow();
    const { queue } = await start();
    const large = { ...noticeOf(1), storeId: 'x'.repeat(1_100_000) as StoreId };
    await expect(queue.send([large])).rejects.toThrow();
  });

  it('sends no request without notices', async () => {
    const { queue, received } = await start();
    await queue.send([]);
    expect(await received()).toEqual([]);
  });
});
