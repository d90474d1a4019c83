import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CheckpointStore, openCheckpoints } from '#local/event-sources/kinesis/checkpoints.ts';
import { type KinesisMappingConfig, startKinesisMapping } from '#local/event-sources/kinesis/mapping.ts';
import type { Invocation } from '#local/lambda/invocation.ts';
import { fakeStream } from '#test/support/fake-stream.ts';
import { steppedClock } from '#test/support/stepped-clock.ts';

const ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/events';
const S0 = 'shardId-000000000000';
const S1 = 'shardId-000000000001';
const S2 = 'shardId-000000000002';

const OK: Invocation = { ok: true, payload: null };
const FAILED: Invocation = { ok: false, error: { errorType: 'Error', errorMessage: 'no', trace: [] } };
const failuresAt = (...ids: (string | null)[]): Invocation => ({
  ok: true,
  payload: { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) },
});

interface SentRecord {
  readonly kinesis: { readonly data: string; readonly sequenceNumber: string; readonly partitionKey: string };
}
type Answer = (texts: readonly string[], records: readonly SentRecord[]) => Invocation | Promise<Invocation>;

const textsOf = (records: readonly SentRecord[]) =>
  records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString());

/** A mapping over an in-memory stream, with the test's function. */
function world(shardIds: readonly string[] = [S0], pageSize?: number) {
  const clock = steppedClock();
  const stream = fakeStream(clock, shardIds, pageSize);
  const checkpoints = openCheckpoints();
  const batches: string[][] = [];
  const events: unknown[] = [];
  const notices: unknown[] = [];
  const errors: string[] = [];
  let rejectNotices = 0;

  function start(
    config: Partial<KinesisMappingConfig> = {},
    answer: Answer = () => OK,
    store: CheckpointStore = checkpoints,
  ) {
    return startKinesisMapping(
      {
        uuid: 'm',
        streamName: 'events',
        streamArn: ARN,
        functionName: 'count-events',
        batchSize: 100,
        batchingWindowMs: 0,
        startingPosition: 'TRIM_HORIZON',
        parallelizationFactor: 1,
        bisectBatchOnFunctionError: false,
        maximumRetryAttempts: -1,
        maximumRecordAgeSeconds: -1,
        reportBatchItemFailures: false,
        onFailureQueueUrl: 'http://queue',
        ...config,
      },
      {
        kinesis: stream,
        checkpoints: store,
        clock,
        onError: (what) => errors.push(what),
        failureQueue: {
          async send(_queueUrl, notice) {
            if (rejectNotices-- > 0) throw new Error('the queue is unreachable');
            notices.push(JSON.parse(notice));
          },
        },
        async invoke(event) {
          const { Records } = event as { Records: readonly SentRecord[] };
          events.push(event);
          batches.push(textsOf(Records));
          return await answer(textsOf(Records), Records);
        },
      },
    );
  }
  const putAll = (texts: string, shardId = S0) => [...texts].map((text) => stream.put(shardId, text, text));
  const rejectNext = (count: number) => {
    rejectNotices = count;
  };
  return { clock, stream, checkpoints, batches, events, notices, errors, start, putAll, rejectNext };
}

describe('a Kinesis event', () => {
  it('has the shape that AWS documents', async () => {
    const w = world();
    const sequenceNumber = w.stream.put(S0, 'sz01', '行 1');
    const mapping = w.start();
    await w.clock.advance(0);
    await mapping.close();
    expect(w.events).toStrictEqual([
      {
        Records: [
          {
            kinesis: {
              kinesisSchemaVersion: '1.0',
              partitionKey: 'sz01',
              sequenceNumber,
              data: Buffer.from('行 1').toString('base64'),
              approximateArrivalTimestamp: Date.UTC(2026, 0, 1) / 1000,
            },
            eventSource: 'aws:kinesis',
            eventVersion: '1.0',
            eventID: `${S0}:${sequenceNumber}`,
            eventName: 'aws:kinesis:record',
            invokeIdentityArn: 'arn:aws:iam::000000000000:role/count-events',
            awsRegion: 'us-east-1',
            eventSourceARN: ARN,
          },
        ],
      },
    ]);
  });
});

