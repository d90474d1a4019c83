/** Long polls: answered as soon as there is a message, and otherwise at the end of their wait. */
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it, vi } from 'vitest';
import type { Clock } from '#local/servers/wire/clock.ts';
import { type ManualClock, manualClock } from '../wire/manual-clock.ts';
import {
  bodiesOf,
  countsOf,
  createQueue,
  createQueueWithDeadLetters,
  receive,
  send,
  startWithClient,
} from './sqs-client.ts';

/** Returns a manual clock and a promise of so many waiting receivers: each of them has one timer on the clock. */
function watchedClock(): { clock: ManualClock; waiting: (count: number) => Promise<void> } {
  const inner = manualClock();
  let timers = 0;
  const at: Clock['at'] = (atMs, action) => {
    timers++;
    let pending = true;
    const settle = () => {
      if (pending) timers--;
      pending = false;
    };
    const cancel = inner.at(atMs, () => {
      settle();
      action();
    });
    return () => {
      settle();
      cancel();
    };
  };
  const waiting = (count: number) =>
    vi.waitUntil(() => timers === count, { interval: 1, timeout: 10_000 }).then(() => {});
  return { clock: { ...inner, at }, waiting };
}

describe('a long poll', () => {
  it('is answered when a message is sent', async () => {
    const { clock, waiting } = watchedClock();
    const { client } = await startWithClient({ clock });
    const QueueUrl = await createQueue(client);
    const polling = receive(client, QueueUrl, { WaitTimeSeconds: 20 });
    await waiting(1);
    await send(client, QueueUrl, 'news');
    expect(bodiesOf(await polling)).toEqual(['news']);
  });

  it('is answered without messages at the end of its wait', async () => {
    const { clock, waiting } = watchedClock();
    const { client } = await startWithClient({ clock });
    const QueueUrl = await createQueue(client, { ReceiveMessageWaitTimeSeconds: '20' });
    const polling = receive(client, QueueUrl);
    await waiting(1);
    clock.advance(20_000);
    expect(await polling).toEqual([]);
  });

  it('is answered when a hidden message becomes visible', async () => {
    const { clock, waiting } = watchedClock();
    const { client } = await startWithClient({ clock });
    const QueueUrl = await createQueue(client, { VisibilityTimeout: '10' });
    await send(client, QueueUrl, 'again');
    await receive(client, QueueUrl);
    const polling = receive(client, QueueUrl, { WaitTimeSeconds: 20 });
    await waiting(1);
    clock.advance(10_000);
    expect(bodiesOf(await polling)).toEqual(['again']);
  });

  it('is answered when a message becomes a dead letter', async () => {
    const { clock, waiting } = watchedClock();
    const { client } = await startWithClient({ clock });
    const { queueUrl, deadLettersUrl } = await createQueueWithDeadLetters(client, 1);
    await send(client, queueUrl, 'poison');
    await receive(client, queueUrl, { VisibilityTimeout: 5 });
    const polling = receive(client, deadLettersUrl, { WaitTimeSeconds: 20 });
    await waiting(1);
    clock.advance(5000);
    expect(await receive(client, queueUrl)).toEqual([]);
    expect(bodiesOf(await polling)).toEqual(['poison']);
  });

  it('delivers one message to one of many receivers', async () => {
    const { clock, waiting } = watchedClock();
    const { client } = await startWithClient({ clock });
    const QueueUrl = await createQueue(client);
    const polls = Array.from({ length: 5 }, () => receive(client, QueueUrl, { WaitTimeSeconds: 20 }));
    await waiting(5);
    await send(client, QueueUrl, 'only one');
    await waiting(4);
    clock.advance(20_000);
    const counts = (await Promise.all(polls)).map((messages) => messages.length).sort();
    expect(counts).toEqual([0, 0, 0, 0, 1]);
  });

  it('delivers no message to a receiver that has disconnected', async () => {
    const { clock, waiting } = watchedClock();
    const { client } = await startWithClient({ clock });
    const QueueUrl = await createQueue(client);
    const disconnect = new AbortController();
    const command = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 });
    const polling = client.send(command, { abortSignal: disconnect.signal });
    await waiting(1);
    disconnect.abort();
    await expect(polling).rejects.toMatchObject({ name: 'AbortError' });
    await waiting(0);
    await send(client, QueueUrl, 'kept');
    expect(await countsOf(client, QueueUrl)).toEqual([1, 0, 0]);
  });
});
