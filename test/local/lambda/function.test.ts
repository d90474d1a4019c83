import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type FunctionConfig, type LocalFunction, startFunction } from '#local/lambda/function.ts';
import { PAYLOAD_BYTES_MAX } from '#local/lambda/payload.ts';
import type { LogLine } from '#local/lambda/sandbox.ts';

let folder: string;
let bundles = 0;
const opened: LocalFunction[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aisle-lambda-'));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => Promise.all(opened.splice(0).map((fn) => fn.close())));

async function functionOf(code: string, config: Partial<FunctionConfig> = {}): Promise<LocalFunction> {
  bundles += 1;
  const bundlePath = join(folder, `bundle-${bundles}.mjs`);
  await writeFile(bundlePath, code);
  const fn = startFunction({
    name: 'say',
    bundlePath,
    env: {},
    timeoutMs: 5_000,
    concurrencyMax: 1,
    ...config,
  });
  opened.push(fn);
  return fn;
}

describe('a payload', () => {
  it('is JSON in both directions: dates become text, undefined fields are dropped', async () => {
    const fn = await functionOf(
      'export const handler = async (event) => ({ got: event, at: new Date(0), no: undefined });',
    );
    const outcome = await fn.invoke({ when: new Date(0), nothing: undefined });
    expect(outcome).toStrictEqual({
      ok: true,
      payload: { got: { when: '1970-01-01T00:00:00.000Z' }, at: '1970-01-01T00:00:00.000Z' },
    });
  });

  it('is null when the handler returns nothing, and may be returned synchronously', async () => {
    const fn = await functionOf('export const handler = (event) => event?.value;');
    expect(await fn.invoke({})).toEqual({ ok: true, payload: null });
    expect(await fn.invoke({ value: 7 })).toEqual({ ok: true, payload: 7 });
    expect(await fn.invoke(undefined)).toEqual({ ok: true, payload: null });
  });

  it('is rejected above 6 MB before the function runs', async () => {
    const fn = await functionOf('export const handler = async (event) => event.length;');
    const largest = 'x'.repeat(PAYLOAD_BYTES_MAX - '""'.length);
    expect(await fn.invoke(largest)).toEqual({ ok: true, payload: largest.length });
    expect(await fn.invoke(`${largest}x`)).toMatchObject({
      ok: false,
      error: { errorType: 'RequestEntityTooLargeException' },
    });
  });

  it('fails the invocation when the response exceeds 6 MB or is not JSON', async () => {
    const fn = await functionOf(
      "export const handler = async ({ large }) => (large ? 'x'.repeat(6 * 1024 * 1024 + 100) : { n: 1n });",
    );
    expect(await fn.invoke({ large: true })).toMatchObject({
      ok: false,
      error: { errorType: 'Function.ResponseSizeTooLarge' },
    });
    expect(await fn.invoke({ large: false })).toMatchObject({
      ok: false,
      error: { errorType: 'Runtime.JSONStringifyError' },
    });
  });
});

describe('a failing function', () => {
  it('is reported with the type, message and trace of the thrown value, and keeps its sandbox', async () => {
    const fn = await functionOf(`
      let calls = 0;
      class ShelfError extends Error { name = 'ShelfError'; }
      export const handler = async (event) => {
        calls += 1;
        if (event === 'error') throw new ShelfError('no such shelf');
        if (event === 'string') throw 'just words';
        return calls;
      };`);
    const error = await fn.invoke('error');
    expect(error).toMatchObject({
      ok: false,
      error: { errorType: 'ShelfError', errorMessage: 'no such shelf' },
    });
    expect(!error.ok && error.error.trace.join('\n')).toContain('bundle-');
    expect(await fn.invoke('string')).toEqual({
      ok: false,
      error: { errorType: 'string', errorMessage: 'just words', trace: [] },
    });
    expect(await fn.invoke('count')).toEqual({ ok: true, payload: 3 });
  });

  it('is ended at its timeout with Lambda’s message, and the next event gets a new sandbox', async () => {
    const fn = await functionOf(
      'let calls = 0; export const handler = async (event) => { calls += 1; while (event.spin); return calls; };',
      { timeoutMs: 200 },
    );
    const late = await fn.invoke({ spin: true });
    expect(late).toMatchObject({ ok: false, error: { errorType: 'Sandbox.Timedout' } });
    expect(!late.ok && late.error.errorMessage).toMatch(
      /^RequestId: \S+ Error: Task timed out after 0\.20 seconds$/,
    );
    expect(await fn.invoke({})).toEqual({ ok: true, payload: 1 });
  });

  it.each([
    [
      'exits with status 0',
      'process.exit(0)',
      'Runtime.ExitError',
      'Runtime exited without providing a reason',
    ],
    [
      'exits with another status',
      'process.exit(3)',
      'Runtime.ExitError',
      'Runtime exited with error: exit status 3',
    ],
    ['throws outside the handler', "setTimeout(() => { throw new RangeError('far') })", 'RangeError', 'far'],
    [
      'leaves a rejection unhandled',
      "Promise.reject(new Error('lost'))",
      'Runtime.UnhandledPromiseRejection',
      'Error: lost',
    ],
    [
      'exhausts its memory',
      'const hoard = []; for (;;) hoard.push(new Array(1e5).fill({}))',
      'Runtime.ExitError',
      'Runtime exited with error: signal: killed',
    ],
  ])('fails only the invocation that %s', async (_what, deed, errorType, message) => {
    const fn = await functionOf(
      `export const handler = async (event) => { if (event === 'die') { ${deed}; await new Promise(() => {}); } return 'alive'; };`,
      { memoryMb: 32 },
    );
    const [died, next] = await Promise.all([fn.invoke('die'), fn.invoke('live')]);
    expect(died).toMatchObject({ ok: false, error: { errorType } });
    expect(!died.ok && died.error.errorMessage).toContain(message);
    expect(next).toEqual({ ok: true, payload: 'alive' });
  });

  it.each([
    ['has no such export', 'export const other = 1;', 'Runtime.HandlerNotFound'],
    [
      'has a callback handler',
      'export const handler = (event, context, callback) => {};',
      'Runtime.CallbackHandlerDeprecated',
    ],
    ['cannot be parsed', 'export const handler = ;', 'Runtime.UserCodeSyntaxError'],
    [
      'imports a missing module',
      "import './missing.mjs'; export const handler = () => {};",
      'Runtime.ImportModuleError',
    ],
    ['throws during its initialisation', "throw new TypeError('no table name');", 'TypeError'],
  ])('reports the cause when its bundle %s', async (_what, code, errorType) => {
    const fn = await functionOf(code);
    expect(await fn.invoke({})).toMatchObject({ ok: false, error: { errorType } });
    expect(await fn.invoke({})).toMatchObject({ ok: false, error: { errorType } });
  });
});

describe('a sandbox', () => {
  it('has its own environment and the runtime’s, without the shell’s', async () => {
    vi.stubEnv('AISLE_SECRET_OF_THE_SHELL', 'hush');
    const fn = await functionOf('export const handler = async () => process.env;', {
      env: { CHAIN_TABLE: 'Chain', AWS_REGION: 'eu-west-1', NODE_OPTIONS: '--enable-source-maps' },
      memoryMb: 256,
    });
    const outcome = await fn.invoke({});
    vi.unstubAllEnvs();
    const seen = outcome.ok ? (outcome.payload as Record<string, string>) : {};
    expect(seen).toMatchObject({
      CHAIN_TABLE: 'Chain',
      AWS_REGION: 'eu-west-1',
      TZ: 'UTC',
      AWS_LAMBDA_FUNCTION_NAME: 'say',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    });
    const known =
      /^(AWS_|AISLE_LOCAL|CHAIN_TABLE$|LAMBDA_TASK_ROOT$|_HANDLER$|NODE_OPTIONS$|PATH$|LANG$|TZ$)/;
    expect(Object.keys(seen).filter((name) => !known.test(name))).toEqual([]);
  });

  it('passes Lambda’s context to the handler, with the remaining time', async () => {
    const fn = await functionOf(
      'export const handler = async (_event, context) => ({ ...context, left: context.getRemainingTimeInMillis() });',
      { timeoutMs: 4_000, memoryMb: 192 },
    );
    const outcome = await fn.invoke({});
    const context = outcome.ok ? (outcome.payload as Record<string, unknown>) : {};
    expect(context).toMatchObject({
      functionName: 'say',
      functionVersion: '$LATEST',
      memoryLimitInMB: '192',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:say',
      logGroupName: '/aws/lambda/say',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
    });
    expect(context['left']).toBeGreaterThan(0);
    expect(context['left']).toBeLessThanOrEqual(4_000);
  });

  it('forwards every printed line to the log under the function’s name', async () => {
    const lines: LogLine[] = [];
    const fn = await functionOf(
      "export const handler = async () => { console.log('one\\ntwo 行'); console.error('three'); };",
      { onLog: (line) => lines.push(line) },
    );
    await fn.invoke({});
    await vi.waitFor(() => expect(lines).toHaveLength(3));
    expect(lines.filter(({ stream }) => stream === 'stdout')).toEqual([
      { functionName: 'say', stream: 'stdout', text: 'one' },
      { functionName: 'say', stream: 'stdout', text: 'two 行' },
    ]);
    expect(lines).toContainEqual({ functionName: 'say', stream: 'stderr', text: 'three' });
  });
});

describe('the pool', () => {
  const WHICH_SANDBOX = `
    import { threadId } from 'node:worker_threads';
    export const handler = async () => threadId;`;

  it('reuses a warm sandbox', async () => {
    const fn = await functionOf(WHICH_SANDBOX, { concurrencyMax: 2 });
    const first = await fn.invoke({});
    expect(await fn.invoke({})).toEqual(first);
  });

  it('opens at most the allowed sandboxes and queues further events in order', async () => {
    const fn = await functionOf(
      'export const handler = async (event) => { console.log(event.n); await new Promise((r) => setTimeout(r, 5)); return event.n; };',
      { concurrencyMax: 1 },
    );
    const order: unknown[] = [];
    await Promise.all(
      [1, 2, 3, 4].map(async (n) => {
        const outcome = await fn.invoke({ n });
        order.push(outcome.ok && outcome.payload);
      }),
    );
    expect(order).toEqual([1, 2, 3, 4]);
  });

  it('runs events concurrently up to its concurrency', async () => {
    const fn = await functionOf(WHICH_SANDBOX, { concurrencyMax: 3 });
    const outcomes = await Promise.all([fn.invoke({}), fn.invoke({}), fn.invoke({}), fn.invoke({})]);
    expect(new Set(outcomes.map((outcome) => outcome.ok && outcome.payload)).size).toBe(3);
  });

  it('keeps at most the configured number of idle sandboxes', async () => {
    const fn = await functionOf('let calls = 0; export const handler = async () => ++calls;', { idleMax: 0 });
    expect(await fn.invoke({})).toEqual({ ok: true, payload: 1 });
    expect(await fn.invoke({})).toEqual({ ok: true, payload: 1 });
  });

  it('fails events under way, waiting or late when it is closed', async () => {
    const fn = await functionOf('export const handler = () => new Promise(() => {});');
    const inside = fn.invoke({});
    const waiting = fn.invoke({});
    await fn.close();
    const outcomes = await Promise.all([inside, waiting, fn.invoke({})]);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ ok: false, error: { errorType: 'Sandbox.Closed' } });
  });
});