describe('batches', () => {
  it('have at most the batch size and keep the order of the shard', async () => {
    const w = world();
    w.putAll('abcdefg');
    const mapping = w.start({ batchSize: 3 });
    await w.clock.advance(0);
    await mapping.close();
    expect(w.batches).toEqual([['a', 'b', 'c'], ['d', 'e', 'f'], ['g']]);
  });

  it('wait for their window, unless they are full earlier', async () => {
    const w = world();
    const mapping = w.start({ batchSize: 3, batchingWindowMs: 5_000 });
    w.putAll('a');
    await w.clock.advance(2_000);
    w.putAll('b');
    await w.clock.advance(2_000);
    expect(w.batches).toEqual([]);
    await w.clock.advance(1_000);
    expect(w.batches).toEqual([['a', 'b']]);
    w.putAll('cdef');
    await w.clock.advance(1_000);
    expect(w.batches).toEqual([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ]);
    await mapping.close();
  });

  it('end where the event would exceed 6 MB', async () => {
    const w = world();
    const mebi = 'x'.repeat(1024 * 1024);
    for (let n = 0; n < 6; n++) w.stream.put(S0, 'k', mebi);
    const mapping = w.start();
    await w.clock.advance(0);
    await mapping.close();
    // In base64 a mebibyte is a third larger, so only four fit.
    expect(w.batches.map((batch) => batch.length)).toEqual([4, 2]);
  });

  it('accumulate while the previous one is under way, and never overtake it', async () => {
    const w = world();
    const first = Promise.withResolvers<Invocation>();
    const mapping = w.start({}, (texts) => (texts[0] === 'a' ? first.promise : OK));
    w.putAll('a');
    await w.clock.advance(1_000);
    w.putAll('b');
    await w.clock.advance(1_000);
    w.putAll('c');
    await w.clock.advance(1_000);
    expect(w.batches).toEqual([['a']]);
    first.resolve(OK);
    await w.clock.advance(0);
    expect(w.batches).toEqual([['a'], ['b', 'c']]);
    await mapping.close();
  });
});

describe('polling', () => {
  it('reads a shard once a second when it has no more records', async () => {
    const w = world();
    const mapping = w.start();
    await w.clock.advance(10_000);
    await mapping.close();
    expect(w.stream.readCount()).toBe(11);
  });

  it('reads without waiting a second while a shard is behind', async () => {
    const w = world([S0], 2);
    w.putAll('abcdef');
    const mapping = w.start();
    await w.clock.advance(500);
    await mapping.close();
    expect(w.batches.flat().join('')).toBe('abcdef');
  });

  it('continues after a failed read at the same position', async () => {
    const w = world();
    const mapping = w.start();
    w.putAll('a');
    await w.clock.advance(0);
    w.stream.failReads(
      Object.assign(new Error('old'), { name: 'ExpiredIteratorException' }),
      new Error('away'),
    );
    w.putAll('b');
    await w.clock.advance(3_000);
    await mapping.close();
    expect(w.batches).toEqual([['a'], ['b']]);
    expect(w.errors).toEqual([`reading ${S0}`, `reading ${S0}`]);
  });
});

describe('lanes', () => {
  it('keep each key in order and let other keys overtake a slow one', async () => {
    const w = world();
    const slow = Promise.withResolvers<Invocation>();
    const seen: string[] = [];
    const mapping = w.start({ parallelizationFactor: 10, batchSize: 1 }, (texts) => {
      seen.push(...texts);
      return texts[0] === 'a1' ? slow.promise : OK;
    });
    for (const text of ['a1', 'b1', 'c1', 'a2', 'b2', 'c2']) w.stream.put(S0, text.charAt(0), text);
    await w.clock.advance(0);
    expect(seen).not.toContain('a2');
    expect(seen.filter((text) => text.startsWith('b'))).toEqual(['b1', 'b2']);
    expect(seen.filter((text) => text.startsWith('c'))).toEqual(['c1', 'c2']);
    slow.resolve(OK);
    await w.clock.advance(0);
    expect(seen).toContain('a2');
    await mapping.close();
  });

  it('move the checkpoint only up to the oldest record under way', async () => {
    const w = world();
    const slow = Promise.withResolvers<Invocation>();
    const [before, , last] = ['b', 'a', 'c'].map((key) => w.stream.put(S0, key, key));
    const mapping = w.start({ parallelizationFactor: 10, batchSize: 1 }, (texts) =>
      texts[0] === 'a' ? slow.promise : OK,
    );
    await w.clock.advance(0);
    expect(w.checkpoints.read('m', S0)).toEqual({ kind: 'after', sequenceNumber: before });
    slow.resolve(OK);
    await w.clock.advance(0);
    expect(w.checkpoints.read('m', S0)).toEqual({ kind: 'after', sequenceNumber: last });
    await mapping.close();
  });
});

