/**
 * Measures the time from a till's POST until the figure is readable. Receipts are posted one by one to a local cloud, at 1 and
 * at 50 a second, with the deployed batching; a reader polls the store's and the chain's figures.
 *
 *   npm run bench:freshness [-- --seconds 30]
 *
 * The n-th receipt is readable when the figures have n transactions, so the reader's own pause is included. Compared in the
 * same run: the response of the POST (durable, not yet counted), the store's figure, and the chain's, three roll-ups later.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { FiguresResponse } from '#contracts/http/figures.ts';
import { aisle, type CloudProcess, startCloudProcess } from '#test/support/cloud-process.ts';
import { machine, percentile } from './support.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '30' } } });
const SECONDS = Number(values.seconds);
const RATES = [1, 50];
const READ_PAUSE_MS = 25;
const WAIT_MS_MAX = 30_000;

const work = mkdtempSync(join(tmpdir(), 'aisle-bench-'));
const cloud = await startCloudProcess(join(work, 'data'));
try {
  await run(['chain', 'set', '--name', 'bench', '--currency', 'CNY']);
  console.log(`${machine()}; ${SECONDS} s per row; milliseconds from the start of the POST\n`);
  console.log('receipts/s |   response p50   p99 |      store p50   p99 |      chain p50   p99');
  for (const rate of RATES) await row(rate);
} finally {
  await cloud.stop();
  rmSync(work, { recursive: true, force: true });
}

async function run(args: readonly string[]): Promise<string> {
  const { code, output } = await aisle([...args, '--data', cloud.dataDir]).done;
  if (code !== 0) throw new Error(output);
  return output;
}

async function row(rate: number): Promise<void> {
  const store = `s${rate}`;
  await run([
    'stores',
    'put',
    '--id',
    store,
    '--name',
    store,
    '--city',
    store,
    '--region',
    store,
    '--time-zone',
    'UTC',
    '--tills',
    '1',
  ]);
  const key = /aisle_\S+/.exec(
    await run(['keys', 'issue', '--store', store, '--device', `till-${store}`, '--kinds', 'receipts']),
  )?.[0];
  await post(store, key ?? '', 0);
  const read = await reader(cloud);
  const day = new Date().toISOString().slice(0, 10);
  const count = rate * SECONDS;
  const startedAt: number[] = [];
  const responseMs: number[] = [];
  const seen = { store: new Map<number, number>(), chain: new Map<number, number>() };
  const before = {
    store: await stableCount(() => read(`store:${store}`, day)),
    chain: await stableCount(() => read('chain', day)),
  };

  const watching = Promise.all(
    (['store', 'chain'] as const).map(async (level) => {
      const scope = level === 'store' ? `store:${store}` : 'chain';
      let readable = 0;
      const until = performance.now() + SECONDS * 1000 + WAIT_MS_MAX;
      while (readable < count && performance.now() < until) {
        const now = (await read(scope, day)) - before[level];
        for (; readable < now; readable++) seen[level].set(readable, performance.now());
        await pause(READ_PAUSE_MS);
      }
      if (readable < count)
        throw new Error(
          `${count - readable} of ${count} receipts are missing in the figures of the ${level}`,
        );
    }),
  );
  const posts: Promise<void>[] = [];
  const zero = performance.now();
  for (let index = 0; index < count; index++) {
    const due = zero + (index * 1000) / rate;
    if (due > performance.now()) await pause(due - performance.now());
    startedAt[index] = performance.now();
    posts.push(
      post(store, key ?? '', index + 1).then(() => {
        responseMs[index] = performance.now() - (startedAt[index] ?? 0);
      }),
    );
  }
  await Promise.all(posts);
  await watching;
  const taken = (level: 'store' | 'chain'): number[] =>
    startedAt.map((started, index) => (seen[level].get(index) ?? Number.NaN) - started);
  console.log(
    `${String(rate).padStart(10)} | ${pair(responseMs)} | ${pair(taken('store'))} | ${pair(taken('chain'))}`,
  );
}

function pair(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const write = (share: number, width: number): string =>
    percentile(sorted, share).toFixed(0).padStart(width);
  return `${write(0.5, 14)} ${write(0.99, 5)}`;
}

async function post(store: string, key: string, index: number): Promise<void> {
  const closedAt = new Date().toISOString();
  const receipt = {
    till: '1',
    receiptNo: `${store}-${index}`,
    closedAt,
    lines: [{ product: `P${index % 40}`, name: 'A product', quantity: 1, unitPrice: '19.99' }],
  };
  const answer = await fetch(`${cloud.url}/v1/receipts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ receipts: [receipt] }),
  });
  if (answer.status !== 202) throw new Error(`POST ${answer.status}: ${await answer.text()}`);
}

/** Returns a function that reads the number of transactions of a scope and day. */
async function reader(from: CloudProcess): Promise<(scope: string, day: string) => Promise<number>> {
  const authorization = `Bearer ${await from.token('boss')}`;
  return async (scope, day) => {
    const answer = await fetch(
      `${from.url}/v1/figures?${new URLSearchParams({ scope, from: day, to: day })}`,
      {
        headers: { authorization },
      },
    );
    const body = (await answer.json()) as FiguresResponse;
    return Number(body.total?.figures['transactions']?.value ?? 0);
  };
}

/** Returns the count once it no longer changes; it includes the first receipt, which was sent as a warm-up. */
async function stableCount(count: () => Promise<number>): Promise<number> {
  for (let last = -1; ; ) {
    const now = await count();
    if (now > 0 && now === last) return now;
    last = now;
    await pause(3_000);
  }
}
