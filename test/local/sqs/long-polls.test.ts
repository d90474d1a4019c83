/** Long polls: answered the moment there is something, and not a moment before they must. */
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

/** A manual clock that tells how many receivers are asleep: each of them has set it one alarm. */
function watchedClock(): { clock: ManualClock; asleep: (count: number) => Promise<void> } {
  const inner = manualClock();
  let alarms = 0;
  const at: Clock['at'] = (atMs, action) => {
    alarms++;
    let pending = true;
    const settle = () => {
      if (pending) alarms--;
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
  const asleep = (count: number) =>
    vi.waitUntil(() => alarms === count, { interval: 1, timeout: 10_000 }).then(() => {});
  return { clock: { ...inner, at }, asleep };
}

describe('a long poll', () => {
  it('is answered when a message is sent', async () => {
    const { clock, asleep } = watchedClock();
    const { client } = await startWithClient({ clock });
    const QueueUrl = await createQueue(client);
    const polling = receive(client, QueueUrl, { WaitTimeSeconds: 20 });
    await asleep(1);
    await send(client, QueueUrl, 'news');
    expect(bodiesOf(await polling)).toEqual(['news']);
  });

  it('is answered empty when its time is over', async () => {
    const { clock, asleep } = watchedClock();
    const { client } = await startWithClient({ clock });
    const QueueUrl = await createQueue(client, { ReceiveMessageWaitTimeSeconds: '20' });
    const polling = receive(client, QueueUrl);
    await asleep(1);
    clock.advance(20_000);
    expect(await polling).toEqual([]);
  });

  it('is answered when a hidden message shows', async () => {
    const { clock, asleep } = watchedClock();
    const { client } = await startWithClient({ clock });
    const QueueUrl = await createQueue(client, { VisibilityTimeout: '10' });
    await send(client, QueueUrl, 'again');
    await receive(client, QueueUrl);
    const polling = receive(client, QueueUrl, { WaitTimeSeconds: 20 });
    await asleep(1);
    clock.advance(10_000);
    expect(bodiesOf(await polling)).toEqual(['again']);
  });

  it('is answered when a message becomes a dead letter', async () => {
    const { clock, asleep } = watchedClock();
    const { client } = await startWithClient({ clock });
    const { queueUrl, deadLettersUrl } = await createQueueWithDeadLetters(client, 1);
    await send(client, queueUrl, 'poison');
    await receive(client, queueUrl, { VisibilityTimeout: 5 });
    const polling = receive(client, deadLettersUrl, { WaitTimeSeconds: 20 });
    await asleep(1);
    clock.advance(5000);
    expect(await receive(client, queueUrl)).toEqual([]);
    expect(bodiesOf(await polling)).toEqual(['poison']);
  });

  it('gives one message to one of many receivers', async () => {
    const { clock, asleep } = watchedClock();
    const { client } = await startWithClient({ clock });
    const QueueUrl = await createQueue(client);
    const polls = Array.from({ length: 5 }, () => receive(client, QueueUrl, { WaitTimeSeconds: 20 }));
    await asleep(5);
    await send(client, QueueUrl, 'only one');
    await asleep(4);
    clock.advance(20_000);
    const got = (await Promise.all(polls)).map((messages) => messages.length).sort();
    expect(got).toEqual([0, 0, 0, 0, 1]);
  });

  it('hands out nothing to a receiver that has hung up', async () => {
    const { clock, asleep } = watchedClock();
    const { client } = await startWithClient({ clock });
    const QueueUrl = await createQueue(client);
    const hangUp = new AbortController();
    const ask = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 });
    const polling = client.send(ask, { abortSignal: hangUp.signal });
    await asleep(1);
    hangUp.abort();
    await expect(polling).rejects.toMatchObject({ name: 'AbortError' });
    await asleep(0);
    await send(client, QueueUrl, 'kept');
    expect(await countsOf(client, QueueUrl)).toEqual([1, 0, 0]);
  });
});