describe('a failed batch', () => {
  it('is retried whole with backoff, and blocks the records behind it', async () => {
    const w = world();
    w.putAll('ab');
    let failures = 3;
    const mapping = w.start({ batchSize: 2 }, () => (failures-- > 0 ? FAILED : OK));
    await w.clock.advance(0);
    w.putAll('c');
    expect(w.batches).toHaveLength(1);
    await w.clock.advance(100);
    expect(w.batches).toHaveLength(2);
    await w.clock.advance(199);
    expect(w.batches).toHaveLength(2);
    await w.clock.advance(1);
    expect(w.batches).toHaveLength(3);
    await w.clock.advance(2_000);
    expect(w.batches).toEqual([['a', 'b'], ['a', 'b'], ['a', 'b'], ['a', 'b'], ['c']]);
    await mapping.close();
  });

  it('is reported to the queue in the documented shape when its retries are exhausted, and the shard continues', async () => {
    const w = world();
    const [first] = w.putAll('a');
    await w.clock.advance(10);
    const [last] = w.putAll('b');
    const mapping = w.start({ batchSize: 2, maximumRetryAttempts: 2 }, (texts) =>
      texts[0] === 'a' ? FAILED : OK,
    );
    await w.clock.advance(300);
    w.putAll('c');
    await w.clock.advance(1_000);
    await mapping.close();
    expect(w.batches).toEqual([['a', 'b'], ['a', 'b'], ['a', 'b'], ['c']]);
    expect(w.notices).toStrictEqual([
      {
        requestContext: {
          requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:count-events',
          condition: 'RetryAttemptsExhausted',
          approximateInvokeCount: 3,
        },
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        version: '1.0',
        timestamp: '2026-01-01T00:00:00.310Z',
        KinesisBatchInfo: {
          shardId: S0,
          startSequenceNumber: first,
          endSequenceNumber: last,
          approximateArrivalOfFirstRecord: '2026-01-01T00:00:00.000Z',
          approximateArrivalOfLastRecord: '2026-01-01T00:00:00.010Z',
          batchSize: 2,
          streamArn: ARN,
        },
      },
    ]);
  });

  it('is halved until the bad record is alone, and halving costs no retry', async () => {
    const w = world();
    const sequenceNumbers = w.putAll('abcPefgh');
    const mapping = w.start({ bisectBatchOnFunctionError: true, maximumRetryAttempts: 1 }, (texts) =>
      texts.includes('P') ? FAILED : OK,
    );
    await w.clock.advance(1_000);
    await mapping.close();
    expect(w.batches.map((batch) => batch.join(''))).toEqual([
      'abcPefgh',
      'abcP',
      'ab',
      'cP',
      'c',
      'P',
      'P',
      'efgh',
    ]);
    expect(w.notices).toHaveLength(1);
    expect(w.notices[0]).toMatchObject({
      KinesisBatchInfo: {
        startSequenceNumber: sequenceNumbers[3],
        endSequenceNumber: sequenceNumbers[3],
        batchSize: 1,
      },
    });
    expect(w.checkpoints.read('m', S0)).toEqual({ kind: 'after', sequenceNumber: sequenceNumbers[7] });
  });

  it('is discarded beyond the maximum age with its own condition, and younger records continue', async () => {
    const w = world();
    w.putAll('ab');
    await w.clock.advance(61_000);
    w.putAll('c');
    const mapping = w.start({ maximumRecordAgeSeconds: 60 });
    await w.clock.advance(0);
    await mapping.close();
    expect(w.batches).toEqual([['c']]);
    expect(w.notices).toMatchObject([
      {
        requestContext: { condition: 'RecordAgeExceeded', approximateInvokeCount: 0 },
        KinesisBatchInfo: { batchSize: 2 },
      },
    ]);
    expect(w.notices[0]).not.toHaveProperty('responseContext');
  });

  it('is done only when the queue has accepted the notice', async () => {
    const w = world();
    const [only] = w.putAll('a');
    w.rejectNext(2);
    const mapping = w.start({ maximumRetryAttempts: 0 }, () => FAILED);
    await w.clock.advance(299);
    expect(w.checkpoints.read('m', S0)).toBeUndefined();
    await w.clock.advance(1);
    expect(w.checkpoints.read('m', S0)).toEqual({ kind: 'after', sequenceNumber: only });
    expect(w.notices).toHaveLength(1);
    expect(w.batches).toHaveLength(1);
    await mapping.close();
  });
});

