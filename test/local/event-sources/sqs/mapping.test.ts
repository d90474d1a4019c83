import { describe, expect, it } from 'vitest';
import { toSqsItem } from '#local/event-sources/sqs/event.ts';
import { type SqsMappingConfig, startSqsMapping } from '#local/event-sources/sqs/mapping.ts';
import type { Invocation } from '#local/lambda/invocation.ts';
import { fakeQueue } from '#test/support/fake-queue.ts';
import { steppedClock } from '#test/support/stepped-clock.ts';

const ARN = 'arn:aws:sqs:us-east-1:000000000000:cells-changed';
const OK: Invocation = { ok: true, payload: null };
const FAILED: Invocation = { ok: false, error: { errorType: 'Error', errorMessage: 'no', trace: [] } };
const failuresAt = (...ids: string[]): Invocation => ({
  ok: true,
  payload: { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) },
});

function world() {
  const clock = steppedClock();
  const queue = fakeQueue(clock);
  const batches: string[][] = [];
  const errors: string[] = [];
  const start = (
    config: Partial<SqsMappingConfig> = {},
    answer: (ids: readonly string[]) => Invocation | Promise<Invocation> = () => OK,
  ) =>
    startSqsMapping(
      {
        queueUrl: 'http://queue',
        queueArn: ARN,
        batchSize: 10,
        batchingWindowMs: 0,
        maximumConcurrency: 1,
        reportBatchItemFailures: false,
        ...config,
      },
      {
        sqs: queue,
        clock,
        onError: (what) => errors.push(what),
        async invoke(event) {
          const ids = (event as { Records: { messageId: string }[] }).Records.map(
            ({ messageId }) => messageId,
          );
          batches.push(ids);
          return await answer(ids);
        },
      },
    );
  return { clock, queue, batches, errors, start };
}

const numbered = (count: number) => Array.from({ length: count }, (_, n) => `m${n}`);

describe('an SQS event', () => {
  it('has the shape that AWS documents', () => {
    const item = toSqsItem(
      {
        MessageId: 'id',
        ReceiptHandle: 'handle',
        Body: '{"a":1}',
        MD5OfBody: 'md5',
        Attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1545082649183' },
        MessageAttributes: {
          word: { DataType: 'String', StringValue: '店' },
          bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
        },
      },
      ARN,
    );
    expect(item.eventRecord).toStrictEqual({
      messageId: 'id',
      receiptHandle: 'handle',
      body: '{"a":1}',
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1545082649183' },
      messageAttributes: {
        word: { stringValue: '店', stringListValues: [], binaryListValues: [], dataType: 'String' },
        bytes: { binaryValue: 'AQI=', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
      },
      md5OfBody: 'md5',
      eventSource: 'aws:sqs',
      eventSourceARN: ARN,
      awsRegion: 'us-east-1',
    });
  });
});

describe('a batch of messages', () => {
  it('is delivered at once where there is no window, with the messages of one receive', async () => {
    const w = world();
    const mapping = w.start();
    await w.clock.advance(5_000);
    w.queue.put(...numbered(12));
    await w.clock.advance(10);
    expect(w.batches.map((batch) => batch.length)).toEqual([10, 2]);
    await mapping.close();
  });

  it('is filled by several receives when it holds more than ten, and delivered when it is full', async () => {
    const w = world();
    w.queue.put(...numbered(60));
    const mapping = w.start({ batchSize: 25, batchingWindowMs: 1_000 });
    await w.clock.advance(0);
    expect(w.batches.map((batch) => batch.length)).toEqual([25, 25]);
    await w.clock.advance(1_000);
    expect(w.batches.flat()).toEqual(numbered(60));
    await mapping.close();
  });

  it('is delivered when its window is over, which opens with the first message', async () => {
    const w = world();
    const mapping = w.start({ batchSize: 1000, batchingWindowMs: 1_000 });
    await w.clock.advance(30_000);
    w.queue.put('a');
    await w.clock.advance(500);
    w.queue.put('b');
    await w.clock.advance(400);
    expect(w.batches).toEqual([]);
    await w.clock.advance(200);
    expect(w.batches).toEqual([['a', 'b']]);
    await mapping.close();
  });

  it('is deleted when the function succeeds, and redelivered when it fails', async () => {
    const w = world();
    w.queue.put(...numbered(20));
    const mapping = w.start({}, (ids) => (ids.includes('m3') ? FAILED : OK));
    await w.clock.advance(0);
    await mapping.close();
    expect(w.queue.removed).toEqual(numbered(20).slice(10));
  });

  it('is deleted except for the items that the function reports as failed', async () => {
    const w = world();
    w.queue.put('a', 'b', 'c');
    const mapping = w.start({ reportBatchItemFailures: true }, () => failuresAt('b'));
    await w.clock.advance(0);
    await mapping.close();
    expect(w.queue.removed).toEqual(['a', 'c']);
  });

  it('is kept whole when the response names an item that was not in it', async () => {
    const w = world();
    w.queue.put('a', 'b');
    const mapping = w.start({ reportBatchItemFailures: true }, () => failuresAt('z'));
    await w.clock.advance(0);
    await mapping.close();
    expect(w.batches).toHaveLength(1);
    expect(w.queue.removed).toEqual([]);
  });
});

describe('an SQS mapping', () => {
  it('runs at most its maximum of invocations at once', async () => {
    const w = world();
    const gates = Array.from({ length: 3 }, () => Promise.withResolvers<Invocation>());
    w.queue.put(...numbered(3));
    const mapping = w.start({ batchSize: 1, maximumConcurrency: 2 }, async ([id]) => {
      return (await gates[Number(id?.slice(1))]?.promise) ?? OK;
    });
    await w.clock.advance(0);
    expect(w.batches).toEqual([['m0'], ['m1']]);
    gates[1]?.resolve(OK);
    await w.clock.advance(0);
    expect(w.batches).toEqual([['m0'], ['m1'], ['m2']]);
    for (const gate of gates) gate.resolve(OK);
    await mapping.close();
    expect(w.queue.removed.sort()).toEqual(numbered(3));
  });

  it('keeps polling an unreachable queue, with a pause', async () => {
    const w = world();
    w.queue.failReceives(2);
    w.queue.put('a');
    const mapping = w.start();
    await w.clock.advance(1_999);
    expect(w.batches).toEqual([]);
    await w.clock.advance(1);
    expect(w.batches).toEqual([['a']]);
    expect(w.errors).toEqual(['receiving messages', 'receiving messages']);
    await mapping.close();
  });

  it('ends its long poll at once when it is closed, and leaves no timer', async () => {
    const w = world();
    const mapping = w.start();
    await w.clock.advance(1_000);
    expect(w.queue.receiveCount()).toBe(1);
    await mapping.close();
    expect(w.clock.pending()).toBe(0);
    expect(w.errors).toEqual([]);
  });

  it('delivers on close the messages of an open window', async () => {
    const w = world();
    w.queue.put('a');
    const mapping = w.start({ batchSize: 100, batchingWindowMs: 60_000 });
    await w.clock.advance(1_000);
    await mapping.close();
    expect(w.queue.removed).toEqual(['a']);
    expect(w.clock.pending()).toBe(0);
  });
});