describe('ReportBatchItemFailures', () => {
  const reporting = { reportBatchItemFailures: true };

  it('moves the checkpoint before the lowest failure and retries from there', async () => {
    const w = world();
    const [, b, c, d] = w.putAll('abcde');
    let failures = 1;
    const mapping = w.start(reporting, () => (failures-- > 0 ? failuresAt(d ?? '', c ?? '') : OK));
    await w.clock.advance(0);
    expect(w.checkpoints.read('m', S0)).toEqual({ kind: 'after', sequenceNumber: b });
    await w.clock.advance(100);
    await mapping.close();
    expect(w.batches.map((batch) => batch.join(''))).toEqual(['abcde', 'cde']);
  });

  it('splits at the failure where bisecting is on, and halves a batch that failed at its head', async () => {
    const w = world();
    w.putAll('abPdef');
    const mapping = w.start(
      { ...reporting, bisectBatchOnFunctionError: true, maximumRetryAttempts: 1 },
      (texts, records) => {
        const bad = records[texts.indexOf('P')];
        return bad === undefined ? OK : failuresAt(bad.kinesis.sequenceNumber);
      },
    );
    await w.clock.advance(1_000);
    await mapping.close();
    expect(w.batches.map((batch) => batch.join(''))).toEqual(['abPdef', 'Pdef', 'Pd', 'P', 'P', 'd', 'ef']);
    // The function responded every time, so the notice has no function error.
    expect(w.notices).toMatchObject([
      { responseContext: { functionError: null }, KinesisBatchInfo: { batchSize: 1 } },
    ]);
  });

  it.each([
    ['an empty identifier', failuresAt('')],
    ['a null identifier', failuresAt(null)],
    ['an identifier that was not in the batch', failuresAt('1')],
    ['a wrong key', { ok: true, payload: { batchItemFailures: [{ id: '1' }] } } as const],
    ['something that is not a list', { ok: true, payload: { batchItemFailures: 'a' } } as const],
  ])('treats %s as a failure of the whole batch', async (_what, answer: Invocation) => {
    const w = world();
    w.putAll('ab');
    const mapping = w.start(reporting, () => answer);
    await w.clock.advance(100);
    await mapping.close();
    expect(w.batches).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(w.checkpoints.read('m', S0)).toBeUndefined();
  });

  it.each([
    ['nothing', OK],
    ['an empty list', failuresAt()],
    ['a null list', { ok: true, payload: { batchItemFailures: null } } as const],
    ['an empty object', { ok: true, payload: {} } as const],
  ])('treats %s as success', async (_what, answer: Invocation) => {
    const w = world();
    const [, last] = w.putAll('ab');
    const mapping = w.start(reporting, () => answer);
    await w.clock.advance(100);
    await mapping.close();
    expect(w.checkpoints.read('m', S0)).toEqual({ kind: 'after', sequenceNumber: last });
  });
});

describe('a reshard', () => {
  it('starts a merged child only when both parents are finished', async () => {
    const w = world([S0, S1]);
    const held = Promise.withResolvers<Invocation>();
    const mapping = w.start({}, (texts) => (texts[0] === 'b' ? held.promise : OK));
    w.putAll('a', S0);
    w.putAll('b', S1);
    w.stream.reshard([S0, S1], [S2]);
    w.putAll('c', S2);
    await w.clock.advance(60_000);
    expect(w.batches.flat().sort()).toEqual(['a', 'b']);
    held.resolve(OK);
    await w.clock.advance(0);
    expect(w.batches.flat().sort()).toEqual(['a', 'b', 'c']);
    expect(w.checkpoints.read('m', S1)).toEqual({ kind: 'finished' });
    await mapping.close();
  });

  it('does not wait for a window at the end of a closed shard', async () => {
    const w = world();
    w.putAll('a');
    w.stream.reshard([S0], [S1, S2]);
    w.putAll('b', S1);
    const mapping = w.start({ batchingWindowMs: 300_000 });
    await w.clock.advance(0);
    expect(w.batches).toEqual([['a']]);
    await mapping.close();
  });
});

describe('a mapping', () => {
  it('continues after a restart behind the last successful batch', async () => {
    const w = world();
    w.putAll('abcd');
    const mapping = w.start({ batchSize: 2 }, (texts) => (texts[0] === 'c' ? FAILED : OK));
    await w.clock.advance(0);
    await mapping.close();
    w.batches.length = 0;
    const again = w.start({ batchSize: 2 });
    await w.clock.advance(0);
    await again.close();
    expect(w.batches).toEqual([['c', 'd']]);
  });

  it('reads only later records when it starts at the tip, and all records of later shards', async () => {
    const w = world([S0, S1]);
    w.putAll('a', S0);
    w.stream.reshard([S0], [S2]);
    w.putAll('b', S1);
    w.putAll('c', S2);
    const mapping = w.start({ startingPosition: 'LATEST' });
    await w.clock.advance(1_000);
    w.putAll('d', S1);
    w.putAll('e', S2);
    w.stream.reshard([S1, S2], ['shardId-000000000003']);
    w.putAll('f', 'shardId-000000000003');
    await w.clock.advance(1_000);
    await mapping.close();
    expect(w.batches.flat().sort()).toEqual(['d', 'e', 'f']);
  });

  it('waits on close for the batch under way, writes its checkpoint and leaves no timer', async () => {
    const w = world();
    const held = Promise.withResolvers<Invocation>();
    const [last] = w.putAll('a');
    const mapping = w.start({ batchingWindowMs: 100 }, () => held.promise);
    await w.clock.advance(100);
    let closed = false;
    const closing = mapping.close().then(() => {
      closed = true;
    });
    await w.clock.advance(0);
    expect(closed).toBe(false);
    held.resolve(OK);
    await closing;
    expect(w.checkpoints.read('m', S0)).toEqual({ kind: 'after', sequenceNumber: last });
    expect(w.clock.pending()).toBe(0);
  });

  it('leaves no timer when it is closed during a retry, a window or a poll', async () => {
    const w = world([S0, S1, S2]);
    const mapping = w.start({ batchingWindowMs: 5_000, batchSize: 2 }, () => FAILED);
    w.putAll('ab', S0);
    w.putAll('c', S1);
    await w.clock.advance(1_000);
    expect(w.clock.pending()).toBeGreaterThan(3);
    await mapping.close();
    expect(w.clock.pending()).toBe(0);
  });

  it('delivers every record, each key in order, through any failures and restarts', async () => {
    const plan = fc.record({
      keys: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 40 }),
      outcomes: fc.array(fc.constantFrom('ok', 'fail', 'some', 'restart'), { maxLength: 40 }),
      parallelizationFactor: fc.integer({ min: 1, max: 4 }),
      batchSize: fc.integer({ min: 1, max: 10 }),
      bisectBatchOnFunctionError: fc.boolean(),
      splitAt: fc.nat(40),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ keys, outcomes, splitAt, ...config }) => {
        const w = world();
        const left = [...outcomes];
        const handled = new Map<string, number>();
        const lastByKey = new Map<string, number>();
        const inOrder: boolean[] = [];
        /** A replay may repeat records, but no record is first delivered before an earlier one. */
        const handle = (text: string) => {
          const [key = '', n = ''] = text.split('-');
          const before = lastByKey.get(key) ?? -1;
          if (!handled.has(text)) {
            inOrder.push(Number(n) > before);
            lastByKey.set(key, Number(n));
          }
          handled.set(text, (handled.get(text) ?? 0) + 1);
        };
        let restart = false;
        const begin = () =>
          w.start({ ...config, reportBatchItemFailures: true }, (texts, records) => {
            const outcome = left.shift() ?? 'ok';
            if (outcome === 'restart') restart = true;
            if (outcome === 'fail') return FAILED;
            const upTo = outcome === 'some' ? Math.floor(texts.length / 2) : texts.length;
            for (const text of texts.slice(0, upTo)) handle(text);
            const bad = records[upTo];
            return bad === undefined ? OK : failuresAt(bad.kinesis.sequenceNumber);
          });
        let mapping = begin();
        for (const [n, key] of keys.entries()) {
          if (n === splitAt) w.stream.reshard([S0], [S1]);
          w.stream.put(n < splitAt ? S0 : S1, key, `${key}-${n}`);
        }
        for (let minutes = 0; minutes < 30; minutes++) {
          await w.clock.advance(60_000);
          if (!restart) continue;
          restart = false;
          await mapping.close();
          mapping = begin();
        }
        await mapping.close();
        expect([...handled.keys()].sort()).toEqual(keys.map((key, n) => `${key}-${n}`).sort());
        expect(inOrder).not.toContain(false);
      }),
      { numRuns: 60 },
    );
  });
});
